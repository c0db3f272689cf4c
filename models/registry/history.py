"""Who put which version in production, when and why; and what that means for going back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from models.errors import BadRegistry
from models.registry.durable import replace_file

HISTORY_NAME = "history.jsonl"


class Change(BaseModel):
    """One change of the version in production."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: Literal["promote", "rollback"]
    version: str
    previous: str | None
    """What was in production before; None when nothing was."""
    who: str
    reason: str
    at: AwareDatetime


def read_history(folder: Path) -> list[Change]:
    """Return what the model's `folder` tells, oldest first. Raises BadRegistry."""
    path = folder / HISTORY_NAME
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [Change.model_validate_json(line) for line in lines if line.strip()]
    except (UnicodeDecodeError, ValidationError) as error:
        raise BadRegistry(path=path, detail=str(error).splitlines()[0]) from error


def add_to_history(folder: Path, change: Change) -> None:
    """Write one more change; the file is replaced as a whole, so that no stop leaves half a line. Raises OSError."""
    path = folder / HISTORY_NAME
    before = path.read_bytes() if path.exists() else b""
    replace_file(path, before + change.model_dump_json().encode() + b"\n")


def took_effect(changes: Sequence[Change], production: str | None) -> list[Change]:
    """Leave out the changes that were announced but never made, because the process was stopped in between.

    A change is written before it is made. It was made when the next one, or the present, found its version in
    production.
    """
    found_after = [*(change.previous for change in changes), production][1:]
    return [change for change, found in zip(changes, found_after, strict=True) if change.version == found]


def version_before(changes: Sequence[Change]) -> str | None:
    """Return the version to go back to: the one that the newest promotion not yet taken back put aside."""
    put_aside: list[str | None] = []
    for change in changes:
        if change.action == "promote":
            put_aside.append(change.previous)
        elif put_aside:
            put_aside.pop()
    return put_aside[-1] if put_aside else None
