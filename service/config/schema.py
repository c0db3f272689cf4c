"""What may stand in the configuration file, checked by pydantic."""

from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, field_validator, model_validator

from models.registry.registry import DEFAULT_MODEL
from streams.errors import StreamError
from streams.sources import VideoSource, check_address
from vision.evidence.manifest import Place
from vision.gate_watch import GateCamera
from vision.geometry import DirectedLine, RelativePoint, Zone
from vision.unwashed_truck import Gate, UnwashedTruckParameters

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""Lower-case letters, digits and hyphens, so that it fits into file names and addresses."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SiteConfig(_Strict):
    """A construction site (工地)."""

    id: Id
    name: Name


class ExitLineConfig(_Strict):
    """The line that a leaving truck crosses; `outward` is any point on its outer side."""

    points: tuple[RelativePoint, RelativePoint]
    outward: RelativePoint

    @model_validator(mode="after")
    def _outward_tells_a_side(self) -> Self:
        if abs(DirectedLine(*self.points).side(self.outward)) < 0.01:
            raise ValueError("outward lies on the exit line; give a point clearly outside the gate")
        return self


class ZonesConfig(_Strict):
    """What is drawn on a camera's picture, in relative coordinates (0..1 from the top left)."""

    exit_line: ExitLineConfig | None = None
    wash_bay: list[RelativePoint] | None = None

    @field_validator("wash_bay")
    @classmethod
    def _encloses_an_area(cls, points: list[RelativePoint] | None) -> list[RelativePoint] | None:
        if points is not None:
            Zone(points)
        return points

    @model_validator(mode="after")
    def _a_wash_bay_has_an_exit_line(self) -> Self:
        if self.wash_bay and self.exit_line is None:
            raise ValueError("a wash bay is drawn but no exit_line; draw both, or neither")
        return self

    def gate(self) -> Gate | None:
        """Return the gate that these zones describe, None without an exit line."""
        if self.exit_line is None:
            return None
        bay = Zone(self.wash_bay) if self.wash_bay else None
        return Gate(DirectedLine(*self.exit_line.points), self.exit_line.outward, bay)


class CameraConfig(_Strict):
    """A camera point (点位). The URL holds the password and is never shown."""

    id: Id
    site: Id
    name: Name
    url: SecretStr
    transport: Literal["tcp", "udp"] = "tcp"
    mode: Literal["gate"] = "gate"
    frames_per_second: float = Field(default=10.0, ge=2.0, le=60.0)
    """How many pictures a second are inspected."""
    zones: ZonesConfig = ZonesConfig()
    """Without an exit line the camera is watched and remembered, and no rule judges it."""

    @field_validator("url")
    @classmethod
    def _is_a_camera(cls, url: SecretStr) -> SecretStr:
        source = VideoSource(url.get_secret_value())
        if not source.is_camera:
            raise ValueError("write an RTSP address such as rtsp://host:554/path")
        try:
            check_address(source)
        except StreamError as error:
            raise ValueError(str(error)) from None
        return url

    @property
    def source(self) -> VideoSource:
        """Where the camera's video comes from."""
        return VideoSource(self.url.get_secret_value(), self.transport)


class RulesConfig(_Strict):
    """The rules' parameters."""

    unwashed_truck: UnwashedTruckParameters = UnwashedTruckParameters()


class ClipConfig(_Strict):
    """Seconds of the evidence clip before and after the event."""

    before_s: float = Field(default=10.0, ge=0.0, le=60.0)
    after_s: float = Field(default=5.0, ge=0.0, le=60.0)


class Config(_Strict):
    """The whole file."""

    sites: list[SiteConfig] = Field(min_length=1)
    cameras: list[CameraConfig] = Field(min_length=1)
    rules: RulesConfig = RulesConfig()
    clip: ClipConfig = ClipConfig()
    model: str = DEFAULT_MODEL
    timezone: str = "Asia/Shanghai"
    data: Path = Path("dustwatch-data/edge")
    """Folder for evidence that waits to be delivered, relative to where the command runs."""
    queue: str = "http://127.0.0.1:8080"
    """Address of the case queue."""

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("unknown time zone; write a name such as Asia/Shanghai") from None
        return name

    @field_validator("queue")
    @classmethod
    def _is_http(cls, address: str) -> str:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("write http://host:port")
        return address.rstrip("/")

    @model_validator(mode="after")
    def _names_fit_together(self) -> Self:
        sites = [site.id for site in self.sites]
        cameras = [camera.id for camera in self.cameras]
        for kind, ids in (("site", sites), ("camera", cameras)):
            twice = sorted({name for name in ids if ids.count(name) > 1})
            if twice:
                raise ValueError(f"two {kind}s are called {twice[0]}")
        for camera in self.cameras:
            if camera.site not in sites:
                raise ValueError(f"camera {camera.id} belongs to site {camera.site}, which is not in the file")
        return self

    def place(self, camera: CameraConfig) -> Place:
        """Return where a camera hangs."""
        site = next(site for site in self.sites if site.id == camera.site)
        return Place(site_id=site.id, site_name=site.name, camera_id=camera.id, camera_name=camera.name)

    def gate_camera(self, camera: CameraConfig) -> GateCamera | None:
        """Return what the gate watch needs of one camera; None where no exit line is drawn."""
        gate = camera.zones.gate()
        if gate is None:
            return None
        return GateCamera(
            place=self.place(camera),
            gate=gate,
            parameters=self.rules.unwashed_truck,
            frames_per_second=camera.frames_per_second,
            timezone=self.timezone,
        )
