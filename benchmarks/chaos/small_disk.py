"""A small disk of its own for a process's data, which can be filled and freed."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILLER = "filler"
LEFT_BYTES = 4096


class SmallDisk:
    """A file system at `folder`; the process's data lie in `data`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"

    def fill(self) -> None:
        """Let nothing more be written."""
        with (self.folder / FILLER).open("ab") as file:
            while (free := os.statvfs(self.folder).f_bavail * os.statvfs(self.folder).f_frsize) > 0:
                try:
                    os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), free)
                except OSError:
                    break

    def free(self) -> None:
        """Make room again."""
        (self.folder / FILLER).unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount a tmpfs at the folder while the block runs (needs root)."""
    folder.mkdir(parents=True)
    # By its name alone: where it lies differs from machine to machine.
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], check=True)  # nosec B607
    try:
        disk = SmallDisk(folder)
        disk.data.mkdir()
        yield disk
    finally:
        # By its name alone: where it lies differs from machine to machine.
        subprocess.run(["umount", "-l", str(folder)], check=False)  # nosec B607
