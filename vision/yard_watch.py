"""Judges a yard by what was seen of it: bare soil in its zone, and the scene around a violation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vision.claims import claims_outside, soil_claims
from vision.evidence.annotate import ZONE_COLOUR, Mark, both_times, box_mark
from vision.evidence.calibration import calibration_of
from vision.evidence.manifest import Place
from vision.evidence.scene import Scene
from vision.following import USUAL, Following, LaterPictures
from vision.geometry import Zone
from vision.ground_plane import USUAL_SIZE, Correspondence, GroundPlane, Measured
from vision.hidden_ground import HiddenGround
from vision.later_finding import later_findings
from vision.look_back import LookBackOrder
from vision.look_backs import LookBacks
from vision.mask_out import mask_marks, mask_zones, masked, without_masked
from vision.surface_samples import bare_soil_share, has_earthworks, hidden_by, is_light, is_soil_at
from vision.uncovered_soil import (
    BY_GROUND_AREA,
    SoilMemory,
    SoilObservation,
    UncoveredSoilParameters,
    UncoveredSoilRule,
)
from vision.violations import RuleName, Violation
from vision.watch import Finding, Seen, Sight
from vision.watch_memory import WatchMemory

MAP_SIZE = (640, 360)
"""Width and height of the picture by whose pixels the ground's area is told: fine enough for the zone's points."""
POINTS_ACROSS = 64
"""Places looked at along the longer side of the zone's box; the network's cells are hardly finer."""


@dataclass(frozen=True)
class YardCamera:
    """What was set up for a camera that watches a yard; `timezone` is an IANA name."""

    place: Place
    zone: Zone
    parameters: UncoveredSoilParameters
    longest_gap_s: float
    timezone: str
    ground: tuple[Correspondence, ...] = ()
    """Points with known places on the ground, by which soil is told in m², and its share is one of the ground's area;
    without them, it is one of the picture's."""
    reference_sha256: str | None = None
    """Of the picture taken at commissioning."""
    later: LaterPictures = USUAL
    mask_out: tuple[Zone, ...] = ()
    """Areas that are not looked at; shares and m² are of the zone without them."""


