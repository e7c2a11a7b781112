from datetime import UTC, datetime

now = clock.now()
today = clock.today()
then = datetime.fromtimestamp(seconds, UTC)
