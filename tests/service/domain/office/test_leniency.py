"""A first minor offence is met with guidance first; nothing else is."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.office.leniency import LeniencyReason, leniency_of
from service.domain.office.levels import AlertLevel
from service.domain.office.offences import Offence, earlier_offences
from tests.service.domain.office.shipped_rules import RULES, beijing

RULE = RULES.leniency
NOON = beijing("2026-03-01 12:00")
SMALL = Offence(9, "xinghe", "uncovered_soil", NOON, {"bare_soil_share": 0.2})


def offence(case_id, at, project_id="xinghe", rule="unwashed_truck"):
    return Offence(case_id, project_id, rule, beijing(at), was_guided=True)


def kinds(leniency):
    return [reason.kind for reason in leniency.reasons]


def test_a_first_minor_offence_is_met_with_guidance():
    decision = leniency_of(SMALL, [], None, RULE)
    assert decision.guidance_first
    assert kinds(decision) == [LeniencyReason.FIRST_MINOR]


@pytest.mark.parametrize(
    ("rule", "measures", "reason"),
    [
        ("uncovered_soil", {"bare_soil_share": 0.3}, "bare_soil_share is 0.3; minor is below 0.3"),
        ("uncovered_soil", {}, "bare_soil_share was not measured, so that it is not known to be minor"),
        ("uncovered_soil", {"bare_soil_share": float("nan")}, "bare_soil_share is nan; minor is below 0.3"),
        ("night_work", {"bare_soil_share": 0.1}, "night_work is never minor"),
    ],
)
def test_what_is_large_or_unknown_is_not_minor(rule, measures, reason):
    decision = leniency_of(Offence(9, "xinghe", rule, NOON, measures), [], None, RULE)
    assert not decision.guidance_first
    assert [each.text() for each in decision.reasons] == [reason]


def test_a_rule_without_limits_is_always_minor():
    assert leniency_of(Offence(9, "xinghe", "unwashed_truck", NOON), [], None, RULE).guidance_first


def test_a_repeated_offence_is_not_met_with_guidance_again_whatever_its_kind():
    decision = leniency_of(SMALL, [offence(3, "2025-09-01 08:00")], None, RULE)
    assert not decision.guidance_first
    assert [each.text() for each in decision.reasons] == ["not the first on this project: case 3 of 2025-09-01"]


def test_the_first_of_a_day_stands_for_it():
    history = [offence(5, "2025-09-01 18:00"), offence(3, "2025-09-01 08:00"), offence(4, "2025-09-01 12:00")]
    assert [each.case_id for each in earlier_offences(SMALL, history, RULE.counting)] == [3]


@pytest.mark.parametrize(
    "other",
    [
        offence(3, "2025-09-01 08:00", project_id="other"),
        offence(3, "2025-02-28 23:59"),  # 366 days before
        offence(3, "2026-03-01 00:01"),  # the same day counts once
        offence(3, "2026-03-02 08:00"),  # later
    ],
)
def test_what_does_not_count_leaves_it_the_first(other):
    assert leniency_of(SMALL, [other, SMALL], None, RULE).guidance_first


@pytest.mark.parametrize(
    ("alert", "is_lenient"),
    [(None, True), (AlertLevel.YELLOW, True), (AlertLevel.ORANGE, False), (AlertLevel.RED, False)],
)
def test_there_is_no_leniency_from_the_alert_level_on(alert, is_lenient):
    assert leniency_of(SMALL, [], alert, RULE).guidance_first is is_lenient
    always = RULE.model_copy(update={"none_from_alert": None})
    assert leniency_of(SMALL, [], alert, always).guidance_first


def test_an_old_offence_is_judged_by_the_rule_that_is_handed_over_with_it():
    stricter = RULE.model_copy(update={"minor_below": {"uncovered_soil": {"bare_soil_share": 0.1}}})
    assert leniency_of(SMALL, [], None, RULE).guidance_first
    assert not leniency_of(SMALL, [], None, stricter).guidance_first


others = st.lists(
    st.builds(
        lambda number, days, rule: Offence(number, "xinghe", rule, NOON + timedelta(days=days)),
        st.integers(10, 10_000),
        st.integers(-800, 800),
        st.sampled_from(["uncovered_soil", "unwashed_truck"]),
    ),
    unique_by=lambda each: each.case_id,
    max_size=8,
)


@given(others, st.randoms(use_true_random=False))
def test_the_order_of_the_history_does_not_matter(history, random):
    shuffled = random.sample(history, len(history))
    assert leniency_of(SMALL, history, None, RULE) == leniency_of(SMALL, shuffled, None, RULE)


@given(others)
def test_counting_every_rule_and_every_offence_of_a_day_never_counts_less(history):
    narrow = RULE.counting.model_copy(update={"same_rule_only": True})
    wide = RULE.counting.model_copy(update={"same_day_counts_once": False})
    found = [earlier_offences(SMALL, history, counting) for counting in (narrow, RULE.counting, wide)]
    assert len(found[0]) <= len(found[1]) <= len(found[2])
    assert all(each.found_at < NOON for each in found[2])
