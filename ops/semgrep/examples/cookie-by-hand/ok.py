answer.set_cookie("seen", "1", secure=True, httponly=True, samesite="Lax")
