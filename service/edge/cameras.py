"""Builds the cameras under watch from the configuration."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from service.config.camera import CameraConfig
from service.config.schema import Config
from streams.addresses import VideoSource
from streams.codecs import HERE, Decoders
from streams.feed import CameraFeed
from streams.full_rate import FullRateSampler
from streams.gate import GatePlan, GateSampler
from streams.health.watch import HealthWatch
from streams.looks import PictureTap, Sampler
from streams.packets import PacketRing
from streams.patrol import PatrolPlan, PatrolSampler
from streams.steady_clock import SteadyClock
from vision.evidence.before import BeforePictures
from vision.evidence.manifest import Place
from vision.gate_watch import GateCamera, GateWatch
from vision.kept_memory import MemoryStore
from vision.motion_zone import motion_mask, patrol_mask
from vision.patrol_watch import PatrolWatch, SurfaceJudge
from vision.perimeter_watch import PerimeterCamera, PerimeterWatch
from vision.reference import HoardingReference
from vision.watch import Watch
from vision.watched_camera import WatchedCamera
from vision.yard_watch import YardCamera, YardWatch

RING_SLACK_S = 15.0
"""Seconds the packet ring reaches beyond the clip: a keyframe interval, and the time an inspection may lag."""
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class CameraOrder:
    """All that one camera's watch is built from; two equal orders need no new camera."""

    camera: CameraConfig
    place: Place
    gate: GateCamera | None
    yard: YardCamera | None
    perimeter: PerimeterCamera | None
    ring_seconds: float
    lease: int | None = None
    """In a cluster, the token under which this node watches the camera."""

    @property
    def mode(self) -> str:
        """How the camera is looked at: `gate` or `patrol`."""
        return "patrol" if self.gate is None else "gate"

    @property
    def is_judged(self) -> bool:
        """Whether a rule judges what is drawn."""
        return not (self.gate is None and self.yard is None and self.perimeter is None)


def orders(config: Config, leases: Mapping[str, int] | None = None) -> dict[str, CameraOrder]:
    """Return what every camera of the configuration is built from, by its id; `leases` are a cluster's tokens."""
    leases = leases or {}
    ring_seconds = config.clip.before_s + config.clip.after_s + RING_SLACK_S
    return {
        camera.id: CameraOrder(
            camera,
            config.place(camera),
            config.gate_camera(camera),
            config.yard_camera(camera),
            config.perimeter_camera(camera),
            ring_seconds,
            leases.get(camera.id),
        )
        for camera in config.cameras
    }


def build(
    order: CameraOrder,
    on_work: Callable[[], None],
    health: HealthWatch,
    reference: HoardingReference | None = None,
    *,
    store: MemoryStore | None = None,
    before: BeforePictures | None = None,
    decoders_for: Callable[[str], Decoders] = lambda _: HERE,
) -> WatchedCamera:
    """Return the camera, not yet connected. Its health is told by some of the pictures that are decoded anyway.

    `reference` is what its perimeter is held against; `decoders_for` gives a stream of the camera what decodes it.
    """
    tap = PictureTap(health.see_picture)

    def connect(source: VideoSource, tap: PictureTap | None, clock: SteadyClock | None = None) -> CameraFeed:
        name, decoders = order.camera.id, decoders_for(order.camera.id)
        sampler = None if tap is None else sampler_for(order, tap, decoders)
        ring = ring_for(order)
        return CameraFeed(name, source, sampler, ring=ring, on_work=on_work, decoders=decoders, clock=clock)

    feed = connect(order.camera.looked_at, tap)
    recording = None if order.camera.substream is None else connect(order.camera.source, None, feed.clock)
    return WatchedCamera(
        feed,
        watch_for(order, reference),
        mode=order.mode,
        recording=recording,
        is_suspended=lambda: health.is_moved,
        sees_clearly=lambda: health.sees_clearly,
        privacy=order.camera.zones.privacy_zones(),
        store=store,
        before=before,
        lease=order.lease,
    )


def ring_for(order: CameraOrder) -> PacketRing:
    """Return the memory of one of the camera's streams, empty."""
    return PacketRing(order.ring_seconds, order.camera.memory_mb * MEGABYTE)


def watch_for(order: CameraOrder, reference: HoardingReference | None = None) -> Watch:
    """Return what judges the camera's pictures; `reference` is what its perimeter is held against."""
    if order.gate is not None:
        return GateWatch(order.gate)
    judges: list[SurfaceJudge] = []
    if order.yard is not None:
        judges.append(YardWatch(order.yard))
    if order.perimeter is not None:
        judges.append(PerimeterWatch(order.perimeter, reference))
    return PatrolWatch(order.camera.looks_for, judges)


def sampler_for(order: CameraOrder, tap: PictureTap | None = None, decoders: Decoders = HERE) -> Sampler:
    """Return what chooses the pictures to look at; `tap` is shown some of them, and `decoders` decode them."""
    camera = order.camera
    if order.gate is None:
        plan = PatrolPlan(camera.patrol_interval_s, change_gate=camera.change_gate, max_age_s=camera.max_age_s)
        mask = patrol_mask(
            order.yard.zone if order.yard else None,
            order.perimeter.perimeter if order.perimeter else None,
            camera.zones.mask_out_zones(),
        )
        return PatrolSampler(plan, mask=mask, tap=tap, decoders=decoders)
    if not camera.change_gate:
        return FullRateSampler(camera.frames_per_second, tap=tap, decoders=decoders)
    gate_plan = GatePlan(camera.frames_per_second, max_age_s=camera.max_age_s)
    return GateSampler(gate_plan, mask=motion_mask(order.gate.gate, order.gate.mask_out), tap=tap, decoders=decoders)
