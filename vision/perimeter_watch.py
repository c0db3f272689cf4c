"""Judges a perimeter by what was seen of it: the hoarding along its line, and the scene around a violation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from vision.claims import claims_outside, gap_claims
from vision.evidence.annotate import LINE_COLOUR, ZONE_COLOUR, Mark, both_times, box_mark
from vision.evidence.calibration import calibration_of
from vision.evidence.manifest import Place
from vision.evidence.scene import Scene
from vision.following import USUAL, Following, LaterPictures
from vision.geometry import Zone
from vision.ground_plane import USUAL_SIZE, Correspondence, GroundPlane
from vision.hoarding_top import HoardingTop, outweighed
from vision.later_finding import later_findings
from vision.look_back import LookBackOrder
from vision.look_backs import LookBacks
from vision.mask_out import mask_marks, mask_zones, masked
from vision.missing_hoarding import (
    HoardingMemory,
    HoardingObservation,
    LengthM,
    MissingHoardingParameters,
    MissingHoardingRule,
    parts_of,
)
from vision.perimeter import Perimeter
from vision.reference import HoardingReference
from vision.surface_samples import hidden_by, hoarding_along, is_light
from vision.violations import RuleName, Violation
from vision.watch import Finding, Seen, Sight
from vision.watch_memory import WatchMemory


@dataclass(frozen=True)
class PerimeterCamera:
    """What was set up for a camera that watches a perimeter; `timezone` is an IANA name."""

    place: Place
    perimeter: Perimeter
    parameters: MissingHoardingParameters
    longest_gap_s: float
    timezone: str
    ground: tuple[Correspondence, ...] = ()
    """Points with known places on the ground, by which gaps are told in metres; without them, in shares alone."""
    reference_sha256: str | None = None
    """Of the picture taken at commissioning."""
    later: LaterPictures = USUAL
    mask_out: tuple[Zone, ...] = ()
    """Areas that are not looked at; the line within them is not judged."""


NEEDS = frozenset({Sight.SURFACES, Sight.MACHINES})
"""Vehicles hide the hoarding."""
REFERENCE_NEEDS = NEEDS | {Sight.VIEW}
"""The view is held against the reference's."""


