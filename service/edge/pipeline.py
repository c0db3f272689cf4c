"""The edge's process: cameras, judgement and delivery, built from the configuration and changed with it."""

import fcntl
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import structlog

from service.config.schema import Config
from service.delivery.foreign_cameras import ForeignCameras
from service.delivery.health_outbox import HealthOutbox
from service.delivery.health_poster import HealthPoster
from service.delivery.interval_poller import IntervalPoller
from service.delivery.layout_poller import LayoutPoller
from service.delivery.look_back_poller import LookBackPoller
from service.delivery.picture_poster import CameraTold, PicturePoster
from service.delivery.poster import Poster
from service.domain.camera_news import NewestLayout
from service.edge.camera_health import CamerasHealth
from service.edge.camera_told import camera_told
from service.edge.cameras import CameraOrder, build, orders
from service.edge.edge_models import EdgeModels
from service.edge.intervals import Intervals
from service.edge.layouts import Drawn, Layouts
from service.edge.metrics import metrics_served
from service.edge.references import hoarding_reference
from service.edge.software import software_versions
from service.edge.status import CameraStatus, EdgeStatus, write_status
from service.edge.watch_memories import CameraMemory, fittings_of, memory_path, told_by, what_is_shown
from service.errors import ServiceError
from streams.codecs import HERE, Decoders
from streams.decoding.pool import DecoderPool
from streams.decoding.remote import CameraDecoders
from streams.health.watch import HealthWatch
from vision.engine import Engine
from vision.evidence.before import BeforePictures
from vision.evidence.recorder import ClipLength, EvidenceRecorder
from vision.plates.background import PlatesInBackground
from vision.plates.reader import PlateReader
from vision.told_since import Told
from vision.watched_camera import WatchedCamera

log = structlog.get_logger(__name__)

STATUS_EVERY_S = 1.0
LIVE_FIELDS = frozenset({"sites", "cameras", "rules"})
"""What of the configuration takes effect while the edge runs; the rest needs a new start."""


class AlreadyRunning(ServiceError):
    """Another process works in the same folder."""

    template = "{folder} is in use by another dustwatch; stop it, or set another data folder"


@dataclass(frozen=True)
class Tenure:
    """In a cluster: the tokens under which this node watches cameras, and what it was told as it took them over.

    `told` are violations and later pictures that came in from other nodes and that a camera's memory may not know.
    Cameras that are in `told` go by that alone; those that are not, by the evidence that was found on the disk.
    """

    leases: Mapping[str, int] = field(default_factory=dict)
    told: Mapping[str, Sequence[Told]] = field(default_factory=dict)


