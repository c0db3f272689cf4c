"""Runs the judgement over live cameras: looks where a look is due, asks the networks, judges, stores evidence."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta

import structlog

from streams.packets import Packet
from vision import tracing
from vision.best_view import TruckPicture, picture_of
from vision.evidence.recorder import EvidenceRecorder
from vision.fair_share import FairShare
from vision.look_back import LookBackOrder
from vision.networks import Networks
from vision.seldom import Seldom
from vision.shown_picture import Shown
from vision.tracing import Timed
from vision.unsaved import Unsaved, UnsavedFindings
from vision.watch import Finding, Seen
from vision.watched_camera import CameraReport, Glance, WatchedCamera

log = structlog.get_logger(__name__)

IDLE_S = 0.5
"""How long to sleep when no camera has work, unless one wakes us."""
FILL_BATCH_S = 0.02
"""How long a batch on a graphics card waits to become full."""


class Engine:
    """One loop over all cameras: each turn looks at the cameras whose look is due, the longest unserved first.

    A turn takes at most one look a camera and no more looks than keep the workers busy for a moment; so none starves
    another, and an answer comes soon. Cameras may be added and removed while it runs.
    """

    def __init__(self, networks: Networks, recorder: EvidenceRecorder, cameras: Sequence[WatchedCamera] = ()) -> None:
        self._networks = networks
        self._recorder = recorder
        self._cameras: dict[str, WatchedCamera] = {}
        self._changes: list[Callable[[], None]] = []
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._share = FairShare()
        self._unsaved = UnsavedFindings()
        self._refusals = Seldom()
        for camera in cameras:
            self.add(camera)

    @property
    def wake(self) -> Callable[[], None]:
        """What feeds call when a look is due."""
        return self._wake.set

    def add(self, camera: WatchedCamera) -> None:
        """Watch one more camera from the next turn on; one of the same name is replaced."""
        self._change(lambda: self._put(camera))

    def remove(self, name: str) -> None:
        """Watch a camera no longer; what was found is still stored."""
        self._change(lambda: self._drop(name))

    def run(self, stop: threading.Event) -> None:
        """Take turns until `stop` is set."""
        while not stop.is_set():
            self._wake.wait(IDLE_S)
            self._wake.clear()
            if self._networks.batch > 1:
                stop.wait(FILL_BATCH_S)
            while self.turn() and not stop.is_set():
                pass
        for camera in self._cameras.values():
            camera.begin_to_stop()
        for camera in self._cameras.values():
            camera.stop()
        self._save()
        self._keep(self._cameras.values(), at_once=True)
        self._finish(datetime.max.replace(tzinfo=UTC))
        self._networks.close()

    def turn(self) -> int:
        """Look at the cameras whose turn it is, store what came of it, and return how many there were."""
        self._apply_changes()
        waiting = [name for name, camera in self._cameras.items() if camera.feed.has_work()]
        chosen = [self._cameras[name] for name in self._share.choose(waiting, self._networks.most_at_once)]
        self._look(chosen)
        self._save()
        self._keep(chosen)
        self._finish(datetime.now(UTC))
        return len(chosen)

    def reports(self) -> dict[str, CameraReport]:
        """Return every camera's figures by its id."""
        with self._lock:
            cameras = dict(self._cameras)
        return {name: camera.report() for name, camera in cameras.items()}

    def shown(self) -> dict[str, Shown]:
        """Return every camera's newest picture as people may see it, by its id; those without one are left out."""
        with self._lock:
            cameras = dict(self._cameras)
        return {name: newest for name, camera in cameras.items() if (newest := camera.shown.newest) is not None}

    def look_back(self, orders: Mapping[str, Sequence[LookBackOrder]]) -> None:
        """Hand every camera the look-backs that it is asked for now, by its id; those that are not named have none."""
        with self._lock:
            cameras = dict(self._cameras)
        for name, camera in cameras.items():
            camera.look_backs = tuple(orders.get(name, ()))

    def _look(self, cameras: Sequence[WatchedCamera]) -> None:
        glances = _gather([self._networks.pool.submit(camera.glance) for camera in cameras])
        for glance in glances:
            if glance.frame is None:
                self._judge(glance, None)
        new = [(glance, glance.frame) for glance in glances if glance.frame is not None]
        if not new:
            return
        watches = [glance.camera.watch for glance, _ in new]
        needs = [watch.needs_at(frame.captured_at) for watch, (_, frame) in zip(watches, new, strict=True)]
        closely = [watch.looks_closely_at for watch in watches]
        began = time.time_ns()
        seen = self._networks.see([frame for _, frame in new], needs, closely)
        inspection = Timed("inspection", began, time.time_ns())
        for (glance, _), one in zip(new, seen, strict=True):
            for_people = glance.for_people()  # the networks alone see what is private
            if for_people.frame is not None:
                for_people.camera.shown.see(for_people.frame)
            self._judge(for_people, one, inspection)

    def _judge(self, glance: Glance, seen: Seen | None, inspection: Timed | None = None) -> None:
        began = time.time_ns()
        try:
            findings = glance.camera.judge(seen, glance.captured_at)
        except Exception:
            log.exception("camera.not_judged", camera=glance.camera.name)
            return
        for finding in findings:
            picture = glance.camera.best_picture(glance, finding.violation.opened_at)
            _tell_of(finding, glance, inspection, began)
            self._unsaved.add(finding, picture, _best_view_of(glance, finding))
        try:
            glance.camera.keep_lawful(glance)
        except OSError as error:
            log.warning("before.not_kept", camera=glance.camera.name, problem=str(error))

    def _save(self) -> None:
        """Store the evidence of new violations; what the disk refuses is tried again next turn."""

        def store(unsaved: Unsaved) -> None:
            finding, found = unsaved.finding, unsaved.finding.violation
            camera = self._cameras.get(found.camera_id)
            with tracing.span("evidence", finding.key, camera_id=found.camera_id):
                self._recorder.begin(
                    found,
                    finding.scene,
                    unsaved.frame.image,
                    self._cut,
                    best_view=unsaved.best_view,
                    before=camera.before(found) if camera and finding.follows is None else None,
                    follows=finding.follows,
                )
            told = {"rule": found.rule, "camera": found.camera_id, **found.measures}
            if finding.follows is None:
                log.info("violation.found", key=found.key, **told)
            else:
                log.info("violation.followed", key=finding.key, **told, **finding.follows.model_dump(exclude={"key"}))

        self._unsaved.store(store)

    def _keep(self, cameras: Iterable[WatchedCamera], *, at_once: bool = False) -> None:
        """Keep what watches remember, never before the evidence of what they found: a killed process finds it again."""
        for camera in cameras:
            if self._unsaved.has_any_of(camera.name):
                continue
            try:
                camera.memory.keep(at_once=at_once)
            except Exception:
                log.exception("watch.not_kept", camera=camera.name)

    def _finish(self, now: datetime) -> None:
        """Close the evidence that is due; what the disk refuses stays staged and is tried again next turn."""
        try:
            self._recorder.finish_due(now, self._newest_packet_at, self._cut, self._clock_behind)
        except OSError as error:
            if self._refusals.is_due():
                log.warning("evidence.not_finished", problem=str(error))

    def _cut(self, camera_id: str, start: datetime, end: datetime) -> list[Packet]:
        camera = self._cameras.get(camera_id)
        return camera.recording.cut(start, end) if camera else []

    def _newest_packet_at(self, camera_id: str) -> datetime | None:
        camera = self._cameras.get(camera_id)
        return camera.recording.newest_packet_at if camera else None

    def _clock_behind(self, camera_id: str) -> timedelta:
        camera = self._cameras.get(camera_id)
        return camera.feed.clock.behind if camera else timedelta(0)

    def _change(self, change: Callable[[], None]) -> None:
        with self._lock:
            self._changes.append(change)
        self._wake.set()

    def _apply_changes(self) -> None:
        with self._lock:
            changes, self._changes = self._changes, []
            for change in changes:
                change()

    def _put(self, camera: WatchedCamera) -> None:
        self._drop(camera.name)
        self._cameras[camera.name] = camera
        camera.start()

    def _drop(self, name: str) -> None:
        camera = self._cameras.pop(name, None)
        if camera is not None:
            self._share.forget(name)
            self._keep([camera], at_once=True)
            camera.begin_to_stop()


