from datetime import date, datetime

now = datetime.now()  # hit
now = datetime.utcnow()  # hit
today = date.today()  # hit
then = datetime.fromtimestamp(seconds)  # hit
