"""Copies of a run's checkpoints that are whole at every moment, whenever the process is killed.

ultralytics overwrites its checkpoints in place; one that was being written when the power went is lost.
"""

import os
import shutil
from pathlib import Path

FOLDER = "resume"
LAST, BEST = "last.pt", "best.pt"


def keep_checkpoints(weights: Path, out: Path) -> None:
    """Copy the checkpoints in `weights` that are newer than the copies; each copy appears in one step."""
    folder = out / FOLDER
    folder.mkdir(exist_ok=True)
    # The best one first: when only one copy succeeded, resuming runs the epoch again and loses nothing.
    for name in (BEST, LAST):
        source, copy = weights / name, folder / name
        if source.exists() and (not copy.exists() or source.stat().st_mtime_ns > copy.stat().st_mtime_ns):
            temporary = folder / f".{name}.new"
            shutil.copyfile(source, temporary)
            with temporary.open("rb+") as file:
                os.fsync(file.fileno())
            temporary.replace(copy)


def restore_checkpoints(weights: Path, out: Path) -> Path | None:
    """Put the copies back into `weights` and return the last checkpoint's copy; None when no epoch was finished."""
    if not (out / FOLDER / LAST).exists():
        return None
    weights.mkdir(parents=True, exist_ok=True)
    for name in (BEST, LAST):
        if (out / FOLDER / name).exists():
            shutil.copyfile(out / FOLDER / name, weights / name)
    return out / FOLDER / LAST


def drop_checkpoints(out: Path) -> None:
    """Remove the copies."""
    shutil.rmtree(out / FOLDER, ignore_errors=True)