def _tell_of(finding: Finding, glance: Glance, inspection: Timed | None, judged_ns: int) -> None:
    """Tell how the trace of what was found began: with the arrival of the look's picture."""
    look = Timed("look", round(glance.captured_at.timestamp() * 1e9), glance.taken_ns)
    judgement = Timed("violation", judged_ns, time.time_ns())
    parts = [judgement] if inspection is None else [inspection, judgement]
    place = finding.scene.place
    about = {"camera_id": place.camera_id, "site_id": place.site_id, "rule": finding.violation.rule.value}
    tracing.tell(finding.key, look, parts, about)


def _best_view_of(glance: Glance, finding: Finding) -> TruckPicture | None:
    """Return the truck alone as it was seen best, from the main stream; None where its memory is too short."""
    if finding.best_view is None:
        return None
    frame = glance.camera.recording.picture_at(finding.best_view.captured_at)
    return None if frame is None else TruckPicture(frame.captured_at, picture_of(frame.image, finding.best_view))


def _gather(jobs: Sequence["Future[Glance | None]"]) -> list[Glance]:
    """Return what came of the glances; a camera whose glance failed has none, and the others theirs."""
    glances = []
    for job in jobs:
        try:
            glance = job.result()
        except Exception:
            log.exception("camera.glance_failed")
            continue
        if glance is not None:
            glances.append(glance)
    return glances
