"""What evidence has to tell beside the violation itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from vision.evidence.annotate import Mark
from vision.evidence.manifest import Calibration, Claim, Place
from vision.geometry import Zone


@dataclass(frozen=True)
class Scene:
    """The place, the drawing and the rule's settings around a violation, as its watch knows them."""

    place: Place
    zones: dict[str, list[tuple[float, float]]]
    parameters: dict[str, float]
    marks: Sequence[Mark]
    caption: Sequence[str]
    claims: Sequence[Claim] = ()
    calibration: Calibration | None = None
    reference_sha256: str | None = None
    privacy: tuple[Zone, ...] = ()
    """Areas that are painted over in the pictures; a clip can't be painted on, and there is none."""
    lease: int | None = None
    """In a cluster, the token under which the camera is watched."""
