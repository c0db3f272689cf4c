"""`status.json`: what every camera of an edge does, written once a second for whoever wants to know."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from vision.watched_camera import CameraReport

STATUS_NAME = "status.json"


def write_status(
    folder: Path,
    reports: Mapping[str, CameraReport],
    trouble: Mapping[str, Mapping[str, datetime]],
    *,
    waiting: int,
    delivered: int,
) -> None:
    """Write the status into the folder, replacing the last one in one step.

    `trouble` is what ails each camera, and since when. Raises OSError.
    """
    status = {
        "at": datetime.now(UTC),
        "process": os.getpid(),
        "waiting": waiting,
        "delivered": delivered,
        "cameras": {name: asdict(report) | {"trouble": trouble.get(name, {})} for name, report in reports.items()},
    }
    building = folder / f".{STATUS_NAME}"
    building.write_text(json.dumps(status, default=str, ensure_ascii=False, indent=1), encoding="utf-8")
    building.rename(folder / STATUS_NAME)
