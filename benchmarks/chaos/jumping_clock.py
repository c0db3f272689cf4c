"""A clock that can be set for one process alone, by libfaketime; the machine's own is left as it is."""

import os
from pathlib import Path

LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")


def find_library() -> Path:
    """Return the library. Raises FileNotFoundError."""
    for pattern in LIBRARIES:
        for path in sorted(Path("/").glob(pattern.lstrip("/"))):
            return path
    raise FileNotFoundError("needs Debian's libfaketime, or --faketime PATH")


class JumpingClock:
    """What a process's clock shows: the true time and `seconds` more. A monotonic clock does not jump."""

    def __init__(self, file: Path, library: Path) -> None:
        self._file = file
        self._library = library
        self.seconds = 0
        self.set(0)

    def set(self, seconds: int) -> None:
        """Set the clock so many seconds ahead of the true time, or behind it."""
        part = self._file.with_suffix(".part")
        part.write_text(f"{seconds:+d}\n")
        part.rename(self._file)
        self.seconds = seconds

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that goes by this clock."""
        return {
            **os.environ,
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_NO_CACHE": "1",
            "NO_FAKE_STAT": "1",
        }
