"""The manifest of an evidence package: what was seen, by what, and the hash of every file."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from vision.violations import RuleName

MANIFEST_NAME = "manifest.json"
SEAL_NAME = "manifest.sha256"
"""Seals a package that is in no chain: the manifest's own SHA-256 as `sha256sum` writes it."""
SIGNATURE_NAME = "manifest.signature.json"
"""Seals a package of a chain: an Ed25519 signature over the manifest's bytes."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
RelativePoint = tuple[float, float]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Row = tuple[Finite, Finite, Finite]


class FileRole(StrEnum):
    """What a file of the package shows."""

    CLEAN = "clean"
    ANNOTATED = "annotated"
    CLIP = "clip"
    BEFORE = "before"
    BEST_VIEW = "best_view"
    """The truck alone, at the moment in which it was seen best."""
    CHART = "chart"
    """What an instrument measured, drawn; never a camera's picture."""
    CAMERA = "camera"
    """What one of the site's cameras saw at the time; `frames` tells which."""
    READINGS = "readings"
    """What an instrument measured, as it sent it."""


class DustRule(StrEnum):
    """What no camera judges: the service itself finds it in what dust monitors send."""

    DUST_EXCEEDANCE = "dust_exceedance"


class EvidenceFile(BaseModel):
    """One file of the package."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: FileName
    role: FileRole
    media_type: Literal["image/jpeg", "video/mp4", "application/json"]
    size_bytes: int = Field(gt=0)
    sha256: Sha256


class ModelUsed(BaseModel):
    """A model that had a say in what is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    sha256: Sha256
    """Of the weights."""
    version: str | None = None
    """The version in the registry."""


class Position(BaseModel):
    """A place on the earth, decimal degrees, WGS84 (as GPS tells it, not GCJ-02 or BD-09)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    latitude: float
    longitude: float

    @model_validator(mode="after")
    def _is_on_the_earth(self) -> Self:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError(
                "write decimal degrees (WGS84), latitude from -90 to 90 and longitude from -180 to 180; "
                "are the two confused?"
            )
        return self


class Place(BaseModel):
    """The site and the camera point."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    site_id: str
    site_name: str
    camera_id: str
    camera_name: str
    district: str | None = None
    street: str | None = None
    address: str | None = None
    position: Position | None = None
    """The camera's where it is known, else the site's."""


class ClockState(BaseModel):
    """What the operating system told of its own clock as the violation opened; null where it does not tell."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    synchronised: bool | None = None
    """Whether a time service (NTP, PTP, GPS) kept the clock."""
    estimated_error_s: Finite | None = None
    """How far off the time service takes the clock to be, seconds; null while nothing keeps it."""
    most_error_s: Finite | None = None
    """How far off it can be at most, seconds; grows from one comparison to the next."""
    offset_s: Finite | None = None
    """What was still to be added to the clock, seconds, while the kernel moved it gradually."""


class GroundPoint(BaseModel):
    """A point of the picture and where it is on the ground, metres."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: tuple[Finite, Finite]
    metres: tuple[Finite, Finite]


class Calibration(BaseModel):
    """The camera's ground plane, by which m and m² are told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    points: Annotated[list[GroundPoint], Field(min_length=4, max_length=100)]
    picture_size: tuple[int, int]
    """Width and height of the picture in whose pixels the error is told."""
    reprojection_error_px: Finite
    """Root mean square of the points' distances from where the plane has them; four points always fit."""
    reprojection_error_m: Finite
    """The same on the ground, metres."""
    homography: tuple[Row, Row, Row]
    """Takes (x, y, 1), relative on the picture, to metres on the ground, up to a factor."""


class ClipSpan(BaseModel):
    """The time that the clip covers, and whether it reaches as far after the event as was asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    starts_at: AwareDatetime
    ends_at: AwareDatetime
    complete: bool


class Claim(BaseModel):
    """What the model took a part of the clean picture for, which the violation rests on.

    A soil violation claims `bare_soil`, a missing hoarding claims `other` where the hoarding should be, a muddy truck
    claims `muddy`. Inspectors confirm or reject the case, and so its claims; training learns from that.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    class_name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_ ]{0,63}$")]
    points: Annotated[list[RelativePoint], Field(min_length=3, max_length=500)]
    """The part's outline; a box has its four corners."""


class Plate(BaseModel):
    """The truck's number plate as it was read from its pictures, which may be wrong: the pictures are the evidence.

    `text` is empty where nothing was read. `confidence` (0..1) is the network's own; `views` pictures were read alike.
    Where `valid` is false no plate has such a text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Annotated[str, Field(max_length=16)] = ""
    confidence: float = Field(default=0.0, ge=0.0, le=1.0)
    views: int = Field(default=0, ge=0)
    valid: bool = False


class Before(BaseModel):
    """The picture of what it was like before: the newest in which the zone was lawful."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    captured_at: AwareDatetime


