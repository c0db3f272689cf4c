"""One camera under watch: its feed, its watch, and what they have done so far."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from streams.feed import CameraFeed, FeedStatus
from streams.frames import Frame
from vision.claims import claims_outside
from vision.evidence.before import BeforePicture, BeforePictures
from vision.geometry import Zone
from vision.kept_memory import KeptMemory, MemoryStore
from vision.look_back import LookBackOrder
from vision.privacy import paint_over
from vision.shown_picture import ShownPicture
from vision.violations import Violation
from vision.watch import Finding, Seen, Watch


@dataclass(frozen=True)
class CameraReport:
    """One camera at a glance.

    `status` is the connection that pictures are taken from, `recording` that of the main stream where it is another.
    `inspected` counts pictures that the networks saw. `lag_s` is how old the last look was when it was judged.
    `is_suspended` tells that nothing is judged, since the camera looks elsewhere than when its zones were drawn.
    `cpu_s` is the processor time spent on this camera so far, by its threads and by its share of the workers;
    `networks_cpu_s` is what the networks took of it.
    """

    status: FeedStatus
    recording: FeedStatus | None
    mode: str
    inspected: int
    last_inspected_at: datetime | None
    lag_s: float
    cpu_s: float
    networks_cpu_s: float
    ring_bytes: int
    is_suspended: bool
    figures: Mapping[str, float]

    @property
    def feeds(self) -> tuple[FeedStatus, ...]:
        """Every connection to the camera."""
        return (self.status,) if self.recording is None else (self.status, self.recording)


@dataclass(frozen=True)
class Glance:
    """A look at a camera, its picture (if it shows something new) in colours that the networks understand.

    `taken_ns` is when it was done taking, in nanoseconds since 1970.
    """

    camera: "WatchedCamera"
    captured_at: datetime
    frame: Frame | None
    taken_ns: int = 0

    def for_people(self) -> "Glance":
        """Return it with the picture as people may see it."""
        return self if self.frame is None else replace(self, frame=self.camera.feed.retouched(self.frame))


class WatchedCamera:
    """A camera's feed, and the watch that judges its pictures.

    Where a camera has two streams, the networks look at `feed`, the smaller one, and evidence is taken from
    `recording`, the main one.
    """

    def __init__(
        self,
        feed: CameraFeed,
        watch: Watch,
        *,
        mode: str,
        recording: CameraFeed | None = None,
        is_suspended: Callable[[], bool] = lambda: False,
        sees_clearly: Callable[[], bool] = lambda: True,
        privacy: tuple[Zone, ...] = (),
        store: MemoryStore | None = None,
        before: BeforePictures | None = None,
        lease: int | None = None,
    ) -> None:
        """While `is_suspended` says so, pictures are looked at and not judged.

        The areas of `privacy` are seen by the networks, and painted over in whatever leaves for people's eyes.
        What is known is kept in `store`, and what it looked like while all was well in `before`. Evidence tells the
        `lease` under which a node of a cluster watches.
        """
        self.name = feed.name
        self.feed = feed
        self.watch = watch
        self.recording = recording or feed
        self.look_backs: tuple[LookBackOrder, ...] = ()
        """The look-backs that are asked for now; may be set by another thread."""
        self.shown = ShownPicture()
        """The newest inspected picture as people may see it."""
        self.memory = KeptMemory(feed.name, watch, store)
        self._mode = mode
        self._is_suspended = is_suspended
        self._sees_clearly = sees_clearly
        self._before = before
        self._lease = lease
        self._privacy = privacy
        if privacy:
            for connection in self.feeds:
                connection.retouch = partial(paint_over, areas=privacy)
        self._inspected = 0
        self._last_inspected_at: datetime | None = None
        self._lag_s = 0.0
        self._cpu_s = 0.0
        self._networks_cpu_s = 0.0

    @property
    def feeds(self) -> tuple[CameraFeed, ...]:
        """The connections to this camera."""
        return (self.feed,) if self.recording is self.feed else (self.feed, self.recording)

    def start(self) -> None:
        """Go on from what is remembered, and connect."""
        self.memory.recall()
        for feed in self.feeds:
            feed.start()

    def begin_to_stop(self) -> None:
        """Ask the connections to end, without waiting."""
        for feed in self.feeds:
            feed.begin_to_stop()

    def stop(self) -> None:
        """Wait until the connections have ended."""
        for feed in self.feeds:
            feed.stop()

    def glance(self) -> Glance | None:
        """Take the next look and bring its picture into the networks' colours; a worker does this."""
        began = time.thread_time()
        look = self.feed.next_look()
        frame = look.picture.to_frame() if look is not None and look.picture is not None else None
        self._cpu_s += time.thread_time() - began
        return None if look is None else Glance(self, look.captured_at, frame, time.time_ns())

    def judge(self, seen: Seen | None, at: datetime) -> list[Finding]:
        """Judge what was seen in the look captured at `at` (UTC); None where nothing had changed."""
        began = time.thread_time()
        if seen is not None:
            self._inspected += 1
            self._last_inspected_at = at
            self._cpu_s += seen.cpu_s
            self._networks_cpu_s += seen.cpu_s
        if self._is_suspended():
            findings = []
        else:
            self.watch.look_back(self.look_backs, sees_clearly=self._sees_clearly())
            findings = self.watch.see_unchanged(at) if seen is None else self.watch.see(seen)
        self._lag_s = (datetime.now(UTC) - self.feed.clock.behind - at).total_seconds()
        self._cpu_s += time.thread_time() - began
        return [self._completed(finding) for finding in findings]

    def _completed(self, finding: Finding) -> Finding:
        """Tell the lease, and what is painted over; nothing is claimed there, since paint is all that is seen."""
        claims = claims_outside(finding.scene.claims, self._privacy)
        return replace(finding, scene=replace(finding.scene, privacy=self._privacy, claims=claims, lease=self._lease))

    def keep_lawful(self, glance: Glance) -> None:
        """Keep the picture of a look that was just judged, where it is wanted as that of before. Raises OSError."""
        if self._before is None or glance.frame is None or self._is_suspended():
            return
        for rule in self.watch.lawful:
            if not self._before.is_due(rule, glance.captured_at):
                continue
            frame = self.best_picture(glance, glance.captured_at)
            if frame is not None:
                self._before.keep(rule, frame.image, glance.captured_at)

    def before(self, violation: Violation) -> BeforePicture | None:
        """Return the picture of what it was like before the violation."""
        newest = self._before.newest(violation.rule) if self._before else None
        return newest if newest and newest.captured_at < violation.opened_at else None

    def best_picture(self, glance: Glance, moment: datetime) -> Frame | None:
        """Return the picture of a moment (UTC) of a look: of the main stream, where the networks looked at another.

        None where the look brought none, and the main stream has none either.
        """
        if glance.frame is not None and self.recording is self.feed:
            return glance.frame
        return self.recording.picture_at(moment) or glance.frame

    def report(self) -> CameraReport:
        """Return the figures as they stand now."""
        return CameraReport(
            status=self.feed.status,
            recording=None if self.recording is self.feed else self.recording.status,
            mode=self._mode,
            inspected=self._inspected,
            last_inspected_at=self._last_inspected_at,
            lag_s=round(self._lag_s, 3),
            cpu_s=round(self._cpu_s + sum(feed.cpu_s for feed in self.feeds), 4),
            networks_cpu_s=round(self._networks_cpu_s, 4),
            ring_bytes=sum(feed.ring_bytes for feed in self.feeds),
            is_suspended=self._is_suspended(),
            figures=dict(self.watch.figures),
        )
