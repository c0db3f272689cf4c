"""Watches one gate camera: detections in, violations and the scene around them out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from models.inference.mud import MUDDY
from vision.best_view import BestViews
from vision.evidence.annotate import LINE_COLOUR, ZONE_COLOUR, Mark, both_times, box_mark
from vision.evidence.calibration import calibration_of
from vision.evidence.manifest import Claim, Place
from vision.evidence.scene import Scene
from vision.geometry import BboxXyxy, Zone
from vision.ground_plane import Correspondence
from vision.look_back import LookBackOrder
from vision.lorry_size import LorrySize
from vision.mask_out import mask_marks, mask_zones, without_masked
from vision.mud_views import tells_mud
from vision.spray import SprayMeter
from vision.standing import StandingVehicles
from vision.tracking import Sighting, VehicleTracker
from vision.truck_vote import TruckVotes
from vision.unwashed_truck import Gate, GateCounts, UnwashedTruckParameters, UnwashedTruckRule
from vision.violations import RuleName, Violation
from vision.watch import Finding, Seen, Sight
from vision.watch_memory import WatchMemory

LONGEST_STILL = timedelta(seconds=15)
"""The next keyframe may be this far away; after more, the camera was not watched, and nothing can be said."""
STILL_STEP = timedelta(seconds=1)
CLOSE_LOOK_EVERY = timedelta(seconds=0.25)
"""How often vehicles are looked at closely. One that drives out of the bay is in sight for a second or two until it has
crossed, which has to give enough views to judge its mud by."""


@dataclass(frozen=True)
class GateCamera:
    """What was set up for a camera that watches a gate; `timezone` is an IANA name."""

    place: Place
    gate: Gate
    parameters: UnwashedTruckParameters
    frames_per_second: float
    timezone: str
    ground: tuple[Correspondence, ...] = ()
    """Points with known places on the ground, by which cars are told from lorries."""
    reference_sha256: str | None = None
    """Of the picture taken at commissioning."""
    mask_out: tuple[Zone, ...] = ()
    """Areas that are not looked at: a vehicle whose foot is in one is not seen."""


class GateWatch:
    """Tracks the vehicles of one gate and judges the trucks among them."""

    lawful: frozenset[RuleName] = frozenset()
    """None: what a gate shows without a truck tells nothing of before."""

    def __init__(self, camera: GateCamera) -> None:
        self.camera = camera
        is_judged = camera.gate.wash_bay is not None
        self.needs = frozenset({Sight.VEHICLES, Sight.MUD, Sight.GREY}) if is_judged else frozenset({Sight.VEHICLES})
        self._looked_closely_at: datetime | None = None
        self._tracker = VehicleTracker(camera.frames_per_second)
        self._votes = TruckVotes()
        self._lorry_sizes: dict[tuple[int, int], LorrySize | None] = {}
        self._rule = UnwashedTruckRule(camera.place.camera_id, camera.gate, camera.parameters)
        self._standing = StandingVehicles()
        self._spray = SprayMeter()
        self._best_views = BestViews()
        self._track_ids: set[int] = set()
        self._last: Seen | None = None

    def needs_at(self, at: datetime) -> frozenset[Sight]:
        """Return what has to be looked for: mud only now and then."""
        last = self._looked_closely_at
        if last is not None and timedelta(0) <= at - last < CLOSE_LOOK_EVERY:
            return self.needs - {Sight.MUD}
        self._looked_closely_at = at
        return self.needs

    def looks_closely_at(self, bbox_xyxy: BboxXyxy) -> bool:
        """Tell whether the vehicle is inside, or about to cross: later views are not judged."""
        return self.camera.gate.shows_leaving(bbox_xyxy)

    @property
    def counts(self) -> GateCounts:
        """Trucks counted so far."""
        return self._rule.counts

    @property
    def figures(self) -> Mapping[str, float]:
        """Trucks counted so far, and `tracks`, how many vehicles, trucks or not, have been followed."""
        return {"tracks": len(self._track_ids), **asdict(self.counts)}

    def see(self, seen: Seen) -> list[Finding]:
        """Take in the vehicles of a new picture."""
        return self._take_in(seen, is_new=True)

    def see_unchanged(self, at: datetime) -> list[Finding]:
        """Let the vehicles stand where they were seen last, second by second up to `at` (UTC).

        So a truck that stands in the wash bay is followed, and its washing counted, while nobody looks. After a gap, or
        a step of the clock, watching begins anew with this look: who comes into sight later was not there before it.
        """
        findings: list[Finding] = []
        if self._last is not None and not timedelta(0) <= at - self._last.captured_at <= LONGEST_STILL:
            self._last = replace(self._last, captured_at=at)
            if self._last.vehicles:
                return self._take_in(self._last, is_new=False)
            self._rule.see_empty(at)
            return []
        while self._last is not None and timedelta(0) < at - self._last.captured_at <= LONGEST_STILL:
            moment = min(at, self._last.captured_at + STILL_STEP)
            findings += self._take_in(replace(self._last, captured_at=moment), is_new=False)
        return findings

    def look_back(self, orders: Sequence[LookBackOrder], *, sees_clearly: bool) -> None:
        """Answer none: a truck is gone."""

    def memory(self) -> WatchMemory:
        """Return nothing: a truck is judged when it leaves, and a new process can't know it again."""
        return WatchMemory()

    def recall(self, memory: WatchMemory) -> None:
        """Begin anew."""

    def _take_in(self, seen: Seen, *, is_new: bool) -> list[Finding]:
        assert seen.vehicles is not None
        self._last = seen
        self._spray.see(seen.captured_at, seen.grey if is_new else None)
        unmasked = without_masked(self.camera.mask_out, seen.vehicles, (seen.width, seen.height))
        sightings = self._tracker.update(unmasked, seen.captured_at, seen.width, seen.height)
        self._track_ids.update(sighting.track_id for sighting in sightings)
        lorry_size = self._lorry_size((seen.width, seen.height))
        vehicles = [self._known(sighting, lorry_size, is_new=is_new) for sighting in sightings]
        violations = self._rule.observe(seen.captured_at, vehicles)
        return [
            Finding(violation, self._scene(violation), self._best_views.best_of(violation.track_id))
            for violation in violations
        ]

    def _lorry_size(self, size: tuple[int, int]) -> LorrySize | None:
        """Return what measures vehicles on pictures of this size, where the camera is calibrated."""
        if size not in self._lorry_sizes:
            self._lorry_sizes[size] = LorrySize.of(self.camera.ground, size)
        return self._lorry_sizes[size]

    def _known(self, sighting: Sighting, lorry_size: LorrySize | None, *, is_new: bool) -> Sighting:
        """Return the sighting with all that its track tells. One that only repeats another shows nothing new."""
        is_standing = self._standing.stands(sighting)
        size = lorry_size.share(sighting.bbox_xyxy) if lorry_size is not None and is_new else None
        known = replace(
            sighting,
            is_truck=self._votes.add(sighting, is_new=is_new, size=size),
            is_standing=is_standing,
            has_spray=self._spray.is_seen_around(sighting.bbox_xyxy) if is_standing else None,
            mud=sighting.mud if is_new else None,
            sharpness=sighting.sharpness if is_new else None,
        )
        self._best_views.add(known)
        return known

    def _scene(self, violation: Violation) -> Scene:
        """Return what the evidence of a violation tells beside it: place, zones, drawing and caption."""
        gate, place = self.camera.gate, self.camera.place
        zones = {"exit_line": [gate.exit_line.start, gate.exit_line.end], "outward": [gate.outward]}
        if gate.wash_bay is not None:
            zones["wash_bay"] = list(gate.wash_bay.points)
        zones |= mask_zones(self.camera.mask_out)
        drawn = [*zone_marks(gate), *mask_marks(self.camera.mask_out)]
        marks = [*drawn, box_mark(violation.bbox_xyxy, f"#{violation.track_id}")]
        claims = [muddy_claim(violation.bbox_xyxy)] if self._rests_on_mud(violation) else []
        return Scene(
            place=place,
            zones=zones,
            parameters=self.camera.parameters.model_dump(),
            marks=marks,
            caption=self._caption(violation, is_muddy=bool(claims)),
            claims=claims,
            calibration=calibration_of(self.camera.ground),
            reference_sha256=self.camera.reference_sha256,
        )

    def _caption(self, violation: Violation, *, is_muddy: bool) -> list[str]:
        place, measures, needed_s = self.camera.place, violation.measures, self.camera.parameters.wash_seconds
        washed_s, key = measures["wash_seconds"], violation.key[:8]
        caption = [
            f"车辆未冲洗 Unwashed truck · {place.site_name} · {place.camera_name}",
            both_times(violation.opened_at, self.camera.timezone),
            f"冲洗 {washed_s:g} 秒，应冲洗 {needed_s:g} 秒 · washed {washed_s:g} s of {needed_s:g} s · {key}",
        ]
        if is_muddy:
            views, share = measures["mud_views"], measures["muddy_share"]
            caption.append(
                f"带泥出场：{views:g} 个画面见泥，占 {share:.0%} · leaves muddy: {views:g} views ({share:.0%}) show mud"
            )
        return caption

    def _rests_on_mud(self, violation: Violation) -> bool:
        parameters = self.camera.parameters
        return parameters.muddy_is_violation and tells_mud(violation.measures, parameters)


def muddy_claim(bbox_xyxy: BboxXyxy) -> Claim:
    """Return the claim that the truck in a relative box is muddy."""
    left, top, right, bottom = bbox_xyxy
    return Claim(class_name=MUDDY, points=[(left, top), (right, top), (right, bottom), (left, bottom)])


def zone_marks(gate: Gate) -> list[Mark]:
    """Return the drawing of a gate's zones: the exit line with an arrow outward, and the wash bay."""
    line = [gate.exit_line.start, gate.exit_line.end]
    marks = [Mark(line, "出口线 exit", LINE_COLOUR, arrow_to=gate.outward)]
    if gate.wash_bay is not None:
        marks.append(Mark(gate.wash_bay.points, "冲洗区 wash bay", ZONE_COLOUR))
    return marks
