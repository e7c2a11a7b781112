answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
