"""How long evidence is kept: only of finished cases, only when its time is over, never under a hold."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.domain.cases import CaseState
from service.domain.retention import FINISHED, KeptEvidence, RetentionRule, due

NOW = datetime(2026, 3, 1, tzinfo=UTC)
RULE = RetentionRule(days={"rejected": 90, "passed": 1095}, days_by_rule={"unwashed_truck": {"rejected": 30}})


def kept(days, **changes):
    evidence = KeptEvidence(1, "k", "missing_hoarding", "rejected", NOW - timedelta(days=days), 10, is_held=False)
    return replace(evidence, **changes)


@pytest.mark.parametrize(
    ("evidence", "goes"),
    [
        (kept(90), True),
        (kept(89.99), False),
        (kept(30, rule="unwashed_truck"), True),
        (kept(29, rule="unwashed_truck"), False),
        (kept(1095, rule="unwashed_truck", state="passed"), True),
        (kept(9999, state="merged"), False),
        (kept(9999, is_held=True), False),
    ],
)
def test_what_goes_when(evidence, goes):
    assert due([evidence], RULE, NOW) == ((evidence,) if goes else ())


def test_the_longest_settled_goes_first():
    found = due([kept(100, case_id=1), kept(300, case_id=2), kept(200, case_id=3)], RULE, NOW)
    assert [each.case_id for each in found] == [2, 3, 1]


states = st.sampled_from([*(state.value for state in CaseState), *FINISHED, "confirmed", "assigned", "closed"])


@given(st.lists(st.builds(kept, st.integers(-10, 40_000), state=states, is_held=st.booleans())))
def test_an_open_case_and_a_held_one_never_go(evidence):
    for each in due(evidence, RetentionRule(), NOW):
        assert each.state in FINISHED
        assert not each.is_held


@pytest.mark.parametrize("state", ["found", "confirmed", "assigned", "closed", "nonsense"])
def test_no_time_can_be_set_for_what_is_not_finished(state):
    with pytest.raises(ValidationError, match=state):
        RetentionRule(days={state: 10})
    with pytest.raises(ValidationError, match=state):
        RetentionRule(days_by_rule={"unwashed_truck": {state: 10}})
