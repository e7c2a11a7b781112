from datetime import UTC, datetime

now = datetime.now(UTC)  # hit
