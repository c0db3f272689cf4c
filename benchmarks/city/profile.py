"""Where the service's processor time goes, by py-spy, where that is installed."""

import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

OURS = ("service", "vision", "streams")


class Profile:
    """Samples a process for a while in the background; `top` tells where it was."""

    def __init__(self, pid: int, seconds: float) -> None:
        self._path = Path(tempfile.mkstemp(suffix=".raw")[1])
        program = shutil.which("py-spy")
        # Nonblocking: on a busy machine a service that is held for each sample hardly gets on.
        what = ["record", "--pid", str(pid), "--duration", str(max(1, round(seconds))), "--rate", "20"]
        how = ["--nonblocking", "--gil", "--format", "raw", "--output", str(self._path)]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen([program, *what, *how], stdout=quiet, stderr=quiet) if program else None

    def top(self, count: int = 12) -> dict[str, float]:
        """Return the share of the time that Python's lock was held below each of our functions, and at the leaves."""
        if self._process is None:
            return {}
        self._process.wait(60)
        shares = shares_of(self._path.read_text(errors="replace"), count)
        self._path.unlink(missing_ok=True)
        return shares


def shares_of(text: str, count: int) -> dict[str, float]:
    """Return the share of samples below each of our own functions, from lines `outer;inner;leaf 12`."""
    below: Counter[str] = Counter()
    total = 0
    for line in text.splitlines():
        stack, _, samples = line.rpartition(" ")
        if not samples.isdecimal():
            continue
        total += int(samples)
        frames = {frame.rpartition(":")[0] for frame in stack.split(";")}
        below.update(dict.fromkeys((frame for frame in frames if _is_ours(frame)), int(samples)))
    return {frame: round(samples / total, 3) for frame, samples in below.most_common(count)} if total else {}


def _is_ours(frame: str) -> bool:
    return any(f"({part}/" in frame for part in OURS)