class Pipeline:
    """Everything that one edge runs."""

    def __init__(self, config: Config, *, delivers: bool = True) -> None:
        """Load the models. Without `delivers` all stays in the data folder: nothing is posted.

        Raises ModelError or PlateReaderMissing.
        """
        self._config = config
        models = EdgeModels(config)
        self._plates = PlatesInBackground(PlateReader.load().plate_of) if config.plates == "on" else None
        self._weights = models.weights
        self._recorder = EvidenceRecorder(
            config.data,
            clip=ClipLength(config.clip.before_s, config.clip.after_s),
            timezone=config.timezone,
            models=models.by_rule(),
            software=software_versions(),
            plates=self._plates,
        )
        self._networks = models.networks(workers=config.workers)
        self._engine = Engine(self._networks, self._recorder)
        self._decoding = DecoderPool(self._networks.workers) if config.decoder == "process" else None
        token = config.queue_token.get_secret_value() if config.queue_token else ""
        foreign = ForeignCameras()
        self._poster = Poster(self._recorder.ready_folder, config.queue, token=token, foreign=foreign)
        self._health_outbox = HealthOutbox(config.data / "health")
        health_poster = HealthPoster(self._health_outbox, config.queue, token=token, foreign=foreign)
        look_backs = LookBackPoller(config.queue, lambda: list(self._orders), self._engine.look_back, token=token)
        layouts = LayoutPoller(config.queue, lambda: list(self._orders), self._take_layouts, token=token)
        intervals = IntervalPoller(config.queue, self._sites, self._take_intervals, token=token)
        every_s = config.picture_every_s
        pictures = PicturePoster(config.queue, self.told, token=token, every_s=every_s, foreign=foreign)
        tells = (pictures,) if config.picture_every_s else ()
        self._posters = (self._poster, health_poster, look_backs, layouts, intervals, *tells) if delivers else ()
        self._health = CamerasHealth(self._health_outbox)
        self._orders: dict[str, CameraOrder] = {}
        self._layouts = Layouts(config.data)
        self._intervals = Intervals(config.data)
        self._drawn: Mapping[str, Drawn] = {}
        self._changing = threading.Lock()
        self._told: list[Told] = []
        self._tenure = Tenure()
        self.has_begun = threading.Event()
        """Set once what an earlier process left is taken up, and cameras may be given."""

    def run(self, stop: threading.Event) -> None:
        """Watch until `stop` is set. Raises AlreadyRunning or MetricsAddressTaken."""
        with _only_one_in(self._config.data), metrics_served(self._config.metrics_address, self.status):
            self._told = [found for folder in self._recorder.recover() if (found := told_by(folder))]
            self._health_outbox.end_interrupted(datetime.now(UTC))
            with self._changing:
                self._apply()
            self.has_begun.set()
            for poster in self._posters:
                poster.start()
            reporter = threading.Thread(target=self._report_for_ever, args=(stop,), name="status", daemon=True)
            reporter.start()
            self._engine.run(stop)
            if self._decoding is not None:
                self._decoding.close()
            if self._plates is not None:
                self._plates.close()
            for poster in self._posters:
                poster.stop()
            reporter.join()
            self._report()

    def change(self, config: Config, tenure: Tenure | None = None) -> None:
        """Take over a changed configuration: only cameras that it changes are stopped and started."""
        for name in sorted(set(Config.model_fields) - LIVE_FIELDS):
            if getattr(config, name) != getattr(self._config, name):
                log.warning("config.needs_restart", setting=name)
        kept = {name: getattr(self._config, name) for name in set(Config.model_fields) - LIVE_FIELDS}
        with self._changing:
            self._config = config.model_copy(update=kept)
            self._tenure = tenure or self._tenure
            self._apply()

    def watched(self) -> frozenset[str]:
        """Return the cameras that are watched; one that is missing has kept its memory, and writes nothing any more."""
        return frozenset(self._engine.reports())

    def told(self) -> dict[str, CameraTold]:
        """Return what there is to tell about every camera now, by its id."""
        known, drawn, shown = self._orders, self._drawn, self._engine.shown()
        return {
            name: camera_told(known[name], report, drawn.get(name, Drawn()), shown.get(name))
            for name, report in self._engine.reports().items()
            if name in known
        }

    def status(self) -> EdgeStatus:
        """Return what every camera does now."""
        known = self._orders
        cameras = {
            name: CameraStatus(known[name].place, report, self._health.ongoing(name))
            for name, report in self._engine.reports().items()
            if name in known  # the engine takes a camera out a moment later
        }
        poster = self._poster
        counts = (poster.waiting(), poster.delivered, cameras, poster.superseded())
        return EdgeStatus(datetime.now(UTC), os.getpid(), *counts)

    def _take_layouts(self, newest: Sequence[NewestLayout]) -> None:
        """Take over layouts that were drawn at the pages; only cameras that they change are stopped and started."""
        with self._changing:
            self._layouts.take(newest)
            self._apply()

    def _sites(self) -> list[str]:
        return sorted({order.place.site_id for order in self._orders.values()})

    def _take_intervals(self, told: Mapping[str, float]) -> None:
        """Look as often as the office asks now; only cameras whose interval changes are stopped and started."""
        with self._changing:
            if self._intervals.take(told):
                self._apply()

    def _apply(self) -> None:
        config, self._drawn = self._layouts.applied(self._config)
        self._set_cameras(orders(self._intervals.applied(config), self._tenure.leases))

    def _set_cameras(self, wanted: dict[str, CameraOrder]) -> None:
        for name in self._orders.keys() - wanted.keys():
            self._engine.remove(name)
            self._health.end(name)
            log.info("camera.removed", camera=name)
        for name, order in wanted.items():
            if self._orders.get(name) == order:
                continue
            health = self._health.begin(order, self._config.health)
            self._engine.add(self._built(order, health))
            _tell_what_is_judged(order, is_new=name not in self._orders)
        self._orders = wanted

    def _built(self, order: CameraOrder, health: HealthWatch) -> WatchedCamera:
        data, camera, fittings = self._config.data, order.camera.id, fittings_of(order, self._weights)
        found = [each for each in self._told if each.camera_id == camera]
        told = self._tenure.told.get(camera, found)
        store = CameraMemory(memory_path(data, camera), fittings, told)
        before = BeforePictures(data / "before", camera, what_is_shown(order, fittings))
        reference = hoarding_reference(order, self._networks)
        return build(
            order, self._engine.wake, health, reference, store=store, before=before, decoders_for=self._decoders_for
        )

    def _decoders_for(self, camera: str) -> Decoders:
        return HERE if self._decoding is None else CameraDecoders(self._decoding, camera)

    def _report_for_ever(self, stop: threading.Event) -> None:
        while not stop.wait(STATUS_EVERY_S):
            try:
                self._report()
            except OSError as error:
                log.warning("status.not_written", problem=str(error))

    def _report(self) -> None:
        status = self.status()
        self._health.look({name: camera.report.status for name, camera in status.cameras.items()})
        write_status(self._config.data, status)


def _tell_what_is_judged(order: CameraOrder, *, is_new: bool) -> None:
    log.info("camera.added" if is_new else "camera.changed", camera=order.camera.id, mode=order.mode)
    if not order.is_judged:
        log.warning("camera.watched_only", camera=order.camera.id, reason="no zone is drawn")
    elif order.gate is not None and order.gate.gate.wash_bay is None:
        log.warning("camera.counts_only", camera=order.camera.id, reason="no wash bay is drawn")


@contextmanager
def _only_one_in(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which the system releases even when the process is killed."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunning(folder=folder) from None
        yield
