"""Writes files and folders so that a power cut leaves them whole or absent."""

import os
from pathlib import Path


def write_durably(path: Path, data: bytes) -> None:
    """Write `data` to `path` and wait until the disk has it. Raises OSError."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace_durably(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Put `data` in the place of `path`: whoever reads sees the old bytes or the new ones. Raises OSError."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)  # one left by a crash may have another mode
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Wait until the disk has what was written to `path` by other means. Raises OSError."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def move_folder(source: Path, destination: Path) -> None:
    """Rename a folder on the same disk and wait until the disk has the new name. Raises OSError."""
    sync_folder(source)
    source.rename(destination)
    sync_folder(destination.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the folder's list of names. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
