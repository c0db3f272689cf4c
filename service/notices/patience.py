"""How long a channel rests after it failed, and for how long a notice is tried: pure."""

from datetime import timedelta

FIRST_REST = timedelta(seconds=5)
LONGEST_REST = timedelta(minutes=15)
GIVES_UP_AFTER = timedelta(days=1)
"""A notice that did not arrive by then is given up, and told on the maintenance page."""


def rest_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row (1 or more): twice as long each time, up to a limit."""
    doublings = min(failures - 1, 30)  # far beyond the limit, and far from an overflow
    return min(LONGEST_REST, FIRST_REST * (1 << doublings))
