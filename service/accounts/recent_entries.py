"""Which entries of the audit log are not written again and again: what happened a moment ago is told already."""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

MOST_REMEMBERED = 10_000


class RecentEntries:
    """Remembers what was written down, by a key that the caller chooses. Safe to call from several threads."""

    def __init__(self, again_after: timedelta) -> None:
        self._again_after = again_after
        self._seen: OrderedDict[tuple[str, ...], datetime] = OrderedDict()
        self._lock = threading.Lock()

    def is_recent(self, key: tuple[str, ...], at: datetime) -> bool:
        """Tell whether one like it was written down shortly before this time."""
        with self._lock:
            before = self._seen.get(key)
        return before is not None and at - before < self._again_after

    def remember(self, key: tuple[str, ...], at: datetime) -> None:
        """Take note that it was written down at this time."""
        with self._lock:
            self._seen[key] = at
            self._seen.move_to_end(key)
            while len(self._seen) > MOST_REMEMBERED:
                self._seen.popitem(last=False)
