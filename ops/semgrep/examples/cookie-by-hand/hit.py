answer.set_cookie("seen", "1")  # hit
answer.set_cookie("seen", "1", secure=True, samesite="Lax")  # hit
