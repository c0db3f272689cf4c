"""A shard's data folder: which one a process works in, the name that it holds leases under, and its cameras' tokens."""

import fcntl
import uuid
from pathlib import Path
from typing import IO

from vision.evidence.durable import replace_durably


class Tokens:
    """The tokens under which cameras were last watched in this folder, on its disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        text = read_text_of(path)
        lines = [] if text is None else [line.split() for line in text.splitlines()]
        self._tokens = {line[0]: int(line[1]) for line in lines if len(line) == 2 and line[1].isdecimal()}

    def of(self, camera: str) -> int | None:
        """Return the camera's token, None where it was never watched here."""
        return self._tokens.get(camera)

    def note(self, camera: str, token: int) -> None:
        """Remember it. Raises OSError."""
        self._tokens[camera] = token
        replace_durably(self._path, "".join(f"{name} {number}\n" for name, number in self._tokens.items()).encode())


def take_folder(root: Path) -> tuple[Path, IO[str]]:
    """Return the first numbered folder that no other process works in, and what keeps others out while it is open.

    So a process that takes another's place on a machine goes on with what that one could not deliver.
    """
    number = 0
    while True:
        folder = root / str(number)
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "shard.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            number += 1
            continue
        return folder, lock


def holder_of(folder: Path) -> str:
    """Return the name under which leases are held in this folder; made once, and kept in it."""
    path = folder / "holder"
    text = read_text_of(path)
    if text is None:
        text = uuid.uuid4().hex
        replace_durably(path, text.encode())
    return text


def read_text_of(path: Path) -> str | None:
    """Return the file's text, None where there is none. Raises OSError."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
