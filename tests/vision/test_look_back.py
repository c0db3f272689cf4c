"""A patrol that is asked to look back answers by its rule's own measure, and only once it has seen enough."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.test_patrol_watch import CAR, START, found, ground, patrol, seen
from vision.evidence.manifest import Outcome, Stage
from vision.look_back import FEWEST_LOOKS, LookBackOrder
from vision.patrol_watch import PatrolWatch
from vision.violations import RuleName

SOIL, GAP = {"soil_to": 0.5}, {"gap": (0.6, 0.7)}
MEASURES = {
    RuleName.UNCOVERED_SOIL: {"bare_soil_share": 0.5, "lasted_s": 60.0},
    RuleName.MISSING_HOARDING: {"gap_share": 0.1, "at_share": 0.65, "lasted_s": 60.0},
}
VIOLATED = {RuleName.UNCOVERED_SOIL: SOIL, RuleName.MISSING_HOARDING: GAP}
BOTH = pytest.mark.parametrize("rule", list(VIOLATED))


def order(rule=RuleName.UNCOVERED_SOIL, *, due_s=0, until_s=10_000, number=50_003):
    return LookBackOrder(
        key="3f1d2c84-0000-4000-8000-000000000007",
        number=number,
        rule=rule,
        camera_id="gate",
        opened_at=START - timedelta(days=3),
        measures=MEASURES[rule],
        due_at=START + timedelta(seconds=due_s),
        until=START + timedelta(seconds=until_s),
    )


def answers(watch, orders, classes, *boxes, from_s=0, to_s=300, sees_clearly=True, brightness=120.0):
    """Return when the watch, looking each 10 s, answers what, and the findings."""
    told = []
    for at_s in range(from_s, to_s, 10):
        watch.look_back(orders, sees_clearly=sees_clearly)
        look = replace(seen(at_s, classes, *boxes), brightness=brightness)
        told += [(at_s, each) for each in watch.see(look) if each.follows and each.follows.stage is Stage.LOOK_BACK]
    return [(at_s, each.follows.outcome) for at_s, each in told], [each for _, each in told]


@BOTH
def test_what_was_put_right_passes_after_the_rules_own_time(rule):
    told, (finding,) = answers(patrol(), [order(rule)], ground())
    assert told == [(60, Outcome.PASSED)]
    assert (finding.follows.key, finding.follows.number) == (order().key, 50_003)
    assert finding.key == finding.follows.package_key
    assert "回头看：合格 look-back: in order" in finding.scene.caption[0]
    assert finding.scene.claims == ()
    assert "lasted_s" not in finding.violation.measures
    assert finding.violation.measures.get("bare_soil_share", finding.violation.measures.get("gap_share")) == 0


@BOTH
def test_what_lies_open_still_violates_after_the_grace_time(rule):
    told, (finding,) = answers(patrol(), [order(rule)], ground(**VIOLATED[rule]))
    assert told == [(60, Outcome.STILL_VIOLATED)]
    assert finding.violation.opened_at == START + timedelta(seconds=60)
    assert "仍违规" in finding.scene.caption[0]
    name = "bare_soil_share" if rule is RuleName.UNCOVERED_SOIL else "gap_share"
    assert finding.violation.measures[name] == pytest.approx(MEASURES[rule][name], abs=0.03)


@BOTH
@pytest.mark.parametrize("hides", ["vehicle", "night", "camera"])
def test_what_can_not_be_seen_is_told_when_the_time_is_over(rule, hides):
    everything = (CAR, (0.0, 0.0, 1.0, 1.0))
    boxes = [everything] if hides == "vehicle" else []
    told, (finding,) = answers(
        patrol(),
        [order(rule, until_s=200)],
        ground(),
        *boxes,
        sees_clearly=hides != "camera",
        brightness=10.0 if hides == "night" else 120.0,
    )
    assert told == [(200, Outcome.NOT_VISIBLE)]
    assert finding.violation.measures == {"looks": 0.0}
    assert "未能看清" in finding.scene.caption[0]
    assert all("%" not in mark.label for mark in finding.scene.marks)


def test_a_gap_elsewhere_is_not_the_one_that_is_looked_back_at():
    told, _ = answers(patrol(), [order(RuleName.MISSING_HOARDING)], ground(gap=(0.8, 0.95)))
    assert told == [(60, Outcome.PASSED)]


def test_a_gap_of_which_a_part_stays_hidden_does_not_pass():
    half = (CAR, (0.6, 0.0, 0.65, 1.0))
    told, _ = answers(patrol(), [order(RuleName.MISSING_HOARDING, until_s=250)], ground(), half)
    assert told == [(250, Outcome.NOT_VISIBLE)]


def test_between_the_limits_nothing_is_told_until_the_time_is_over():
    told, _ = answers(patrol(), [order(until_s=250)], ground(soil_to=0.2))
    assert told == [(250, Outcome.NOT_VISIBLE)]


def test_looks_of_before_do_not_count():
    told, _ = answers(patrol(), [order(due_s=100)], ground())
    assert told == [(160, Outcome.PASSED)]


def test_a_camera_that_was_blocked_begins_anew():
    watch, orders = patrol(), [order()]
    assert answers(watch, orders, ground(), to_s=50)[0] == []
    assert answers(watch, orders, ground(), from_s=50, to_s=60, sees_clearly=False)[0] == []
    assert answers(watch, orders, ground(), from_s=60)[0] == [(120, Outcome.PASSED)]


def test_an_answer_is_given_once_and_a_void_order_not_at_all():
    watch, orders = patrol(), [order()]
    assert len(answers(watch, orders, ground(), to_s=600)[0]) == 1
    assert answers(watch, [order(number=50_004)], ground(), from_s=600, to_s=640)[0] == []
    assert answers(watch, [], ground(), from_s=640, to_s=900)[0] == []


def test_never_is_one_picture_enough_even_where_the_rule_has_no_times():
    watch = patrol()
    yard = watch._judges[0]
    yard.camera = replace(yard.camera, parameters=yard.camera.parameters.model_copy(update={"close_after_s": 0.0}))
    told, _ = answers(watch, [order()], ground())
    assert told == [((FEWEST_LOOKS - 1) * 10, Outcome.PASSED)]


def test_while_nothing_changes_the_picture_seen_last_answers():
    watch = patrol()
    watch.look_back([order()], sees_clearly=True)
    watch.see(seen(0, ground()))
    later = [each for at_s in range(10, 200, 10) for each in watch.see_unchanged(START + timedelta(seconds=at_s))]
    assert [each.follows.outcome for each in later] == [Outcome.PASSED]


def test_orders_of_other_rules_and_with_too_little_told_are_left_to_people():
    truck = order().model_copy(update={"rule": RuleName.UNWASHED_TRUCK})
    bare = order().model_copy(update={"measures": {}})
    assert answers(patrol(), [truck, bare], ground())[0] == []


def test_an_order_of_a_newer_queue_is_understood():
    assert LookBackOrder.model_validate({**order().model_dump(mode="json"), "asked_by": "王工"}) == order()


@settings(max_examples=20, deadline=None)
@given(shares=st.lists(st.sampled_from([0.0, 0.2, 0.5]), min_size=5, max_size=40))
def test_being_asked_changes_nothing_of_what_the_rule_finds(shares):
    asked, alone = patrol(), patrol()
    for number, share in enumerate(shares):
        look = seen(number * 10, ground(soil_to=share))
        asked.look_back([order(), order(RuleName.MISSING_HOARDING)], sees_clearly=True)
        found_when_asked = [
            each.key for each in asked.see(look) if not each.follows or each.follows.stage is not Stage.LOOK_BACK
        ]
        assert found_when_asked == [each.key for each in alone.see(look)]
    assert asked.memory() == alone.memory()


def test_without_orders_nothing_is_looked_back_at():
    watch = PatrolWatch()
    watch.look_back([order()], sees_clearly=True)
    assert found(watch, np.asarray(ground())) == []
