"""When something that failed is tried again: ever more rarely, but it is never given up."""

from datetime import datetime, timedelta

DOUBLINGS = 10  # tries after 1, 3, 7 … minutes, from the tenth on once a day


def due(ordered_at: datetime, attempts: int) -> datetime:
    """Say from when something ordered at an instant may be tried once more."""
    minutes = 2 ** min(attempts, DOUBLINGS) - 1
    days = max(attempts - DOUBLINGS, 0)
    return ordered_at + timedelta(minutes=minutes, days=days)
