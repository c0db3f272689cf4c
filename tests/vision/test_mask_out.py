"""What is masked out is not looked at: no soil, no gap, no vehicle and no change is seen there."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
import supervision as sv

from models.inference.surfaces import SurfaceMap
from tests.vision.evidence.packages import PLACE
from tests.vision.truck_stories import GATE
from vision.gate_watch import GateCamera, GateWatch
from vision.geometry import Zone
from vision.ground_plane import Correspondence
from vision.mask_out import mask_zones, masked, without_masked
from vision.missing_hoarding import MissingHoardingParameters
from vision.motion_zone import motion_mask, patrol_mask
from vision.perimeter import PARTS, Perimeter
from vision.perimeter_watch import PerimeterCamera, PerimeterWatch
from vision.tracking import CLASS_SCORES
from vision.uncovered_soil import UncoveredSoilParameters
from vision.unwashed_truck import UnwashedTruckParameters
from vision.watch import Seen
from vision.yard_watch import YardCamera, YardWatch

AT = datetime(2026, 3, 1, tzinfo=UTC)
YARD = Zone([(0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)])
LEFT_HALF = Zone([(0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)])
NAMES = ("other", "bare_soil", "dust_net", "hoarding")
TEN_METRES = tuple(
    Correspondence(at, (10 * at[0], -10 * at[1])) for at in [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
)


def _seen(name: str, over: slice, machines: sv.Detections | None = None) -> Seen:
    """Return a picture that shows one surface in some columns (of 80 cells), and nothing elsewhere."""
    probabilities = np.zeros((len(NAMES), 80, 80), np.float32)
    probabilities[0] = 1
    probabilities[:, :, over] = np.eye(len(NAMES), dtype=np.float32)[NAMES.index(name)][:, None, None]
    surfaces = SurfaceMap(probabilities, NAMES, {}, 1.0, (640, 640))
    return Seen(AT, 640, 640, machines=machines, surfaces=surfaces)


def _vehicles(*feet: tuple[float, float]) -> sv.Detections:
    boxes = np.array([(x - 0.02, y - 0.05, x + 0.02, y) for x, y in feet], np.float32) * 640
    scores = np.tile(np.array([[0.0, 0.0, 0.9]], np.float32), (len(feet), 1))
    return sv.Detections(
        boxes,
        confidence=np.full(len(feet), 0.9, np.float32),
        class_id=np.full(len(feet), 2),
        data={CLASS_SCORES: scores},
    )


def _yard(mask_out: tuple[Zone, ...]) -> YardWatch:
    camera = YardCamera(PLACE, YARD, UncoveredSoilParameters(), 60, "Asia/Shanghai", TEN_METRES, mask_out=mask_out)
    return YardWatch(camera)


def test_a_point_in_any_area_is_masked() -> None:
    right = Zone([(0.8, 0.0), (1.0, 0.0), (1.0, 1.0), (0.8, 1.0)])
    points = np.array([[(0.2, 0.5), (0.6, 0.5), (0.9, 0.5)]])
    assert masked([LEFT_HALF, right], points).tolist() == [[True, False, True]]
    assert not masked([], points).any()


def test_the_share_and_the_square_metres_are_of_the_zone_without_what_is_masked() -> None:
    seen = _seen("bare_soil", slice(0, 60))  # soil up to 0.75 from the left
    whole, part = (_yard(mask).observation(seen) for mask in [(), (LEFT_HALF,)])
    assert whole.bare_soil_share == pytest.approx(0.65 / 0.8, abs=0.03)
    assert part.bare_soil_share == pytest.approx(0.25 / 0.4, abs=0.03)
    assert whole.bare_soil_m2 is not None
    assert part.bare_soil_m2 is not None
    assert whole.bare_soil_m2.value == pytest.approx(6.5 * 8, rel=0.05)
    assert part.bare_soil_m2.value == pytest.approx(2.5 * 8, rel=0.05)
    assert part.bare_soil_m2.error < whole.bare_soil_m2.error


def test_soil_in_the_masked_part_alone_is_none() -> None:
    assert _yard((LEFT_HALF,)).observation(_seen("bare_soil", slice(0, 40))).bare_soil_share == pytest.approx(
        0, abs=0.04
    )


def test_a_lorry_that_stands_masked_is_no_earthworks() -> None:
    seen = _seen("bare_soil", slice(0, 0), _vehicles((0.3, 0.5)))
    assert _yard(()).observation(seen).has_earthworks
    assert not _yard((LEFT_HALF,)).observation(seen).has_earthworks


def test_the_masked_part_of_a_perimeter_is_not_judged() -> None:
    camera = PerimeterCamera(
        PLACE,
        Perimeter(((0.0, 0.5), (1.0, 0.5)), height=0.1),
        MissingHoardingParameters(window_s=0, grace_s=0),
        60,
        "Asia/Shanghai",
    )
    seen = _seen("hoarding", slice(60, 80))  # the line is bare up to 0.75
    watch = PerimeterWatch(replace(camera, mask_out=(LEFT_HALF,)))
    covered = watch.observation(seen).covered
    assert np.isnan(covered[: PARTS // 2 - 1]).all()
    (finding,) = watch.see(seen)
    assert finding.violation.measures["gap_share"] == pytest.approx(0.25, abs=0.02)
    assert finding.scene.zones["mask_out_1"] == LEFT_HALF.points
    (finding,) = PerimeterWatch(camera).see(seen)
    assert finding.violation.measures["gap_share"] == pytest.approx(0.75, abs=0.02)


def test_a_vehicle_is_masked_by_its_foot() -> None:
    seen = _vehicles((0.49, 0.5), (0.51, 0.5))
    kept = without_masked([LEFT_HALF], seen, (640, 640))
    assert kept.xyxy.tolist() == seen.xyxy[1:].tolist()
    assert kept.data[CLASS_SCORES].shape == (1, 3)
    assert len(without_masked([LEFT_HALF], _vehicles((0.1, 0.5)), (640, 640))) == 0


def test_a_gate_does_not_see_vehicles_that_are_masked() -> None:
    camera = GateCamera(PLACE, GATE, UnwashedTruckParameters(), 10.0, "Asia/Shanghai")
    followed = {}
    for name, mask_out in {"open": (), "masked": (LEFT_HALF,)}.items():
        watch = GateWatch(replace(camera, mask_out=mask_out))
        for tenth in range(20):
            at = AT.replace(microsecond=tenth % 10 * 100_000, second=tenth // 10)
            vehicles = _vehicles((0.3, 0.3 + tenth / 100), (0.7, 0.3 + tenth / 100))
            watch.see(Seen(at, 640, 640, vehicles=vehicles))
        followed[name] = watch.figures["tracks"]
    assert followed == {"open": 2, "masked": 1}


@pytest.mark.parametrize("make", [lambda mask: motion_mask(GATE, mask), lambda mask: patrol_mask(YARD, None, mask)])
def test_no_change_is_looked_for_where_it_is_masked(make) -> None:  # type: ignore[no-untyped-def]
    whole, part = make([]), make([LEFT_HALF])
    assert whole[:, :80].any()
    assert not part[:, :80].any()
    assert (part[:, 80:] == whole[:, 80:]).all()


def test_a_camera_without_zones_looks_for_change_outside_its_masks() -> None:
    mask = patrol_mask(None, None, [LEFT_HALF])
    assert mask is not None
    assert mask.mean() == pytest.approx(0.5)


def test_masks_are_numbered_in_the_evidence() -> None:
    assert list(mask_zones([LEFT_HALF, YARD])) == ["mask_out_1", "mask_out_2"]
