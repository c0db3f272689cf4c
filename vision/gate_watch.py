"""Watches one gate camera: detections in, violations and the scene around them out."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import supervision as sv

from vision.evidence.annotate import LINE_COLOUR, ZONE_COLOUR, Mark, box_mark
from vision.evidence.manifest import Place
from vision.evidence.recorder import Scene
from vision.tracking import VehicleTracker
from vision.truck_vote import TruckVotes
from vision.unwashed_truck import Gate, GateCounts, UnwashedTruckParameters, UnwashedTruckRule
from vision.violations import Violation


@dataclass(frozen=True)
class GateCamera:
    """What was set up for a camera that watches a gate; `timezone` is an IANA name."""

    place: Place
    gate: Gate
    parameters: UnwashedTruckParameters
    frames_per_second: float
    timezone: str


class GateWatch:
    """Tracks the vehicles of one gate and judges the trucks among them."""

    def __init__(self, camera: GateCamera) -> None:
        self.camera = camera
        self._tracker = VehicleTracker(camera.frames_per_second)
        self._votes = TruckVotes()
        self._rule = UnwashedTruckRule(camera.place.camera_id, camera.gate, camera.parameters)
        self._track_ids: set[int] = set()

    @property
    def counts(self) -> GateCounts:
        """Trucks counted so far."""
        return self._rule.counts

    @property
    def tracks(self) -> int:
        """How many vehicles, trucks or not, have been followed so far."""
        return len(self._track_ids)

    def observe(self, detections: sv.Detections, captured_at: datetime, width: int, height: int) -> list[Violation]:
        """Take in one frame's detections (boxes in pixels of a picture of this size); return new violations."""
        sightings = self._tracker.update(detections, captured_at, width, height)
        self._track_ids.update(sighting.track_id for sighting in sightings)
        vehicles = [replace(sighting, is_truck=self._votes.add(sighting)) for sighting in sightings]
        return self._rule.observe(captured_at, vehicles)

    def scene(self, violation: Violation) -> Scene:
        """Return what the evidence of a violation tells beside it: place, zones, drawing and caption."""
        gate, place = self.camera.gate, self.camera.place
        zones = {"exit_line": [gate.exit_line.start, gate.exit_line.end], "outward": [gate.outward]}
        if gate.wash_bay is not None:
            zones["wash_bay"] = list(gate.wash_bay.points)
        marks = [*zone_marks(gate), box_mark(violation.bbox_xyxy, f"#{violation.track_id}")]
        washed_s, needed_s = violation.measures["wash_seconds"], self.camera.parameters.wash_seconds
        key = violation.key[:8]
        local = violation.opened_at.astimezone(ZoneInfo(self.camera.timezone))
        caption = [
            f"车辆未冲洗 Unwashed truck · {place.site_name} · {place.camera_name}",
            f"{local:%Y-%m-%d %H:%M:%S %z} {self.camera.timezone} · {violation.opened_at:%Y-%m-%d %H:%M:%S} UTC",
            f"冲洗 {washed_s:g} 秒，应冲洗 {needed_s:g} 秒 · washed {washed_s:g} s of {needed_s:g} s · {key}",
        ]
        return Scene(
            place=place, zones=zones, parameters=self.camera.parameters.model_dump(), marks=marks, caption=caption
        )


def zone_marks(gate: Gate) -> list[Mark]:
    """Return the drawing of a gate's zones: the exit line with an arrow outward, and the wash bay."""
    line = [gate.exit_line.start, gate.exit_line.end]
    marks = [Mark(line, "出口线 exit", LINE_COLOUR, arrow_to=gate.outward)]
    if gate.wash_bay is not None:
        marks.append(Mark(gate.wash_bay.points, "冲洗区 wash bay", ZONE_COLOUR))
    return marks