class PerimeterWatch:
    """Measures the hoarding along one line and judges it, by its reference where there is one."""

    def __init__(self, camera: PerimeterCamera, reference: HoardingReference | None = None) -> None:
        self.camera = camera
        self.needs = NEEDS if reference is None else REFERENCE_NEEDS
        self._reference = reference
        self._points = camera.perimeter.points()
        self._masked = masked(camera.mask_out, self._points)
        self._tops: dict[tuple[int, int], HoardingTop | None] = {}
        self._rule = self._new_rule()
        self._following = Following(camera.later)
        whole_line = camera.perimeter.bbox_xyxy(0.0, 1.0)
        self._look_backs = LookBacks(
            RuleName.MISSING_HOARDING, whole_line, lambda memory: self._new_rule(memory.hoarding)
        )

    @property
    def figures(self) -> Mapping[str, float]:
        """The share of the line without hoarding (0..1), gates left out, and how many violations last."""
        return {
            "line_uncovered_share": round(self._rule.uncovered_share, 4),
            "hoarding_violations": float(len(self._rule.open_gaps)),
        }

    @property
    def lawful(self) -> frozenset[RuleName]:
        """The rule on hoarding, where the last look showed it whole."""
        return frozenset({RuleName.MISSING_HOARDING} if self._rule.is_lawful else ())

    def see(self, seen: Seen) -> list[Finding]:
        """Judge what was seen in a picture."""
        look = self.observation(seen)
        found = [Finding(violation, self._scene(violation, seen)) for violation in self._rule.observe(look)]
        found += self._look_backs.see(seen, look, lambda gap: look.is_light and _is_in_sight(gap, look), self._scene)
        return found + later_findings(self._following, self._rule, seen, self._scene) if look.is_light else found

    def look_back(self, orders: Sequence[LookBackOrder], *, sees_clearly: bool) -> None:
        """Take the look-backs at the line as they are asked for now."""
        self._look_backs.ask(orders, sees_clearly=sees_clearly)

    def memory(self) -> WatchMemory:
        """Return what is known of the hoarding."""
        return WatchMemory(hoarding=self._rule.memory(), followed=self._following.memory())

    def recall(self, memory: WatchMemory) -> None:
        """Go on from what was known of the hoarding."""
        self._rule = self._new_rule(memory.hoarding)
        self._following = Following(self.camera.later, memory.followed_by(RuleName.MISSING_HOARDING))

    def _new_rule(self, memory: HoardingMemory | None = None) -> MissingHoardingRule:
        camera = self.camera
        return MissingHoardingRule(
            camera.place.camera_id,
            camera.perimeter,
            camera.parameters,
            longest_gap_s=camera.longest_gap_s,
            length_m=_length_along(camera.perimeter, camera.ground) if camera.ground else None,
            memory=memory,
        )

    def observation(self, seen: Seen) -> HoardingObservation:
        """Measure the hoarding in one picture."""
        assert seen.surfaces is not None
        covered = hoarding_along(seen.surfaces, self._points, hidden_by(seen, self._points) | self._masked)
        top = self._top((seen.width, seen.height))
        if top is not None:
            hidden = hidden_by(seen, top.points) | masked(self.camera.mask_out, top.points) | ~top.is_seen[:, None]
            covered = outweighed(covered, hoarding_along(seen.surfaces, top.points, hidden))
        if self._reference is not None:
            covered = self._reference.judged(covered, seen.view)
        return HoardingObservation(seen.captured_at, covered, is_light=is_light(seen))

    def _top(self, size: tuple[int, int]) -> HoardingTop | None:
        """Return where the upper part of the hoarding is on pictures of this size, where the camera is calibrated."""
        if size not in self._tops:
            self._tops[size] = HoardingTop.of(self.camera.perimeter, self.camera.ground, size)
        return self._tops[size]

    def reference(self, seen: Seen, painted: Sequence[Zone] = ()) -> HoardingReference:
        """Return what a picture shows along the line, to hold later ones against; its view was asked for.

        Of areas that are `painted` over in it nothing is known.
        """
        assert seen.view is not None
        covered = self.observation(seen).covered
        covered[masked(painted, self._points).any(axis=1)] = np.nan
        return HoardingReference.of(self.camera.perimeter, seen.view, covered)

    def _scene(self, violation: Violation, seen: Seen) -> Scene:
        camera, place, measures = self.camera, self.camera.place, violation.measures
        length = f"，约 {measures['gap_m']:g} 米" if "gap_m" in measures else ""
        length_en = f" (about {measures['gap_m']:g} m)" if "gap_m" in measures else ""
        share, at, minutes = measures["gap_share"], measures["at_share"], measures["lasted_s"] / 60
        gates = {
            f"gate_{number}": camera.perimeter.stretch(*gate) for number, gate in enumerate(camera.perimeter.gates, 1)
        }
        never = {
            f"never_had_hoarding_{number}": camera.perimeter.stretch(*stretch)
            for number, stretch in enumerate(self._reference.stretches_without if self._reference else (), 1)
        }
        return Scene(
            place=place,
            zones={"perimeter": list(camera.perimeter.line), **gates, **never, **mask_zones(camera.mask_out)},
            parameters=camera.parameters.model_dump() | {"height": camera.perimeter.height},
            marks=[
                *line_marks(camera.perimeter),
                *mask_marks(camera.mask_out),
                box_mark(violation.bbox_xyxy, f"缺口 gap {share:.1%}"),
            ],
            caption=[
                f"围挡缺失 Missing hoarding · {place.site_name} · {place.camera_name}",
                both_times(violation.opened_at, camera.timezone),
                f"缺口占围挡线 {share:.1%}{length}，位于 {at:.0%} 处，已 {minutes:.1f} 分钟 · {violation.key[:8]}",
                f"gap of {share:.1%} of the line{length_en}, {at:.0%} along it, for {minutes:.1f} min",
            ],
            claims=claims_outside(gap_claims(seen, camera.perimeter, at - share / 2, at + share / 2), camera.mask_out),
            calibration=calibration_of(camera.ground),
            reference_sha256=camera.reference_sha256,
        )


def _is_in_sight(gap: Violation, look: HoardingObservation) -> bool:
    """Tell whether at least half of the stretch of a gap can be seen."""
    hidden = np.isnan(look.covered[slice(*parts_of(gap))])
    return bool(hidden.size) and float(hidden.mean()) <= 0.5


def _length_along(perimeter: Perimeter, ground: tuple[Correspondence, ...]) -> LengthM:
    """Return what measures the line on the ground from one fraction to another."""
    plane = GroundPlane(ground, USUAL_SIZE)
    return lambda start, end: plane.length_m(perimeter.stretch(start, end))


def line_marks(perimeter: Perimeter) -> list[Mark]:
    """Return the drawing of a perimeter: its line, a mark of two points for each piece, and its gates."""
    pieces = list(pairwise(perimeter.line))
    marks = [Mark(piece, "" if number else "围挡线 perimeter", LINE_COLOUR) for number, piece in enumerate(pieces)]
    return marks + [Mark(perimeter.strip(*gate), "门 gate", ZONE_COLOUR) for gate in perimeter.gates]
