import os

key = os.environ["SECRET_KEY"]  # hit
key = os.environ.get("SECRET_KEY")  # hit
key = os.getenv("SECRET_KEY", "")  # hit
