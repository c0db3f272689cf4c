"""Which looks at evidence are written down: each once in a while, since a video is asked for in many parts."""

import re
import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from service.accounts.audit import Action, Entry
from service.clock import Clock

AGAIN_AFTER = timedelta(minutes=5)
MOST_REMEMBERED = 10_000
_CASE = re.compile(r"/cases/([0-9]{1,10})/(.+)")


class Looks:
    """Remembers who looked at what a moment ago. Safe to call from several threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: OrderedDict[tuple[str, str, str], datetime] = OrderedDict()
        self._lock = threading.Lock()

    def entry(self, who: str, path: str, address: str) -> Entry:
        """Return the entry that tells of a look at the evidence behind a URL path."""
        found = _CASE.search(path)
        case_id = int(found[1]) if found else None
        return Entry(self._clock(), who, Action.LOOKED, address, case_id, found[2] if found else path)

    def is_recent(self, entry: Entry) -> bool:
        """Tell whether a look like it was written down in the last minutes."""
        with self._lock:
            before = self._seen.get(_key(entry))
        return before is not None and entry.at - before < AGAIN_AFTER

    def remember(self, entry: Entry) -> None:
        """Take note that the look was written down."""
        with self._lock:
            self._seen[_key(entry)] = entry.at
            self._seen.move_to_end(_key(entry))
            while len(self._seen) > MOST_REMEMBERED:
                self._seen.popitem(last=False)


def _key(entry: Entry) -> tuple[str, str, str]:
    return entry.who, entry.address, f"{entry.case_id}/{entry.detail}"
