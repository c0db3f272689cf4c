"""A folder that appears whole or not at all."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from datasets.errors import FolderBusy, FolderTaken


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """Yield a folder to write into; it becomes `out` at the end, and is removed again when something goes wrong.

    What a killed process left behind is removed by the next one. Raises FolderTaken, FolderBusy, OSError.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FolderTaken(folder=out)
    out.parent.mkdir(parents=True, exist_ok=True)
    building = out.absolute().with_name(f".{out.name}.building")
    building.mkdir(exist_ok=True)
    lock = os.open(building, os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderBusy(folder=out) from None
        _empty(building)
        try:
            yield building
            building.rename(out)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
    finally:
        os.close(lock)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