class Frame(BaseModel):
    """A picture of one of the site's cameras, beside what an instrument measured."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: FileName
    camera_id: str
    camera_name: str
    captured_at: AwareDatetime


class Stage(StrEnum):
    """Where a violation stands in a later picture."""

    LASTING = "lasting"
    ENDED = "ended"
    LOOK_BACK = "look_back"
    """The picture was asked for, and `outcome` tells what it shows."""


class Outcome(StrEnum):
    """What a look-back showed."""

    PASSED = "passed"
    STILL_VIOLATED = "still_violated"
    NOT_VISIBLE = "not_visible"
    """The place was not seen clearly, for as long as the rule asks, to tell either."""


FIRST_LOOK_BACK = 50_001
"""The number from which on look-backs are counted, apart from the pictures that the camera takes by itself."""


class Follows(BaseModel):
    """The violation that this package shows a later picture of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    """The violation's key, which is that of its first package."""
    number: int = Field(ge=1, le=100_000)
    """Counts the violation's later pictures from 1. A look-back's is told by who asks for it, 50001 and more."""
    stage: Stage
    outcome: Outcome | None = None
    """Of a look-back, what it showed; null in all others."""

    @model_validator(mode="after")
    def _tells_what_a_look_back_showed(self) -> Self:
        is_look_back = self.stage is Stage.LOOK_BACK
        if is_look_back != (self.outcome is not None) or is_look_back != (self.number >= FIRST_LOOK_BACK):
            raise ValueError(f"a look-back, and nothing else, has an outcome and a number from {FIRST_LOOK_BACK} on")
        return self

    @property
    def package_key(self) -> str:
        """The key of the package of this picture: a UUID made of the violation's key and the number."""
        return str(uuid.uuid5(uuid.UUID(self.key), str(self.number)))


class ChainLink(BaseModel):
    """The package's place in its camera's chain."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int = Field(ge=1)
    """Counts the camera's packages in the order of their sealing, from 1, without a gap."""
    previous: Sha256
    """SHA-256 of the manifest that was sealed before it; all zeros for number 1."""


class Manifest(BaseModel):
    """Everything that a reader needs to judge the package without the system that made it.

    Times are ISO 8601; those ending in `_at` are UTC, `local_time` is the same instant in `timezone`. Coordinates are
    relative: (0, 0) is the picture's top left, (1, 1) its bottom right. What has a default is missing in packages of
    earlier versions.

    A package with `follows` is a later picture of a violation: its `opened_at` and `local_time` are when that picture
    was captured, its `measures` what was measured then, and `lasted_s` counts from when the violation began.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    key: Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]
    rule: RuleName | DustRule
    place: Place
    """Of a dust exceedance, `camera_id` and `camera_name` are the monitor's number (MN) and name."""
    opened_at: AwareDatetime
    local_time: datetime
    timezone: str
    clock: Literal["arrival", "instrument"] = "arrival"
    """Where the times come from: `arrival` is this machine's clock when the packet came in."""
    clock_state: ClockState | None = None
    track_id: int
    bbox_xyxy: tuple[float, float, float, float]
    claims: Annotated[list[Claim], Field(max_length=50)] = []
    zones: dict[str, list[RelativePoint]]
    parameters: dict[str, float]
    measures: dict[str, float]
    """The figures that decided, in the units their names end in; `..._error` is the error of the one before it."""
    calibration: Calibration | None = None
    reference_sha256: Sha256 | None = None
    """Of the picture taken at commissioning, by which it is told that the camera has not moved."""
    plate: Plate | None = None
    """None where plates are not read: of other rules, or by choice."""
    picture_size: tuple[int, int]
    """Width and height of the pictures in pixels."""
    clip: ClipSpan | None
    clip_withheld: Literal["privacy"] | None = None
    """Why there is no clip: the camera shows areas that are private, which are painted over in the pictures."""
    model: ModelUsed | None
    """The one that the rule rests on; None of a dust exceedance alone, which rests on none."""
    models: Annotated[list[ModelUsed], Field(max_length=16)] = []
    """All that had a say, `model` among them."""
    software: str
    software_versions: Annotated[dict[str, str], Field(max_length=32)] = {}
    """Versions by name."""
    files: list[EvidenceFile]
    before: Before | None = None
    frames: Annotated[list[Frame], Field(max_length=12)] = []
    follows: Follows | None = None
    chain: ChainLink | None = None
    """None in packages made before there were chains, and in drafts."""
    lease: Annotated[int, Field(ge=1)] | None = None
    """In a cluster, the token under which the node watched the camera: it grows with each change of node."""

    @model_validator(mode="after")
    def _rests_on_a_model(self) -> Self:
        if (self.model is None) != isinstance(self.rule, DustRule):
            raise ValueError("what cameras judge, and nothing else, rests on a model")
        return self

    @property
    def seal_name(self) -> str:
        """The name of the file that seals the package."""
        return SEAL_NAME if self.chain is None else SIGNATURE_NAME
