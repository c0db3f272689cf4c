"""Watches one gate camera: detections in, violations and the scene around them out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from vision.evidence.annotate import LINE_COLOUR, ZONE_COLOUR, Mark, both_times, box_mark
from vision.evidence.calibration import calibration_of
from vision.evidence.manifest import Place
from vision.evidence.recorder import Scene
from vision.geometry import Zone
from vision.ground_plane import Correspondence
from vision.mask_out import mask_marks, mask_zones, without_masked
from vision.tracking import VehicleTracker
from vision.truck_vote import TruckVotes
from vision.unwashed_truck import Gate, GateCounts, UnwashedTruckParameters, UnwashedTruckRule
from vision.violations import Violation
from vision.watch import Finding, Seen, Sight

LONGEST_STILL = timedelta(seconds=15)
"""The next keyframe may be this far away; after more, the camera was not watched, and nothing can be said."""
STILL_STEP = timedelta(seconds=1)


@dataclass(frozen=True)
class GateCamera:
    """What was set up for a camera that watches a gate; `timezone` is an IANA name."""

    place: Place
    gate: Gate
    parameters: UnwashedTruckParameters
    frames_per_second: float
    timezone: str
    ground: tuple[Correspondence, ...] = ()
    """Points with known places on the ground, for the evidence: the rule measures nothing in metres."""
    reference_sha256: str | None = None
    """Of the picture taken at commissioning."""
    mask_out: tuple[Zone, ...] = ()
    """Areas that are not looked at: a vehicle whose foot is in one is not seen."""


class GateWatch:
    """Tracks the vehicles of one gate and judges the trucks among them."""

    needs = frozenset({Sight.VEHICLES})

    def __init__(self, camera: GateCamera) -> None:
        self.camera = camera
        self._tracker = VehicleTracker(camera.frames_per_second)
        self._votes = TruckVotes()
        self._rule = UnwashedTruckRule(camera.place.camera_id, camera.gate, camera.parameters)
        self._track_ids: set[int] = set()
        self._last: Seen | None = None

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

        So a truck that stands in the wash bay is followed, and its washing counted, while nobody looks.
        """
        findings: list[Finding] = []
        while self._last is not None and timedelta(0) < at - self._last.captured_at <= LONGEST_STILL:
            moment = min(at, self._last.captured_at + STILL_STEP)
            findings += self._take_in(replace(self._last, captured_at=moment), is_new=False)
        return findings

    def _take_in(self, seen: Seen, *, is_new: bool) -> list[Finding]:
        assert seen.vehicles is not None
        self._last = seen
        vehicles = without_masked(self.camera.mask_out, seen.vehicles, (seen.width, seen.height))
        sightings = self._tracker.update(vehicles, seen.captured_at, seen.width, seen.height)
        self._track_ids.update(sighting.track_id for sighting in sightings)
        judged = [replace(sighting, is_truck=self._votes.add(sighting, is_new=is_new)) for sighting in sightings]
        violations = self._rule.observe(seen.captured_at, judged)
        return [Finding(violation, self._scene(violation)) for violation in violations]

    def _scene(self, violation: Violation) -> Scene:
        """Return what the evidence of a violation tells beside it: place, zones, drawing and caption."""
        gate, place = self.camera.gate, self.camera.place
        zones = {"exit_line": [gate.exit_line.start, gate.exit_line.end], "outward": [gate.outward]}
        if gate.wash_bay is not None:
            zones["wash_bay"] = list(gate.wash_bay.points)
        zones |= mask_zones(self.camera.mask_out)
        drawn = [*zone_marks(gate), *mask_marks(self.camera.mask_out)]
        marks = [*drawn, box_mark(violation.bbox_xyxy, f"#{violation.track_id}")]
        washed_s, needed_s = violation.measures["wash_seconds"], self.camera.parameters.wash_seconds
        key = violation.key[:8]
        caption = [
            f"车辆未冲洗 Unwashed truck · {place.site_name} · {place.camera_name}",
            both_times(violation.opened_at, self.camera.timezone),
            f"冲洗 {washed_s:g} 秒，应冲洗 {needed_s:g} 秒 · washed {washed_s:g} s of {needed_s:g} s · {key}",
        ]
        return Scene(
            place=place,
            zones=zones,
            parameters=self.camera.parameters.model_dump(),
            marks=marks,
            caption=caption,
            calibration=calibration_of(self.camera.ground),
            reference_sha256=self.camera.reference_sha256,
        )


def zone_marks(gate: Gate) -> list[Mark]:
    """Return the drawing of a gate's zones: the exit line with an arrow outward, and the wash bay."""
    line = [gate.exit_line.start, gate.exit_line.end]
    marks = [Mark(line, "出口线 exit", LINE_COLOUR, arrow_to=gate.outward)]
    if gate.wash_bay is not None:
        marks.append(Mark(gate.wash_bay.points, "冲洗区 wash bay", ZONE_COLOUR))
    return marks
