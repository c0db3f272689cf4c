"""The unwashed-truck rule: a truck leaves without having stood in the wash bay long enough, or visibly muddy."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field

from vision.geometry import BboxXyxy, DirectedLine, Zone, foot, stands_on
from vision.mud_views import MudViews
from vision.tracking import LONGEST_BLINK, Sighting
from vision.violations import RuleName, Violation

DEAD_BAND_HEIGHTS = 0.05
"""A truck is on one side when its foot is this many box heights off the line: jitter at a standstill is no crossing."""
FORGET_AFTER = timedelta(minutes=2)
"""A vehicle unseen for this long is not expected back under the same track id."""
RECOGNISED_WITHIN = timedelta(seconds=3)
"""A vehicle that turns out to be a truck this long after it crossed the line is still judged."""
TOGETHER = timedelta(seconds=2)
"""Two boxes that cross within this time, one standing on the other, are one truck: a cab and its trailer."""
ABOUT_TO_CROSS = 0.05
"""So far beyond the exit line (share of the picture) a truck is still looked at closely: then it has been judged."""
LEAST_SPRAY_SHARE = 0.3
"""Of the looks at a truck that stands in the wash bay, the share that shows spray where there was some."""


class UnwashedTruckParameters(BaseModel):
    """What the office may set for this rule."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wash_seconds: float = Field(default=20.0, gt=0, le=3600)
    """How long a truck has to stand in the wash bay."""
    bay_gap_seconds: float = Field(default=3.0, ge=0, le=60)
    """A truck that is back in the bay this soon was there all the time: spray and a wet floor pull its box's lower edge
    down now and then, and its foot with it out of the bay."""
    within_seconds: float = Field(default=600.0, gt=0, le=24 * 3600)
    """How long before leaving the washing may lie back."""
    muddy_is_violation: bool = True
    """Whether a truck that leaves visibly muddy is one, however long it stood in the bay."""
    mud_views: int = Field(default=3, ge=1, le=100)
    """How many views have to show mud: less than a second of them, so that one that leaves quickly is judged too."""
    muddy_share: float = Field(default=0.6, gt=0, le=1)
    """What share of all views they have to be. On real clips of clean lorries 1 view of 64 showed mud, on the rendered
    gate all views of the muddy truck did."""
    muddy_score: float = Field(default=0.8, gt=0, le=1)
    """The probability from which a view shows mud. At 0.8 none of the rendered clean test trucks does, and 0.89 of the
    muddy ones do; the classifier's own 0.2 is for single pictures, and calls clean trucks under the spray muddy."""


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

    def shows_leaving(self, bbox_xyxy: BboxXyxy) -> bool:
        """Tell whether a vehicle is inside, or about to cross the line."""
        return self.depth(foot(bbox_xyxy)) <= ABOUT_TO_CROSS


@dataclass
class _Vehicle:
    """What is remembered of one track."""

    last: Sighting
    was_there_at_start: bool
    inside_foot: tuple[float, float] | None = None
    outside_foot: tuple[float, float] | None = None
    came_in: bool = False
    is_counted_in: bool = False
    left_at: datetime | None = None
    is_judged: bool = False
    washed: list[tuple[datetime, datetime]] = field(default_factory=list)
    mud: MudViews = field(default_factory=MudViews)
    spray_looks: int = 0
    spray_seen: int = 0


@dataclass
class GateCounts:
    """How many trucks crossed the exit line, and how many of those leaving were not judged and why."""

    left: int = 0
    entered: int = 0
    washed: int = 0
    unwashed: int = 0
    unknown: int = 0
    muddy: int = 0
    """Of those three, how many left visibly muddy."""


