"""Makes the evidence package of a dust exceedance: readings, their chart, and what the site's cameras saw; pure.

The service makes it itself, so it is in no camera's chain and not signed: its manifest is sealed by its SHA-256, and
the queue's own note of that hash says whether it is still the same.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from service.domain.office.days import OFFICE_TIME
from service.dust.chart_picture import SIZE, chart_picture
from service.dust.exceedance import DustExceedance
from service.dust.reading import DustReading, Factor
from service.storage.package import Package
from vision.evidence.manifest import DustRule, EvidenceFile, FileRole, Follows, Frame, Manifest, Place
from vision.evidence.seal import seal_of
from vision.violations import KEY_NAMESPACE

MOST_FRAMES = 12


@dataclass(frozen=True)
class CameraFrame:
    """A picture that a camera of the site took in the time that may show the cause."""

    camera_id: str
    camera_name: str
    captured_at: datetime
    jpeg: bytes


@dataclass(frozen=True)
class DustEvidence:
    """A sealed package and its files by name."""

    package: Package
    files: dict[str, bytes]


def key_of(exceedance: DustExceedance) -> str:
    """Return the key of the exceedance's case: the same however often it is found."""
    identity = f"{exceedance.instrument.number}|{DustRule.DUST_EXCEEDANCE}|{exceedance.started_at.isoformat()}"
    if exceedance.parameters.factor is not Factor.TSP:  # what the first cases were of
        identity += f"|{exceedance.parameters.factor.value}"
    return str(uuid.uuid5(KEY_NAMESPACE, identity))


def dust_evidence(
    exceedance: DustExceedance,
    readings: Sequence[DustReading],
    frames: Sequence[CameraFrame],
    at: datetime,
    follows: Follows | None = None,
    regional_ug_m3: Mapping[datetime, float] | None = None,
) -> DustEvidence:
    """Return the package as of `at`; `readings` are those of some hours, in order, and at least one of them counts.

    `regional_ug_m3` holds the region's values by the hour, where the limit is one of the difference to them.
    With `follows` it is the later picture of a case whose exceedance has ended.
    """
    regional = (regional_ug_m3 or {}) if exceedance.parameters.above_regional else {}
    chart = chart_picture(readings, exceedance, at, regional)
    files = {"chart.jpg": chart, "readings.json": _readings(exceedance, readings, regional)}
    roles = {"chart.jpg": FileRole.CHART, "readings.json": FileRole.READINGS}
    shown = []
    for number, frame in enumerate(frames[:MOST_FRAMES], start=1):
        name = f"camera-{number}.jpg"
        files[name], roles[name] = frame.jpeg, FileRole.CAMERA
        shown.append(
            Frame(name=name, camera_id=frame.camera_id, camera_name=frame.camera_name, captured_at=frame.captured_at)
        )
    listed = [_described(name, roles[name], content) for name, content in files.items()]
    manifest = _manifest(exceedance, listed, shown, follows)
    content = manifest.model_dump_json(indent=1).encode()
    package = Package(manifest, content, seal_of(content), hashlib.sha256(content).hexdigest(), None)
    return DustEvidence(package, files)


def _manifest(
    exceedance: DustExceedance, files: list[EvidenceFile], frames: list[Frame], follows: Follows | None
) -> Manifest:
    instrument, asked = exceedance.instrument, exceedance.parameters
    name = asked.measure
    opened_at = exceedance.started_at if follows is None else exceedance.ended_at or exceedance.last_above_at
    exceeded_s = ((exceedance.ended_at or exceedance.last_above_at) - exceedance.started_at).total_seconds()
    return Manifest(
        key=key_of(exceedance) if follows is None else follows.package_key,
        rule=DustRule.DUST_EXCEEDANCE,
        place=Place(
            site_id=instrument.site_id,
            site_name=instrument.site_name,
            camera_id=instrument.number,
            camera_name=instrument.name,
        ),
        opened_at=opened_at,
        local_time=opened_at.astimezone(OFFICE_TIME).replace(tzinfo=None),
        timezone=OFFICE_TIME.key,
        clock="instrument",
        track_id=0,
        bbox_xyxy=(0.0, 0.0, 1.0, 1.0),
        zones={},
        parameters={name: asked.limit_ug_m3, "average_minutes": float(asked.average_minutes)},
        measures={name: round(exceedance.highest_ug_m3, 1), "exceeded_s": exceeded_s},
        picture_size=SIZE,
        clip=None,
        model=None,
        software=f"dustwatch {version('dustwatch')}",
        files=files,
        frames=frames,
        follows=follows,
    )


def _readings(
    exceedance: DustExceedance, readings: Sequence[DustReading], regional_ug_m3: Mapping[datetime, float]
) -> bytes:
    told: dict[str, Any] = {
        "instrument": asdict(exceedance.instrument),
        "limit": asdict(exceedance.parameters),
        "regional_ug_m3": {hour.isoformat(): value for hour, value in regional_ug_m3.items()},
        "readings": [
            {
                "measured_at": reading.measured_at.isoformat(),
                "factors": {each.value: told.model_dump(exclude_none=True) for each, told in reading.factors.items()},
            }
            for reading in readings
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _described(name: str, role: FileRole, content: bytes) -> EvidenceFile:
    return EvidenceFile(
        name=name,
        role=role,
        media_type="application/json" if role is FileRole.READINGS else "image/jpeg",
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
