"""How long to wait after wrong passwords: not at all at first, then twice as long each time."""

from datetime import datetime, timedelta

FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=30)


def wait_after(failures: int) -> timedelta:
    """Return how long after that many failures in a row the next try is heard."""
    if failures < FREE_TRIES:
        return timedelta(0)
    doublings = min(failures - FREE_TRIES, 16)  # far beyond the longest wait
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def heard_from(failures: int, failed_at: datetime | None) -> datetime | None:
    """Return the time from which on the next try is heard; None when at once."""
    return None if failed_at is None or failures < FREE_TRIES else failed_at + wait_after(failures)
