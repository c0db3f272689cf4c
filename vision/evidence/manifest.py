"""The manifest of an evidence package: what was seen, by what, and the hash of every file."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from vision.violations import RuleName

MANIFEST_NAME = "manifest.json"
SEAL_NAME = "manifest.sha256"
"""Seals a package that is in no chain: the manifest's own SHA-256 as `sha256sum` writes it."""
SIGNATURE_NAME = "manifest.signature.json"
"""Seals a package of a chain: an Ed25519 signature over the manifest's bytes."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
RelativePoint = tuple[float, float]


class FileRole(StrEnum):
    """What a file of the package shows."""

    CLEAN = "clean"
    ANNOTATED = "annotated"
    CLIP = "clip"


class EvidenceFile(BaseModel):
    """One file of the package."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: FileName
    role: FileRole
    media_type: Literal["image/jpeg", "video/mp4"]
    size_bytes: int = Field(gt=0)
    sha256: Sha256


class ModelUsed(BaseModel):
    """The model that detected what is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    sha256: Sha256


class Place(BaseModel):
    """The site and the camera point."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    site_id: str
    site_name: str
    camera_id: str
    camera_name: str


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
    relative: (0, 0) is the picture's top left, (1, 1) its bottom right.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    key: Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]
    rule: RuleName
    place: Place
    opened_at: AwareDatetime
    local_time: datetime
    timezone: str
    clock: Literal["arrival"] = "arrival"
    """Where the times come from: `arrival` is this machine's clock when the packet came in."""
    track_id: int
    bbox_xyxy: tuple[float, float, float, float]
    claims: Annotated[list[Claim], Field(max_length=50)] = []
    zones: dict[str, list[RelativePoint]]
    parameters: dict[str, float]
    measures: dict[str, float]
    picture_size: tuple[int, int]
    """Width and height of the pictures in pixels."""
    clip: ClipSpan | None
    model: ModelUsed
    software: str
    files: list[EvidenceFile]
    chain: ChainLink | None = None
    """None in packages made before there were chains, and in drafts."""

    @property
    def seal_name(self) -> str:
        """The name of the file that seals the package."""
        return SEAL_NAME if self.chain is None else SIGNATURE_NAME
