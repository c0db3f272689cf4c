"""Replays a recording through exactly what the edge runs for one camera, and tells what that finds."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from service.config.schema import Config
from service.edge.cameras import CameraOrder, ring_for, sampler_for, watch_for
from service.edge.edge_models import EdgeModels
from service.edge.references import hoarding_reference
from streams.addresses import VideoSource
from streams.errors import TruncatedVideo
from streams.packets import Packet
from streams.sources import OpenVideo
from vision.figure_trace import FigureTrace, TracePoint
from vision.networks import Networks
from vision.replay import replay
from vision.violations import Violation
from vision.watch import Sight

UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""When a recording is taken to begin that does not say when it was made."""


@dataclass
class Replayed:
    """What a replay found. Nothing of it depends on how fast the machine is.

    `seconds` were replayed, from `started_at` (UTC) on. `inspected` are pictures that the networks saw; `unchanged` the
    other looks; `left_out` those that the beginning of a burst leaves out to catch up, as it does at a live camera.
    `cut_off` tells why the recording ended too early.
    """

    started_at: datetime
    seconds: float = 0.0
    inspected: int = 0
    unchanged: int = 0
    left_out: int = 0
    damaged: int = 0
    violations: list[Violation] = field(default_factory=list)
    figures: Mapping[str, float] = field(default_factory=dict)
    trace: FigureTrace = field(default_factory=FigureTrace)
    cut_off: TruncatedVideo | None = None

    def seconds_at(self, moment: datetime) -> float:
        """Return how far into the recording a moment (UTC) is."""
        return round((moment - self.started_at).total_seconds(), 3)


def replay_recording(
    file: Path,
    order: CameraOrder,
    config: Config,
    *,
    started_at: datetime | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Replayed:
    """Replay `file`, whose first picture was captured at `started_at` (UTC; by default when the file was made).

    What a file holds that is cut off is replayed. No evidence is written. `on_progress` is told seconds done and in
    all. Raises StreamError or ModelError.
    """
    source = VideoSource(str(file))
    with OpenVideo(source) as video:
        result = Replayed(started_at or video.created_at or UNDATED)
        duration_s = video.duration_s
    sampler = sampler_for(order)
    with OpenVideo(source, result.started_at) as video, _networks(config, watch_for(order).needs) as networks:
        watch = watch_for(order, hoarding_reference(order, networks))
        for look in replay(_as_far_as_it_goes(video, result), ring_for(order), sampler, networks, watch):
            result.inspected += not look.is_unchanged
            result.unchanged += look.is_unchanged
            result.violations += look.violations
            result.trace.add(TracePoint(look.captured_at, look.figures, bool(look.violations)))
            on_progress(int(result.seconds), int(duration_s or result.seconds))
    result.figures = dict(watch.figures)
    result.left_out, result.damaged = sampler.dropped, sampler.damaged
    return result


def _as_far_as_it_goes(video: OpenVideo, result: Replayed) -> Iterator[Packet]:
    """Yield the packets, and note how far they reach and whether more should have come."""
    try:
        for packet in video.packets():
            result.seconds = max(result.seconds, result.seconds_at(packet.captured_at))
            yield packet
    except TruncatedVideo as error:
        result.cut_off = error


@contextmanager
def _networks(config: Config, needs: frozenset[Sight]) -> Iterator[Networks]:
    """Load the networks that are needed, as the edge does."""
    networks = EdgeModels(config).networks(needs, workers=config.workers)
    try:
        yield networks
    finally:
        networks.close()
