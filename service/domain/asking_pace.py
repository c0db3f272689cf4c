"""How often edges are to ask what is looked at live: each two seconds, and less often where a whole city's ask."""

import threading
from datetime import datetime, timedelta

SOONEST_S, LATEST_S = 2.0, 10.0
MOST_A_SECOND = 50
"""Questions that one service is content with; where more come, edges are told to wait longer."""
COUNTED_FOR = timedelta(seconds=10)


class AskingPace:
    """Counts the questions, and adapts the wait after each `COUNTED_FOR`. Safe to call from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wait_s = SOONEST_S
        self._asked = 0
        self._since: datetime | None = None

    def asked(self, at: datetime) -> float:
        """Somebody asks at `at` (UTC); return the seconds after which they are to ask again."""
        with self._lock:
            if self._since is None or at < self._since:
                self._asked, self._since = 0, at
            counted = at - self._since
            if counted >= COUNTED_FOR:
                self._wait_s = next_wait(self._wait_s, self._asked / counted.total_seconds())
                self._asked, self._since = 0, at
            self._asked += 1
            return self._wait_s


def next_wait(wait_s: float, asked_a_second: float) -> float:
    """Return how long edges are to wait that asked so often while they were told to wait `wait_s`."""
    edges = asked_a_second * wait_s
    return min(LATEST_S, max(SOONEST_S, edges / MOST_A_SECOND))
