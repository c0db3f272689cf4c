"""A patrol has what is drawn judged by what was seen of it, by day, and past what hides it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import supervision as sv
from numpy.typing import NDArray

from models.inference.surfaces import SurfaceMap
from tests.vision.evidence.packages import PLACE
from vision.evidence.calibration import calibration_of
from vision.evidence.manifest import Stage
from vision.following import LaterPictures
from vision.geometry import Zone
from vision.ground_plane import USUAL_SIZE, Correspondence, GroundPlane
from vision.missing_hoarding import MissingHoardingParameters
from vision.patrol_watch import PatrolWatch
from vision.perimeter import Perimeter
from vision.perimeter_watch import PerimeterCamera, PerimeterWatch
from vision.surface_samples import MACHINE_CLASSES
from vision.uncovered_soil import UncoveredSoilParameters
from vision.violations import RuleName
from vision.watch import Finding, Seen, Sight
from vision.yard_watch import YardCamera, YardWatch

START = datetime(2026, 3, 1, tzinfo=UTC)
NAMES = ("bare_soil", "dust_net", "hoarding", "other")
BARE_SOIL, DUST_NET, HOARDING, OTHER = range(4)
YARD = Zone([(0.1, 0.5), (0.9, 0.5), (0.9, 0.9), (0.1, 0.9)])
PERIMETER = Perimeter(((0.0, 0.3), (1.0, 0.3)), ((0.2, 0.4),), height=0.2)
CAR, TRUCK, EXCAVATOR = (MACHINE_CLASSES.index(name) for name in ("car", "truck", "excavator"))


def patrol() -> PatrolWatch:
    """Return a watch of a yard and a perimeter whose grace time is a minute."""
    soil = UncoveredSoilParameters(window_s=0, grace_s=60, close_after_s=60)
    hoarding = MissingHoardingParameters(window_s=0, grace_s=60, close_after_s=60)
    later = LaterPictures(first_s=100, every_s=300)
    yard = YardWatch(YardCamera(PLACE, YARD, soil, 60, "Asia/Shanghai", later=later))
    fence = PerimeterWatch(PerimeterCamera(PLACE, PERIMETER, hoarding, 60, "Asia/Shanghai", later=later))
    return PatrolWatch(judges=[yard, fence])


def ground(*, soil_to: float = 0.0, gap: tuple[float, float] = (0.0, 0.0)) -> NDArray[np.uint8]:
    """Return the classes of 100 x 100 cells: hoarding above, net below, with soil at the left and a gap."""
    classes = np.full((100, 100), OTHER, np.uint8)
    classes[5:32], classes[50:] = HOARDING, DUST_NET
    classes[50:, : round(soil_to * 100)] = BARE_SOIL
    classes[5:32, round(gap[0] * 100) : round(gap[1] * 100)] = OTHER
    return classes


def seen(
    at_s: float, classes: NDArray[np.uint8], *boxes: tuple[int, tuple[float, ...]], brightness: float = 120
) -> Seen:
    """Return what the networks would see: surfaces, and machines by class and relative box."""
    probabilities = (classes == np.arange(4)[:, None, None]).astype(np.float32)
    machines = sv.Detections(
        xyxy=np.array([box for _, box in boxes], np.float32).reshape(-1, 4) * 800,
        confidence=np.full(len(boxes), 0.9, np.float32),
        class_id=np.array([class_id for class_id, _ in boxes], dtype=int),
    )
    surfaces = SurfaceMap(probabilities, NAMES, {}, 1.0, (800, 800))
    return Seen(START + timedelta(seconds=at_s), 800, 800, machines=machines, surfaces=surfaces, brightness=brightness)


def found(
    watch: PatrolWatch, classes: NDArray[np.uint8], *boxes: tuple[int, tuple[float, ...]], until_s: int = 90
) -> list[Finding]:
    return [finding for at_s in range(0, until_s, 10) for finding in watch.see(seen(at_s, classes, *boxes))]


def test_without_judges_surfaces_are_measured_and_nothing_is_judged() -> None:
    watch = PatrolWatch()
    assert watch.needs == {Sight.SURFACES}
    assert found(watch, ground(soil_to=1)) == []
    assert watch.figures["bare_soil_share"] == pytest.approx(0.5)


def test_with_judges_machines_are_looked_for_too() -> None:
    assert patrol().needs == {Sight.SURFACES, Sight.MACHINES}


def test_bare_soil_and_a_gap_are_found_each_by_its_rule() -> None:
    watch = patrol()
    soil, hoarding = found(watch, ground(soil_to=0.5, gap=(0.6, 0.7)))
    assert soil.violation.rule is RuleName.UNCOVERED_SOIL
    assert soil.violation.measures["bare_soil_share"] == pytest.approx(0.5, abs=0.02)
    assert soil.scene.zones == {"yard": YARD.points}
    assert "裸土未覆盖" in soil.scene.caption[0]
    assert hoarding.violation.rule is RuleName.MISSING_HOARDING
    assert hoarding.violation.measures["at_share"] == pytest.approx(0.65, abs=0.01)
    assert set(hoarding.scene.zones) == {"perimeter", "gate_1"}
    assert hoarding.violation.bbox_xyxy == pytest.approx((0.6, 0.1, 0.7, 0.3), abs=0.01)
    assert watch.figures["zone_bare_soil_share"] == pytest.approx(0.5, abs=0.02)
    assert (watch.figures["soil_violations"], watch.figures["hoarding_violations"]) == (1, 1)


def test_a_covered_yard_and_an_open_gate_are_nothing() -> None:
    assert found(patrol(), ground(gap=(0.2, 0.4)), until_s=600) == []


def test_while_nothing_changes_time_runs_on() -> None:
    watch = patrol()
    assert watch.see_unchanged(START) == []
    assert watch.see(seen(0, ground(soil_to=0.5))) == []
    later = [finding for at_s in range(10, 90, 10) for finding in watch.see_unchanged(START + timedelta(seconds=at_s))]
    assert [finding.violation.opened_at - START for finding in later] == [timedelta(seconds=60)]


def test_in_the_dark_nothing_is_judged() -> None:
    watch = patrol()
    dark = replace(seen(0, ground(soil_to=1, gap=(0.6, 0.9))), brightness=10.0)
    assert watch.see(dark) == []
    assert [watch.see_unchanged(START + timedelta(seconds=at_s)) for at_s in range(10, 500, 10)] == [[]] * 49


def test_what_a_vehicle_hides_is_left_out() -> None:
    watch = patrol()
    before_the_soil = (CAR, (0.0, 0.45, 0.5, 0.95))
    before_the_gap = (CAR, (0.55, 0.0, 0.75, 0.35))
    assert found(watch, ground(soil_to=0.5, gap=(0.6, 0.7)), before_the_soil, before_the_gap) == []
    assert watch.figures["zone_bare_soil_share"] == 0


def test_soil_that_a_machine_hides_is_taken_to_be_still_there() -> None:
    watch = patrol()
    before_the_soil = (CAR, (0.1, 0.45, 0.4, 0.95))
    for at_s in range(0, 90, 10):
        watch.see(seen(at_s, ground(soil_to=0.5), *([before_the_soil] if at_s > 20 else [])))
    assert watch.figures["zone_bare_soil_share"] == pytest.approx(0.5, abs=0.02)
    for at_s in range(90, 2000, 10):
        watch.see(seen(at_s, ground(soil_to=0.5), before_the_soil))
    assert watch.figures["zone_bare_soil_share"] == pytest.approx(0.2, abs=0.02)


@pytest.mark.parametrize("machine", [TRUCK, EXCAVATOR])
def test_a_machine_in_the_yard_is_earthworks_and_a_car_is_none(machine: int) -> None:
    box = (0.6, 0.6, 0.7, 0.7)
    assert found(patrol(), ground(soil_to=0.5), (machine, box)) == []
    assert len(found(patrol(), ground(soil_to=0.5), (CAR, box))) == 1


def test_a_zone_that_is_hidden_for_the_most_part_can_not_be_judged() -> None:
    assert found(patrol(), ground(soil_to=1), (CAR, (0.0, 0.4, 0.8, 1.0))) == []


def test_the_evidence_tells_the_ground_and_the_picture_of_commissioning() -> None:
    parameters = UncoveredSoilParameters(window_s=0, grace_s=60, close_after_s=60)
    corners = (((0.1, 0.9), (-5, 5)), ((0.9, 0.9), (5, 5)), ((0.7, 0.4), (5, 30)), ((0.3, 0.4), (-5, 30)))
    ground_points = tuple(Correspondence(at, metres) for at, metres in corners)
    yard = YardWatch(YardCamera(PLACE, YARD, parameters, 60, "Asia/Shanghai", ground_points, "0" * 64))
    (finding,) = found(PatrolWatch(judges=[yard]), ground(soil_to=0.5))
    assert finding.scene.calibration == calibration_of(ground_points)
    assert finding.scene.reference_sha256 == "0" * 64
    assert [claim.class_name for claim in finding.scene.claims] == ["bare_soil"]
    assert {"bare_soil_m2", "bare_soil_m2_error", "looks"} <= set(finding.violation.measures)


TALL = ((0.1, 0.9), (0.9, 0.9), (0.6, 0.4), (0.4, 0.4))
"""Of a strip of ground of 10 x 40 m, as a camera sees it that looks along it: its far side is a fourth as wide."""
TALL_GROUND = tuple(
    Correspondence(at, metres) for at, metres in zip(TALL, ((-5, 0), (5, 0), (5, 40), (-5, 40)), strict=True)
)


def bare_from(metres: float, *, to: float = 40.0) -> NDArray[np.uint8]:
    """Return 100 x 100 cells whose soil lies from one distance to another, all across the strip of ground."""
    plane = GroundPlane(TALL_GROUND, USUAL_SIZE)
    bottom, top = (round(100 * float(plane.to_picture([(0.0, ahead)])[0, 1])) for ahead in (metres, to))
    classes = np.full((100, 100), DUST_NET, np.uint8)
    classes[top:bottom] = BARE_SOIL
    return classes


@pytest.mark.parametrize(("metres", "to", "share"), [(20, 40, 0.5), (0, 20, 0.5), (30, 40, 0.25), (0, 10, 0.25)])
def test_where_the_ground_is_known_soil_counts_by_its_area_far_or_near(metres: float, to: float, share: float) -> None:
    parameters = UncoveredSoilParameters(window_s=0)
    yard = YardCamera(PLACE, Zone(list(TALL)), parameters, 60, "Asia/Shanghai")
    look = seen(0, bare_from(metres, to=to))
    by_picture = YardWatch(yard)
    by_ground = YardWatch(replace(yard, ground=TALL_GROUND))
    measured = by_ground.observation(look)
    assert measured.bare_soil_share == pytest.approx(share, abs=0.06)
    assert measured.bare_soil_m2 is not None
    assert measured.bare_soil_m2.value == pytest.approx(share * 400, abs=0.06 * 400)
    seen_share = by_picture.observation(look).bare_soil_share
    assert seen_share is not None
    assert seen_share < share - 0.1 if metres else seen_share > share + 0.1
    assert (by_ground.figures["by_ground_area"], by_picture.figures["by_ground_area"]) == (1, 0)


def test_where_the_ground_is_known_what_hides_most_of_its_area_says_nothing() -> None:
    yard = YardCamera(PLACE, Zone(list(TALL)), UncoveredSoilParameters(), 60, "Asia/Shanghai")
    far_half_and_more = seen(0, bare_from(0), (CAR, (0.0, 0.0, 1.0, 0.6)))
    assert YardWatch(yard).observation(far_half_and_more).bare_soil_share is not None
    assert YardWatch(replace(yard, ground=TALL_GROUND)).observation(far_half_and_more).bare_soil_share is None


def test_what_lasts_is_shown_again_and_once_more_when_it_has_ended() -> None:
    watch = patrol()
    opened = found(watch, ground(soil_to=0.5, gap=(0.6, 0.7)))
    keys = [finding.key for finding in opened]
    later = [
        finding for at_s in range(90, 300, 10) for finding in watch.see(seen(at_s, ground(soil_to=0.3, gap=(0.6, 0.7))))
    ]
    assert [(each.follows.key, each.follows.number, each.follows.stage) for each in later if each.follows] == [
        (key, 1, Stage.LASTING) for key in keys
    ]
    soil, hoarding = later
    assert soil.violation.measures["bare_soil_share"] == pytest.approx(0.25, abs=0.02)
    assert soil.violation.measures["lasted_s"] == pytest.approx(160)
    assert "仍在持续" in soil.scene.caption[0]
    assert hoarding.violation.measures["gap_share"] == pytest.approx(0.1, abs=0.01)
    ends = [finding for at_s in range(300, 600, 10) for finding in watch.see(seen(at_s, ground()))]
    assert [(each.follows.key, each.follows.number, each.follows.stage) for each in ends if each.follows] == [
        (key, 2, Stage.ENDED) for key in keys
    ]
    assert [each.violation.measures.get("gap_share", 0) for each in ends] == [0, 0]
    assert all("已消除" in each.scene.caption[0] for each in ends)
    assert len({*keys, *(each.key for each in [*later, *ends])}) == 6


def test_another_watch_goes_on_where_one_was() -> None:
    watch, other = patrol(), patrol()
    opened = found(watch, ground(soil_to=0.5, gap=(0.6, 0.7)))
    other.recall(watch.memory())
    assert watch.memory().open_keys == {finding.violation.key for finding in opened}
    again = [
        finding for at_s in range(90, 160, 10) for finding in other.see(seen(at_s, ground(soil_to=0.5, gap=(0.6, 0.7))))
    ]
    assert again == []
    assert other.memory().open_keys == watch.memory().open_keys


def test_in_the_dark_and_behind_a_vehicle_nothing_is_shown_again() -> None:
    watch = patrol()
    found(watch, ground(soil_to=0.5))
    dark = replace(seen(1000, ground(soil_to=0.5)), brightness=10.0)
    hidden = seen(1010, ground(soil_to=0.5), (CAR, (0.0, 0.4, 0.8, 1.0)))
    assert [*watch.see(dark), *watch.see(hidden)] == []
    assert len(watch.see(seen(1020, ground(soil_to=0.5)))) == 1


def test_what_is_lawful_is_told_by_rule_and_only_of_what_is_seen() -> None:
    watch, both = patrol(), {RuleName.UNCOVERED_SOIL, RuleName.MISSING_HOARDING}
    assert watch.lawful == set()
    looks = [
        (seen(0, ground()), both),
        (seen(10, ground(soil_to=0.5)), {RuleName.MISSING_HOARDING}),
        (seen(20, ground(gap=(0.6, 0.7))), {RuleName.UNCOVERED_SOIL}),
        (seen(30, ground(gap=(0.2, 0.4))), both),
        (replace(seen(40, ground()), brightness=10.0), set()),
        (seen(50, ground(), (CAR, (0.0, 0.4, 0.8, 1.0))), {RuleName.MISSING_HOARDING}),
    ]
    for each, lawful in looks:
        watch.see(each)
        assert watch.lawful == lawful


def test_while_a_violation_lasts_what_shows_it_mended_is_not_of_before() -> None:
    watch = patrol()
    found(watch, ground(soil_to=0.5, gap=(0.6, 0.7)))
    watch.see(seen(100, ground()))
    assert watch.lawful == set()
    for at_s in range(110, 190, 10):
        watch.see(seen(at_s, ground()))
    assert watch.lawful == {RuleName.UNCOVERED_SOIL, RuleName.MISSING_HOARDING}
