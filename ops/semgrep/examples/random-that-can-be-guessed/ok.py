import secrets

token = secrets.token_urlsafe(32)
letter = secrets.choice(LETTERS)
