"""What may stand in the configuration file, checked by pydantic."""

import re
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

import cv2
from pydantic import Field, SecretStr, field_validator, model_validator

from models.data.pictures import sha256_of
from models.registry.registry import DEFAULT_MODEL
from service.config.ground import GroundConfig
from service.config.site import Id, Name, SiteConfig
from service.config.timezone import known_timezone
from service.config.zones import StrictConfig, ZonesConfig
from streams.addresses import VideoSource, check_address
from streams.errors import StreamError
from streams.health.parameters import HealthParameters
from vision.evidence.manifest import Place, Position
from vision.following import LaterPictures
from vision.gate_watch import GateCamera
from vision.ground_plane import USUAL_SIZE, AboveHorizon, Correspondence
from vision.missing_hoarding import MissingHoardingParameters
from vision.perimeter_watch import PerimeterCamera
from vision.uncovered_soil import UncoveredSoilParameters
from vision.unwashed_truck import UnwashedTruckParameters
from vision.watch import Sight
from vision.yard_watch import YardCamera

DEFAULT_SURFACE_MODEL = "surfaces"
DEFAULT_MUD_MODEL = "mud"
DEFAULT_MACHINE_MODEL = "vehicles"
DEFAULT_DATA = Path("dustwatch-data/edge")
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


class RulesConfig(StrictConfig):
    """The rules' parameters."""

    unwashed_truck: UnwashedTruckParameters = UnwashedTruckParameters()
    uncovered_soil: UncoveredSoilParameters = UncoveredSoilParameters()
    missing_hoarding: MissingHoardingParameters = MissingHoardingParameters()
    later_picture_first_s: float = Field(default=3600.0, ge=1, le=30 * 24 * 3600)
    """Seconds after which a violation that lasts is shown again."""
    later_picture_every_s: float = Field(default=6 * 3600.0, ge=1, le=30 * 24 * 3600)
    """Seconds between the later pictures after the first."""

    @property
    def later_pictures(self) -> LaterPictures:
        """When later pictures are due."""
        return LaterPictures(self.later_picture_first_s, self.later_picture_every_s)


class ClipConfig(StrictConfig):
    """Seconds of the evidence clip before and after the event."""

    before_s: float = Field(default=10.0, ge=0.0, le=60.0)
    after_s: float = Field(default=5.0, ge=0.0, le=60.0)


class Config(StrictConfig):
    """The whole file."""

    sites: list[SiteConfig] = Field(min_length=1)
    cameras: list[CameraConfig] = Field(min_length=1)
    rules: RulesConfig = RulesConfig()
    health: HealthParameters = HealthParameters()
    clip: ClipConfig = ClipConfig()
    plates: Literal["off", "on"] = "off"
    """Whether the number plates of trucks in violation are read; needs the extra `plates`."""
    model: str = DEFAULT_MODEL
    timezone: str = "Asia/Shanghai"
    machine_model: str = DEFAULT_MACHINE_MODEL
    """What tells machines at work in a yard, and what stands before a hoarding. `model` counts trucks at gates."""
    surface_model: str = DEFAULT_SURFACE_MODEL
    mud_model: str = DEFAULT_MUD_MODEL
    workers: int = Field(default=0, ge=0, le=1024)
    """Threads that decode and run the networks; 0: as many as there are processor cores."""
    decoder: Literal["process", "thread"] = "process"
    """Where pictures are decoded: in processes that are shut in, as streams are hostile input, or in the edge's own."""
    data: Path = DEFAULT_DATA
    """Folder for evidence that waits to be delivered, relative to where the command runs."""
    queue: str = "http://127.0.0.1:8080"
    """Address of the case queue."""
    queue_token: SecretStr | None = None
    """What the queue lets the edge in by, as `${VARIABLE}` only; made by `dustwatch accounts token create`."""
    picture_every_s: float = Field(default=60.0, ge=0, le=24 * 3600.0)
    """Seconds between two pictures of a camera that are sent to the queue's camera wall while nobody looks at it live;
    0: none are ever sent, nor anything else about the cameras beside their health."""
    metrics: str | None = None
    """host:port at which Prometheus metrics are served; nobody is asked for a password there. Without it, nowhere."""

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        return known_timezone(name)

    @field_validator("queue")
    @classmethod
    def _is_http(cls, address: str) -> str:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("write http://host:port")
        return address.rstrip("/")

    @field_validator("queue_token")
    @classmethod
    def _can_be_sent(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not re.fullmatch(r"[\x21-\x7e]+", token.get_secret_value()):
            raise ValueError("it is empty, or has spaces or letters that no token has")
        return token

    @field_validator("metrics")
    @classmethod
    def _is_host_and_port(cls, address: str | None) -> str | None:
        if address is not None:
            host_and_port(address)
        return address

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

    @property
    def metrics_address(self) -> tuple[str, int] | None:
        """Host and port of the metrics; None where they are not served."""
        return None if self.metrics is None else host_and_port(self.metrics)

    def place(self, camera: CameraConfig) -> Place:
        """Return where a camera hangs."""
        site = next(site for site in self.sites if site.id == camera.site)
        return Place(
            site_id=site.id,
            site_name=site.name,
            camera_id=camera.id,
            camera_name=camera.name,
            district=site.district,
            street=site.street,
            address=site.address,
            position=camera.position or site.position,
        )

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
            ground=camera.ground_points,
            reference_sha256=camera.reference_sha256,
            mask_out=camera.zones.mask_out_zones(),
        )

    def yard_camera(self, camera: CameraConfig) -> YardCamera | None:
        """Return what the yard watch needs of one camera; None where no yard is drawn."""
        zone = camera.zones.yard_zone()
        if zone is None:
            return None
        return YardCamera(
            self.place(camera),
            zone,
            self.rules.uncovered_soil,
            camera.longest_gap_s,
            self.timezone,
            camera.ground_points,
            camera.reference_sha256,
            self.rules.later_pictures,
            camera.zones.mask_out_zones(),
        )

    def perimeter_camera(self, camera: CameraConfig) -> PerimeterCamera | None:
        """Return what the perimeter watch needs of one camera; None where no perimeter is drawn."""
        if camera.zones.perimeter is None:
            return None
        return PerimeterCamera(
            self.place(camera),
            camera.zones.perimeter.to_perimeter(),
            self.rules.missing_hoarding,
            camera.longest_gap_s,
            self.timezone,
            camera.ground_points,
            camera.reference_sha256,
            self.rules.later_pictures,
            camera.zones.mask_out_zones(),
        )


def host_and_port(address: str) -> tuple[str, int]:
    """Split `host:port` (`[::1]:9464` for IPv6). Raises ValueError."""
    try:
        parts = urlsplit(f"//{address}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not port or parts.netloc != address or "@" in address:
        raise ValueError("write host:port, such as 127.0.0.1:9464")
    return host, port