class UnwashedTruckRule:
    """Judges the trucks of one gate camera. Pure: it knows what it is told and nothing else.

    A truck is judged once, when it first leaves. One that was in the picture already when watching began, or began
    again after a gap, may have washed unseen: it is counted as unknown and not reported, unless it leaves muddy.
    Of mud, the views count that came after the truck last stood in the wash bay: water washes away what they showed
    before, and the spray itself looks like mud.
    Without a wash bay nothing can be judged; trucks are counted alone.
    """

    def __init__(self, camera_id: str, gate: Gate, parameters: UnwashedTruckParameters) -> None:
        self._camera_id = camera_id
        self._gate = gate
        self._parameters = parameters
        self._vehicles: dict[int, _Vehicle] = {}
        self._watched_since: datetime | None = None
        self._last_at: datetime | None = None
        self._just_left: list[Sighting] = []
        self.counts = GateCounts()

    def observe(self, at: datetime, vehicles: Sequence[Sighting]) -> list[Violation]:
        """Take in the vehicles of the frame captured at `at` (UTC, also when there are none); return new violations.

        Vehicles that are not known to be trucks have to be told too: some are recognised only as they leave.
        """
        self._notice_gaps(at)
        violations = [found for sighting in vehicles if (found := self._follow(sighting)) is not None]
        self._forget(at)
        return violations

    def see_empty(self, at: datetime) -> None:
        """Begin to watch anew with a look at `at` (UTC) that shows no vehicle: whoever is seen later came after it."""
        self._last_at, self._watched_since = at, None
        self._vehicles.clear()
        self._just_left.clear()

    def _notice_gaps(self, at: datetime) -> None:
        if self._last_at is None or not timedelta(0) <= at - self._last_at <= LONGEST_BLINK:
            self._watched_since = at
            self._vehicles.clear()
            self._just_left.clear()
        self._last_at = at

    def _follow(self, sighting: Sighting) -> Violation | None:
        vehicle = self._vehicles.get(sighting.track_id)
        if vehicle is None:
            vehicle = _Vehicle(last=sighting, was_there_at_start=self._is_start(sighting.captured_at))
            self._vehicles[sighting.track_id] = vehicle
        self._note_washing(vehicle, sighting)
        self._note_crossing(vehicle, sighting)
        self._note_mud(vehicle, sighting)
        vehicle.last = sighting
        return self._count(vehicle, sighting) if sighting.is_truck else None

    def _is_start(self, at: datetime) -> bool:
        return self._watched_since is not None and at - self._watched_since <= timedelta(seconds=1)

    def _note_washing(self, vehicle: _Vehicle, sighting: Sighting) -> None:
        """Prolong the stay in the wash bay.

        A loss of sight between two sightings in it belongs to it, however long, and so does a short absence.
        """
        bay = self._gate.wash_bay
        if bay is None or not bay.contains(sighting.foot):
            return
        now, longest_absence = sighting.captured_at, timedelta(seconds=self._parameters.bay_gap_seconds)
        start, end = vehicle.washed[-1] if vehicle.washed else (now, None)
        if end is not None and (end == vehicle.last.captured_at or now - end <= longest_absence):
            vehicle.washed[-1] = (start, now)
        else:
            vehicle.washed.append((now, now))

    def _note_mud(self, vehicle: _Vehicle, sighting: Sighting) -> None:
        """Count a view of the truck's mud, or forget them all where it stands in the wash bay; note spray there."""
        bay = self._gate.wash_bay
        if bay is not None and sighting.is_standing and bay.contains(sighting.foot):
            vehicle.mud = MudViews()
            if sighting.has_spray is not None:
                vehicle.spray_looks += 1
                vehicle.spray_seen += sighting.has_spray
        elif sighting.mud is not None:
            vehicle.mud.add(sighting.mud, self._parameters)

    def _note_crossing(self, vehicle: _Vehicle, sighting: Sighting) -> None:
        """Note on which side the vehicle is, and when it first went from one to the other."""
        _, top, _, bottom = sighting.bbox_xyxy
        depth = self._gate.depth(sighting.foot)
        if abs(depth) < DEAD_BAND_HEIGHTS * (bottom - top):
            return
        came_from, vehicle.inside_foot, vehicle.outside_foot = (
            (vehicle.inside_foot, None, sighting.foot) if depth > 0 else (vehicle.outside_foot, sighting.foot, None)
        )
        if came_from is None or not self._gate.exit_line.is_crossed_between(came_from, sighting.foot):
            return
        if depth < 0:
            vehicle.came_in = True
        elif vehicle.left_at is None:
            vehicle.left_at = sighting.captured_at

    def _count(self, vehicle: _Vehicle, sighting: Sighting) -> Violation | None:
        """Count a truck that came in or left, once each; judge it when it leaves."""
        if vehicle.came_in and not vehicle.is_counted_in:
            vehicle.is_counted_in = True
            self.counts.entered += 1
        if vehicle.left_at is None or vehicle.is_judged:
            return None
        vehicle.is_judged = True
        if sighting.captured_at - vehicle.left_at > RECOGNISED_WITHIN or self._is_part_of_one_that_left(sighting):
            return None
        self.counts.left += 1
        return self._judge(vehicle, vehicle.left_at, sighting) if self._gate.wash_bay is not None else None

    def _is_part_of_one_that_left(self, part: Sighting) -> bool:
        """Tell whether the sighting shows a piece of a truck that has just crossed the line under another track."""
        self._just_left = [whole for whole in self._just_left if part.captured_at - whole.captured_at <= TOGETHER]
        for whole in self._just_left:
            now = self._vehicles[whole.track_id].last if whole.track_id in self._vehicles else whole
            if stands_on(part.bbox_xyxy, now.bbox_xyxy) or stands_on(now.bbox_xyxy, part.bbox_xyxy):
                return True
        self._just_left.append(part)
        return False

    def _judge(self, vehicle: _Vehicle, left_at: datetime, sighting: Sighting) -> Violation | None:
        wash_seconds = self._washed_seconds(vehicle, left_at)
        is_unwashed = False
        if wash_seconds >= self._parameters.wash_seconds:
            self.counts.washed += 1
        elif vehicle.was_there_at_start:
            self.counts.unknown += 1
        else:
            is_unwashed = True
            self.counts.unwashed += 1
        is_muddy = vehicle.mud.is_muddy(self._parameters)
        self.counts.muddy += is_muddy
        if not is_unwashed and not (is_muddy and self._parameters.muddy_is_violation):
            return None
        return Violation(
            rule=RuleName.UNWASHED_TRUCK,
            camera_id=self._camera_id,
            opened_at=sighting.captured_at,
            track_id=sighting.track_id,
            bbox_xyxy=sighting.bbox_xyxy,
            measures={
                "wash_seconds": round(wash_seconds, 1),
                **vehicle.mud.measures,
                "spray_seen": int(vehicle.spray_seen > LEAST_SPRAY_SHARE * vehicle.spray_looks),
            },
        )

    def _washed_seconds(self, vehicle: _Vehicle, left_at: datetime) -> float:
        """Return the time spent in the wash bay within the time before `left_at` that counts."""
        oldest = left_at - timedelta(seconds=self._parameters.within_seconds)
        stays = [(max(start, oldest), end) for start, end in vehicle.washed if end > oldest]
        return sum((end - start).total_seconds() for start, end in stays)

    def _forget(self, at: datetime) -> None:
        self._vehicles = {
            track_id: vehicle
            for track_id, vehicle in self._vehicles.items()
            if at - vehicle.last.captured_at <= FORGET_AFTER
        }
