"""A clock that can be set for one process alone; the machine's own is left as it is.

A small library (`jumping_clock.c`) is preloaded. libfaketime would do, but interferes with sleeping: under it Python's
`time.sleep(0)` fails with EINVAL, which is a fault of no clock.
"""

import os
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_suffix(".c")


def build_library(folder: Path) -> Path:
    """Compile the library into the folder. Raises FileNotFoundError where there is no C compiler."""
    library = folder / "jumping_clock.so"
    # By its name alone: where it lies differs from machine to machine.
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"], check=True)  # nosec B607
    return library


class JumpingClock:
    """What a process's clock shows: the true time and `seconds` more. A monotonic clock does not jump."""

    def __init__(self, file: Path, library: Path) -> None:
        self._library = library
        self._path = file
        self.seconds = 0
        file.write_bytes(struct.pack("=q", 0))

    def set(self, seconds: int) -> None:
        """Set the clock so many seconds ahead of the true time, or behind it."""
        with self._path.open("r+b") as file:  # in its place: the processes map this very file
            file.write(struct.pack("=q", seconds))
        self.seconds = seconds

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that goes by this clock."""
        return {**os.environ, "LD_PRELOAD": str(self._library), "JUMPING_CLOCK": str(self._path)}
