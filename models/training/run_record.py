"""`run.json`: what a training was started with, on which software, and how it ended."""

import importlib.metadata
import platform
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from models.data.records import Kind, Split
from models.training.settings import TrainingSettings

RECORD_NAME = "run.json"
_SOFTWARE = ("dustwatch", "torch", "torchvision", "ultralytics", "numpy", "opencv-python")


class RunRecord(BaseModel):
    """One training run. Times are timezone-aware UTC; `checkpoint` is relative to the run's folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    state: Literal["running", "finished"]
    settings: TrainingSettings
    start_name: str
    start_sha256: str
    transferred: int
    """How many of the network's `tensors` the checkpoint gave."""
    tensors: int
    data_sha256: str
    """Of the list of samples: their names, kinds and sizes."""
    pictures: dict[Split, dict[Kind, int]]
    """By split and kind."""
    versions: dict[str, str]
    started_at: datetime
    finished_at: datetime | None = None
    checkpoint: str | None = None
    checkpoint_sha256: str | None = None
    share: float | None = None
    """How far the checkpoint's weights lie from the start's to the trained ones; None: they are the trained ones."""
    figures: dict[str, float] = {}
    """ultralytics' own figures of the checkpoint on the validation split."""


def read_record(out: Path) -> RunRecord | None:
    """Return the record of the run in `out`; None when there is none that can be read."""
    try:
        return RunRecord.model_validate_json((out / RECORD_NAME).read_bytes())
    except (OSError, ValidationError):
        return None


def write_record(record: RunRecord, out: Path) -> None:
    """Replace the record in one step."""
    temporary = out / f".{RECORD_NAME}.new"
    temporary.write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
    temporary.replace(out / RECORD_NAME)


def software_versions() -> dict[str, str]:
    """Return the versions of what has a say in the result."""
    versions = {"python": platform.python_version()}
    for name in _SOFTWARE:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return versions
