"""Which looks at evidence are written down: each once in a while, since a video is asked for in many parts."""

import re
from datetime import timedelta

from service.accounts.audit import Action, Entry
from service.accounts.recent_entries import RecentEntries
from service.clock import Clock

AGAIN_AFTER = timedelta(minutes=5)
_CASE = re.compile(r"/cases/([0-9]{1,10})/(.+)")


class Looks:
    """Remembers who looked at what a moment ago. Safe to call from several threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._recent = RecentEntries(AGAIN_AFTER)

    def entry(self, who: str, path: str, address: str) -> Entry:
        """Return the entry that tells of a look at the evidence behind a URL path."""
        found = _CASE.search(path)
        case_id = int(found[1]) if found else None
        return Entry(self._clock(), who, Action.LOOKED, address, case_id, found[2] if found else path)

    def is_recent(self, entry: Entry) -> bool:
        """Tell whether a look like it was written down in the last minutes."""
        return self._recent.is_recent(_key(entry), entry.at)

    def remember(self, entry: Entry) -> None:
        """Take note that the look was written down."""
        self._recent.remember(_key(entry), entry.at)


def _key(entry: Entry) -> tuple[str, ...]:
    return entry.who, entry.address, f"{entry.case_id}/{entry.detail}"
