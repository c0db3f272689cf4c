"""The unwashed-truck rule: a truck leaves through the exit line without having stood in the wash bay long enough."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field

from vision.geometry import DirectedLine, Zone
from vision.tracking import LONGEST_BLINK, Sighting
from vision.violations import RuleName, Violation

DEAD_BAND_HEIGHTS = 0.05
"""A truck is on one side of the line when its foot is this many box heights away: jitter at a standstill is no crossing."""
FORGET_AFTER = timedelta(minutes=2)
"""A truck unseen for this long is not expected back under the same track id."""


class UnwashedTruckParameters(BaseModel):
    """What the office may set for this rule."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wash_seconds: float = Field(default=20.0, gt=0, le=3600)
    """How long a truck has to stand in the wash bay."""
    within_seconds: float = Field(default=600.0, gt=0, le=24 * 3600)
    """How long before leaving the washing may lie back."""


@dataclass(frozen=True)
class Gate:
    """What is drawn on a gate camera's picture: the exit line with its outer side, and the wash bay if there is one."""

    exit_line: DirectedLine
    outward: tuple[float, float]
    wash_bay: Zone | None

    def depth(self, point: tuple[float, float]) -> float:
        """Return how far outside the exit line the point lies (relative units), negative inside."""
        sign = 1.0 if self.exit_line.side(self.outward) > 0 else -1.0
        return sign * self.exit_line.side(point)


@dataclass
class _Truck:
    """What is remembered of one track."""

    last: Sighting
    was_there_at_start: bool
    inside_foot: tuple[float, float] | None = None
    outside_foot: tuple[float, float] | None = None
    has_left: bool = False
    has_entered: bool = False
    washed: list[tuple[datetime, datetime]] = field(default_factory=list)


@dataclass
class GateCounts:
    """How many trucks crossed the exit line, and how many of those leaving were not judged and why."""

    left: int = 0
    entered: int = 0
    washed: int = 0
    unwashed: int = 0
    unknown: int = 0


class UnwashedTruckRule:
    """Judges the trucks of one gate camera. Pure: it knows what it is told and nothing else.

    A truck is judged once, when it first leaves. One that was in the picture already when watching began, or began
    again after a gap, may have washed unseen: it is counted as unknown and never reported.
    Without a wash bay nothing can be judged; trucks are counted alone.
    """

    def __init__(self, camera_id: str, gate: Gate, parameters: UnwashedTruckParameters) -> None:
        self._camera_id = camera_id
        self._gate = gate
        self._parameters = parameters
        self._trucks: dict[int, _Truck] = {}
        self._watched_since: datetime | None = None
        self._last_at: datetime | None = None
        self.counts = GateCounts()

    def observe(self, at: datetime, trucks: Sequence[Sighting]) -> list[Violation]:
        """Take in the trucks of the frame captured at `at` (UTC, also when there are none); return new violations."""
        self._notice_gaps(at)
        violations = []
        for sighting in trucks:
            violation = self._follow(sighting)
            if violation is not None:
                violations.append(violation)
        self._forget(at)
        return violations

    def _notice_gaps(self, at: datetime) -> None:
        if self._last_at is None or not timedelta(0) <= at - self._last_at <= LONGEST_BLINK:
            self._watched_since = at
            self._trucks.clear()
        self._last_at = at

    def _follow(self, sighting: Sighting) -> Violation | None:
        truck = self._trucks.get(sighting.track_id)
        if truck is None:
            truck = _Truck(last=sighting, was_there_at_start=self._is_start(sighting.captured_at))
            self._trucks[sighting.track_id] = truck
        self._note_washing(truck, sighting)
        leaves_first_time = self._note_crossing(truck, sighting)
        truck.last = sighting
        return self._judge(truck, sighting) if leaves_first_time else None

    def _is_start(self, at: datetime) -> bool:
        return self._watched_since is not None and at - self._watched_since <= timedelta(seconds=1)

    def _note_washing(self, truck: _Truck, sighting: Sighting) -> None:
        """Prolong the stay in the wash bay; short losses of sight between two sightings in it belong to it."""
        bay = self._gate.wash_bay
        if bay is None or not bay.contains(sighting.foot):
            return
        now = sighting.captured_at
        if truck.washed and truck.washed[-1][1] == truck.last.captured_at:
            truck.washed[-1] = (truck.washed[-1][0], now)
        else:
            truck.washed.append((now, now))

    def _note_crossing(self, truck: _Truck, sighting: Sighting) -> bool:
        """Note on which side the truck is, and return whether it has just left for the first time."""
        _, top, _, bottom = sighting.bbox_xyxy
        depth = self._gate.depth(sighting.foot)
        if abs(depth) < DEAD_BAND_HEIGHTS * (bottom - top):
            return False
        came_from, truck.inside_foot, truck.outside_foot = (
            (truck.inside_foot, None, sighting.foot) if depth > 0 else (truck.outside_foot, sighting.foot, None)
        )
        if came_from is None or not self._gate.exit_line.is_crossed_between(came_from, sighting.foot):
            return False
        leaves_first_time = depth > 0 and not truck.has_left
        self.counts.left += leaves_first_time
        self.counts.entered += depth < 0 and not truck.has_entered
        truck.has_left, truck.has_entered = truck.has_left or depth > 0, truck.has_entered or depth < 0
        return leaves_first_time

    def _judge(self, truck: _Truck, sighting: Sighting) -> Violation | None:
        if self._gate.wash_bay is None:
            return None
        wash_seconds = self._washed_seconds(truck, sighting.captured_at)
        if wash_seconds >= self._parameters.wash_seconds:
            self.counts.washed += 1
            return None
        if truck.was_there_at_start:
            self.counts.unknown += 1
            return None
        self.counts.unwashed += 1
        return Violation(
            rule=RuleName.UNWASHED_TRUCK,
            camera_id=self._camera_id,
            opened_at=sighting.captured_at,
            track_id=sighting.track_id,
            bbox_xyxy=sighting.bbox_xyxy,
            measures={"wash_seconds": round(wash_seconds, 1)},
        )

    def _washed_seconds(self, truck: _Truck, now: datetime) -> float:
        """Return the time spent in the wash bay within the time before `now` that counts."""
        oldest = now - timedelta(seconds=self._parameters.within_seconds)
        stays = [(max(start, oldest), end) for start, end in truck.washed if end > oldest]
        return sum((end - start).total_seconds() for start, end in stays)

    def _forget(self, at: datetime) -> None:
        self._trucks = {
            track_id: truck for track_id, truck in self._trucks.items() if at - truck.last.captured_at <= FORGET_AFTER
        }
