"""What may stand in the configuration of one camera."""

from pathlib import Path
from typing import Literal, Self

import cv2
from pydantic import Field, SecretStr, field_validator, model_validator

from models.data.pictures import sha256_of
from service.config.ground import GroundConfig
from service.config.site import Id, Name
from service.config.zones import StrictConfig, ZonesConfig
from streams.addresses import VideoSource, check_address
from streams.errors import StreamError
from vision.evidence.manifest import Position
from vision.ground_plane import USUAL_SIZE, AboveHorizon, Correspondence
from vision.watch import Sight

USUAL_INTERVAL_S = 10.0
LONGEST_GAP_INTERVALS = 3
LEAST_LONGEST_GAP_S = 60.0
"""On patrol, looks further apart than three intervals and a minute leave a gap, of which nothing is known."""


class CameraConfig(StrictConfig):
    """A camera point (点位). The URL holds the password and is never shown."""

    id: Id
    site: Id
    name: Name
    position: Position | None = None
    """Where the camera hangs, where it is to be told more exactly than by its site's position."""
    url: SecretStr
    substream: SecretStr | None = None
    """The camera's smaller stream, where it has one: the networks look at it, and evidence comes from `url`."""
    transport: Literal["tcp", "udp"] = "tcp"
    mode: Literal["gate", "patrol"] | None = None
    """`gate` looks at full rate while something moves, `patrol` at a keyframe now and then; chosen by what is drawn."""
    frames_per_second: float = Field(default=10.0, ge=2.0, le=60.0)
    """At a gate: how many pictures a second are inspected while something moves."""
    interval_s: float | None = Field(default=None, ge=0.2, le=3600.0)
    """On patrol: seconds between looks at most; the office's rules may ask for fewer. Without it as the rules say, 10
    until the queue has told them. No more often than the camera sends keyframes."""
    change_gate: bool = True
    """Inspect only what changed: on patrol new pictures, at a gate while something moves. Without it, every look."""
    max_age_s: float = Field(default=600.0, ge=1.0, le=24 * 3600.0)
    """Seconds after which a picture is inspected although nothing changed."""
    looks_for: frozenset[Literal[Sight.SURFACES, Sight.VEHICLES]] = frozenset({Sight.SURFACES})
    """On patrol: `surfaces` (soil, net, hoarding), `vehicles`, or both."""
    memory_mb: int = Field(default=32, ge=1, le=1024)
    """Megabytes of encoded video remembered at most, in each of the camera's streams."""
    cores: float | None = Field(default=None, gt=0.0, le=64.0)
    """In a cluster: what the camera costs in processor cores, as `dustwatch capacity` tells; else what is usual."""
    reference: Path | None = None
    """Picture taken when the camera was commissioned; by it a turned, covered or blurred camera is told, and what
    stood along the perimeter."""
    ground: GroundConfig | None = None
    """Points with known places on the ground; by them areas and gaps are told in metres."""
    zones: ZonesConfig = ZonesConfig()
    """With an exit line the camera watches a gate, else it is on patrol; without any zone no rule judges it."""

    @field_validator("url", "substream")
    @classmethod
    def _is_a_camera(cls, url: SecretStr | None) -> SecretStr | None:
        if url is None:
            return None
        source = VideoSource(url.get_secret_value())
        if not source.is_camera:
            raise ValueError("write an RTSP address such as rtsp://host:554/path")
        try:
            check_address(source)
        except StreamError as error:
            raise ValueError(str(error)) from None
        return url

    @field_validator("reference")
    @classmethod
    def _is_a_picture(cls, path: Path | None) -> Path | None:
        if path is not None and cv2.imread(str(path)) is None:
            raise ValueError(f"{path} is no picture that can be read; write the path of a JPEG or PNG")
        return path

    @model_validator(mode="after")
    def _mode_fits_what_is_drawn(self) -> Self:
        has_line = self.zones.exit_line is not None
        if self.mode == "gate" and not has_line:
            raise ValueError("mode gate needs an exit_line; draw one, or write mode: patrol")
        if self.mode == "patrol" and has_line:
            raise ValueError("an exit_line is drawn but mode is patrol; write mode: gate, or leave the line out")
        return self

    @model_validator(mode="after")
    def _ground_reaches_what_is_drawn(self) -> Self:
        if self.ground is None:
            return self
        plane, zone = self.ground.plane(USUAL_SIZE), self.zones.yard_zone()
        try:
            if zone is not None:
                plane.area_m2(zone.points)
            if self.zones.perimeter is not None:
                plane.length_m(self.zones.perimeter.line)
        except AboveHorizon:
            raise ValueError(
                "the yard or the perimeter reaches above the horizon of the ground; draw it lower, or check the points"
            ) from None
        return self

    @property
    def ground_points(self) -> tuple[Correspondence, ...]:
        """Points with known places on the ground; none where the camera is not calibrated."""
        return () if self.ground is None else self.ground.correspondences()

    @property
    def reference_sha256(self) -> str | None:
        """The hash of the picture taken at commissioning, as it is on the disk now; None where there is none."""
        return None if self.reference is None else sha256_of(self.reference)

    @property
    def source(self) -> VideoSource:
        """Where the camera's main stream comes from."""
        return VideoSource(self.url.get_secret_value(), self.transport)

    @property
    def patrol_interval_s(self) -> float:
        """Seconds between two looks of a patrol."""
        return USUAL_INTERVAL_S if self.interval_s is None else self.interval_s

    @property
    def longest_gap_s(self) -> float:
        """Seconds between two looks of a patrol after which the camera was not watched in between."""
        return max(LEAST_LONGEST_GAP_S, LONGEST_GAP_INTERVALS * self.patrol_interval_s)

    @property
    def looked_at(self) -> VideoSource:
        """Where the stream comes from that the networks look at."""
        if self.substream is None:
            return self.source
        return VideoSource(self.substream.get_secret_value(), self.transport)
