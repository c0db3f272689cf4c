"""`status.json`: what every camera of an edge does, written once a second for whoever wants to know."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from service.errors import ServiceError
from streams.health.observation import HealthKind
from vision.evidence.manifest import Place
from vision.watched_camera import CameraReport

STATUS_NAME = "status.json"
_REPORT = TypeAdapter(CameraReport)


class NoStatus(ServiceError):
    """No edge has written its status into the folder."""

    template = "there is no status of an edge in {folder}; start one with dustwatch run, or give its data folder"


class StatusUnreadable(ServiceError):
    """The status is not one that this version writes."""

    template = "{path} is no status that this version writes; run the edge and dustwatch status in the same version"


@dataclass(frozen=True)
class CameraStatus:
    """Where a camera hangs, its figures, and what ails it since when (UTC), by kind."""

    place: Place
    report: CameraReport
    trouble: Mapping[HealthKind, datetime]


@dataclass(frozen=True)
class EdgeStatus:
    """One edge at the moment `at` (UTC): packages waiting for and handed over to the queue, and cameras by id.

    `superseded` packages were put aside, since another node of the cluster had taken the camera.
    """

    at: datetime
    process: int
    waiting: int
    delivered: int
    cameras: Mapping[str, CameraStatus]
    superseded: int = 0


def write_status(folder: Path, status: EdgeStatus) -> None:
    """Write the status into the folder, replacing the last one in one step. Raises OSError."""
    document = {
        "at": status.at,
        "process": status.process,
        "waiting": status.waiting,
        "delivered": status.delivered,
        "superseded": status.superseded,
        "cameras": {
            name: {"place": camera.place.model_dump(), **asdict(camera.report), "trouble": camera.trouble}
            for name, camera in status.cameras.items()
        },
    }
    building = folder / f".{STATUS_NAME}"
    building.write_text(json.dumps(document, default=str, ensure_ascii=False, indent=1), encoding="utf-8")
    building.rename(folder / STATUS_NAME)


def read_status(folder: Path) -> EdgeStatus:
    """Return the status that was written last. Raises NoStatus or StatusUnreadable."""
    path = folder / STATUS_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise NoStatus(folder=folder) from None
    try:
        document = json.loads(text)
        cameras = {name: _camera(fields) for name, fields in document["cameras"].items()}
        at = datetime.fromisoformat(document["at"])
        waiting, delivered, superseded = (document[name] for name in ("waiting", "delivered", "superseded"))
        return EdgeStatus(at, document["process"], waiting, delivered, cameras, superseded)
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError):
        raise StatusUnreadable(path=path) from None


def _camera(fields: dict[str, Any]) -> CameraStatus:
    trouble = {HealthKind(kind): datetime.fromisoformat(since) for kind, since in fields["trouble"].items()}
    return CameraStatus(Place.model_validate(fields["place"]), _REPORT.validate_python(fields), trouble)