class YardWatch:
    """Measures the bare soil of one zone and judges it."""

    needs = frozenset({Sight.SURFACES, Sight.MACHINES})
    """Vehicles hide the ground."""

    def __init__(self, camera: YardCamera) -> None:
        self.camera = camera
        points = camera.zone.grid(POINTS_ACROSS)
        judged = ~masked(camera.mask_out, points)
        self._points = points[judged]
        self._ground = ZoneGround.of(camera.zone, points, camera.ground).part(judged) if camera.ground else None
        self._weights = np.ones(len(self._points)) if self._ground is None else self._ground.weights
        self._hidden_ground = HiddenGround(len(self._points))
        self._rule = self._new_rule()
        self._following = Following(camera.later)
        self._look_backs = LookBacks(
            RuleName.UNCOVERED_SOIL, camera.zone.bbox_xyxy, lambda memory: self._new_rule(memory.soil)
        )

    @property
    def figures(self) -> Mapping[str, float]:
        """The zone's share of bare soil (median, 0..1), whether it is one of the ground's area, not the picture's (0
        or 1), and whether a violation lasts (0 or 1).
        """
        share = {} if self._rule.share is None else {"zone_bare_soil_share": round(self._rule.share, 4)}
        return {
            **share,
            BY_GROUND_AREA: float(self._ground is not None),
            "soil_violations": float(self._rule.is_open),
        }

    @property
    def lawful(self) -> frozenset[RuleName]:
        """The rule on soil, where the last look showed the zone covered."""
        return frozenset({RuleName.UNCOVERED_SOIL} if self._rule.is_lawful else ())

    def see(self, seen: Seen) -> list[Finding]:
        """Judge what was seen in a picture."""
        look = self.observation(seen)
        violation = self._rule.observe(look)
        found = [] if violation is None else [Finding(violation, self._scene(violation, seen))]
        is_in_sight = look.is_light and look.bare_soil_share is not None
        found += self._look_backs.see(seen, look, lambda _: is_in_sight, self._scene)
        if not is_in_sight:
            return found
        return found + later_findings(self._following, self._rule, seen, self._scene)

    def look_back(self, orders: Sequence[LookBackOrder], *, sees_clearly: bool) -> None:
        """Take the look-backs at the zone as they are asked for now."""
        self._look_backs.ask(orders, sees_clearly=sees_clearly)

    def observation(self, seen: Seen) -> SoilObservation:
        """Measure the bare soil in one picture; what machines hide in it is taken to be as it was last seen."""
        assert seen.surfaces is not None
        camera = self.camera
        hidden = hidden_by(seen, self._points)
        is_soil = self._hidden_ground.see(seen.captured_at, is_soil_at(seen.surfaces, self._points), hidden)
        share = bare_soil_share(is_soil, hidden, self._weights)
        at_work = seen
        if seen.machines is not None:
            machines = without_masked(camera.mask_out, seen.machines, (seen.width, seen.height))
            at_work = replace(seen, machines=machines)
        return SoilObservation(
            seen.captured_at,
            share,
            has_earthworks=has_earthworks(at_work, camera.zone),
            is_light=is_light(seen),
            bare_soil_m2=None if share is None else self._bare_soil_m2(share),
        )

    def memory(self) -> WatchMemory:
        """Return what is known of the zone's soil."""
        return WatchMemory(soil=self._rule.memory(), followed=self._following.memory())

    def recall(self, memory: WatchMemory) -> None:
        """Go on from what was known of the zone's soil."""
        self._rule = self._new_rule(memory.soil)
        self._following = Following(self.camera.later, memory.followed_by(RuleName.UNCOVERED_SOIL))

    def _new_rule(self, memory: SoilMemory | None = None) -> UncoveredSoilRule:
        camera = self.camera
        return UncoveredSoilRule(
            camera.place.camera_id,
            camera.zone.bbox_xyxy,
            camera.parameters,
            longest_gap_s=camera.longest_gap_s,
            memory=memory,
        )

    def _bare_soil_m2(self, share: float) -> Measured | None:
        """Return the bare soil on the ground, what is hidden being taken to be like the rest."""
        if self._ground is None:
            return None
        zone = self._ground.area_m2
        return Measured(share * zone.value, share * zone.error)

    def _scene(self, violation: Violation, seen: Seen) -> Scene:
        camera, place, measures = self.camera, self.camera.place, violation.measures
        area = f"，约 {measures['bare_soil_m2']:g} 平方米" if "bare_soil_m2" in measures else ""
        area_en = f" (about {measures['bare_soil_m2']:g} m²)" if "bare_soil_m2" in measures else ""
        share, minutes = measures["bare_soil_share"], measures["lasted_s"] / 60
        limit = camera.parameters.open_share
        return Scene(
            place=place,
            zones={"yard": list(camera.zone.points), **mask_zones(camera.mask_out)},
            parameters=camera.parameters.model_dump(),
            marks=[
                *zone_marks(camera.zone),
                *mask_marks(camera.mask_out),
                box_mark(violation.bbox_xyxy, f"裸土 bare soil {share:.0%}"),
            ],
            caption=[
                f"裸土未覆盖 Uncovered soil · {place.site_name} · {place.camera_name}",
                both_times(violation.opened_at, camera.timezone),
                f"裸土占区域 {share:.0%}{area}（限 {limit:.0%}），已 {minutes:.1f} 分钟 · {violation.key[:8]}",
                f"bare soil on {share:.0%} of the zone{area_en} (limit {limit:.0%}) for {minutes:.1f} min",
            ],
            claims=claims_outside(soil_claims(seen, camera.zone), camera.mask_out),
            calibration=calibration_of(camera.ground),
            reference_sha256=camera.reference_sha256,
        )


@dataclass(frozen=True)
class ZoneGround:
    """A zone on the ground: its area, and how much of it each of its points (n) stands for."""

    area_m2: Measured
    weights: NDArray[np.float64]

    @classmethod
    def of(cls, zone: Zone, points: NDArray[np.float64], ground: tuple[Correspondence, ...]) -> "ZoneGround":
        """Measure the zone by points of known place. Raises AboveHorizon where it reaches there."""
        plane = GroundPlane(ground, USUAL_SIZE)
        width, height = MAP_SIZE
        columns, rows = (points * MAP_SIZE).astype(int).clip(0, (width - 1, height - 1)).T
        return cls(plane.area_m2(zone.points), plane.area_map(MAP_SIZE)[rows, columns].astype(np.float64))

    def part(self, chosen: NDArray[np.bool_]) -> "ZoneGround":
        """Return what of the zone the chosen points (n) stand for."""
        share = float(self.weights[chosen].sum() / self.weights.sum())
        return ZoneGround(Measured(share * self.area_m2.value, share * self.area_m2.error), self.weights[chosen])


def zone_marks(zone: Zone) -> list[Mark]:
    """Return the drawing of a yard's zone."""
    return [Mark(zone.points, "堆场 yard", ZONE_COLOUR)]
