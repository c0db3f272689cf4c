"""What may stand in the configuration file, checked by pydantic."""

import re
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from models.registry.registry import DEFAULT_MODEL
from service.config.camera import CameraConfig
from service.config.host_and_port import host_and_port
from service.config.site import SiteConfig
from service.config.timezone import known_timezone
from service.config.zones import StrictConfig
from streams.health.parameters import HealthParameters
from vision.evidence.manifest import Place
from vision.following import LaterPictures
from vision.gate_watch import GateCamera
from vision.missing_hoarding import MissingHoardingParameters
from vision.perimeter_watch import PerimeterCamera
from vision.uncovered_soil import UncoveredSoilParameters
from vision.unwashed_truck import UnwashedTruckParameters
from vision.yard_watch import YardCamera

DEFAULT_SURFACE_MODEL = "surfaces"
DEFAULT_MUD_MODEL = "mud"
DEFAULT_MACHINE_MODEL = "vehicles"
DEFAULT_DATA = Path("dustwatch-data/edge")


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
