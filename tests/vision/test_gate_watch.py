"""A gate is judged from pictures, and from the news that nothing moved."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
import supervision as sv

from models.inference.detector import CLASS_SCORES
from tests.vision.evidence.packages import PLACE
from tests.vision.truck_stories import BAY, GATE, RATE, START, STREET, YARD, Stop, drive
from vision.close_look import MUD, SHARPNESS
from vision.gate_watch import GateCamera, GateWatch
from vision.unwashed_truck import UnwashedTruckParameters
from vision.watch import Seen, Sight


def _watch() -> GateWatch:
    return GateWatch(GateCamera(PLACE, GATE, UnwashedTruckParameters(wash_seconds=20), RATE, "Asia/Shanghai"))


def _seen(at: datetime, box: tuple[float, float, float, float] | None, *, mud: float | None = None) -> Seen:
    boxes = np.empty((0, 4)) if box is None else np.array([box]) * 1000
    scores = np.tile(np.array([[0.0, 0.05, 0.9]], dtype=np.float32), (len(boxes), 1))
    vehicles = sv.Detections(
        xyxy=boxes.astype(np.float32), confidence=scores.max(axis=1), class_id=scores.argmax(axis=1),
        data={CLASS_SCORES: scores},
    )  # fmt: skip
    if mud is not None:
        vehicles.data |= {
            key: np.full(len(boxes), value, dtype=np.float32) for key, value in ((MUD, mud), (SHARPNESS, 9))
        }
    return Seen(at, 1000, 1000, vehicles=vehicles)


def _judge(watch: GateWatch, stops: list[Stop], *, still: tuple[float, float]) -> list[float]:
    """Show a truck's way, but between two times say only each 2 s that nothing moved; return when it was reported."""
    reported = []
    for number in range(4 * RATE):
        watch.see(_seen(START + timedelta(seconds=number / RATE), None))
    begins, ends = (START + timedelta(seconds=5 + second) for second in still)
    for sighting in drive(1, stops):
        at = sighting.captured_at
        if begins <= at < ends:
            is_keyframe = round((at - begins).total_seconds() * RATE) % (2 * RATE) == 0
            found = watch.see_unchanged(at) if is_keyframe else []
        else:
            found = watch.see(_seen(at, sighting.bbox_xyxy))
        reported += [(finding.violation.opened_at - START).total_seconds() for finding in found]
    return reported


def test_a_truck_that_stands_in_the_bay_while_nobody_looks_has_washed() -> None:
    watch = _watch()
    assert _judge(watch, [(0, YARD), (4, BAY), (40, BAY), (46, STREET)], still=(8, 38)) == []
    assert watch.counts.washed == 1


def test_a_truck_that_stands_too_shortly_is_reported_all_the_same() -> None:
    watch = _watch()
    assert len(_judge(watch, [(0, YARD), (4, BAY), (14, BAY), (20, STREET)], still=(6, 12))) == 1
    assert watch.counts.unwashed == 1


def test_after_a_long_time_unseen_nothing_is_made_up() -> None:
    watch = _watch()
    watch.see(_seen(START, (0.4, 0.2, 0.6, 0.35)))
    assert watch.see_unchanged(START + timedelta(hours=1)) == []
    assert watch.figures["tracks"] == 0


@pytest.mark.parametrize("step_s", [-450, -2, 20, 450])
def test_a_truck_that_comes_after_a_step_of_the_clock_in_a_quiet_moment_is_judged(step_s: float) -> None:
    watch = _watch()
    watch.see(_seen(START, None))
    watch.see_unchanged(START + timedelta(seconds=step_s))
    way = drive(1, [(0, YARD), (6, STREET)])
    shift = START + timedelta(seconds=step_s + 0.1) - way[0].captured_at
    found = [finding for one in way for finding in watch.see(_seen(one.captured_at + shift, one.bbox_xyxy))]
    assert len(found) == 1
    assert watch.counts.unknown == 0


def test_a_truck_that_stood_there_over_a_step_of_the_clock_may_have_washed_unseen() -> None:
    watch = _watch()
    first, *rest = drive(1, [(0, YARD), (6, STREET)])
    for number in range(5):
        watch.see(_seen(START + timedelta(seconds=number / RATE), first.bbox_xyxy))
    step = timedelta(minutes=5)
    watch.see_unchanged(START + step)
    found = [finding for one in rest for finding in watch.see(_seen(one.captured_at + step, one.bbox_xyxy))]
    assert found == []
    assert watch.counts.unknown == 1


def test_news_before_the_first_picture_is_no_harm() -> None:
    assert _watch().see_unchanged(START) == []


def test_a_truck_that_leaves_muddy_is_claimed_to_be_and_its_best_view_named() -> None:
    watch = _watch()
    for number in range(4 * RATE):
        watch.see(_seen(START + timedelta(seconds=number / RATE), None))
    found = [
        finding
        for sighting in drive(1, [(0, YARD), (4, BAY), (30, BAY), (36, STREET)])
        for finding in watch.see(_seen(sighting.captured_at, sighting.bbox_xyxy, mud=0.95))
    ]
    (finding,) = found
    assert watch.counts.washed == watch.counts.muddy == 1
    (claim,) = finding.scene.claims
    assert claim.class_name == "muddy"
    assert claim.points[0] == finding.violation.bbox_xyxy[:2]
    assert "带泥出场" in finding.scene.caption[-1]
    assert finding.best_view is not None
    assert finding.best_view.captured_at <= finding.violation.opened_at


def test_views_that_are_only_repeated_while_nothing_moves_are_no_views() -> None:
    needed = range(1, 7)
    alone = [_is_muddy_with(views, repeats=False) for views in needed]
    assert True in alone
    assert False in alone
    assert [_is_muddy_with(views, repeats=True) for views in needed] == alone


def _is_muddy_with(mud_views: int, *, repeats: bool) -> bool:
    """Tell whether a truck whose first four pictures show mud is muddy by so many views, the last of them repeated."""
    watch = GateWatch(GateCamera(PLACE, GATE, UnwashedTruckParameters(mud_views=mud_views), RATE, "Asia/Shanghai"))
    for number, sighting in enumerate(drive(1, [(0, YARD), (6, STREET)])):
        watch.see(_seen(sighting.captured_at, sighting.bbox_xyxy, mud=0.95 if number < 4 else None))
        if repeats and number == 3:
            watch.see_unchanged(sighting.captured_at + timedelta(seconds=0.05))
    return watch.counts.muddy == 1


def test_mud_is_asked_for_a_few_times_a_second_and_only_where_trucks_are_judged() -> None:
    asked = [Sight.MUD in needs for needs in _asked(_watch(), seconds=10)]
    assert 30 <= sum(asked) <= 41
    counting = GateWatch(
        GateCamera(PLACE, replace(GATE, wash_bay=None), UnwashedTruckParameters(), RATE, "Asia/Shanghai")
    )
    assert set(_asked(counting, seconds=10)) == {frozenset({Sight.VEHICLES})}


def _asked(watch: GateWatch, *, seconds: int) -> list[frozenset[Sight]]:
    return [watch.needs_at(START + timedelta(seconds=number / RATE)) for number in range(seconds * RATE)]
