"""Which decisions a case allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.cases import CaseState, Decision, decide
from service.errors import AlreadyDecided, NotDecided


@pytest.mark.parametrize(
    ("decision", "outcome"), [(Decision.CONFIRM, CaseState.CONFIRMED), (Decision.REJECT, CaseState.REJECTED)]
)
def test_a_found_case_can_be_decided(make_case, decision, outcome):
    case = make_case()
    after = decide(case, decision)
    assert after.state is outcome
    assert case.state is CaseState.FOUND


@pytest.mark.parametrize("state", [CaseState.CONFIRMED, CaseState.REJECTED])
@pytest.mark.parametrize("decision", [Decision.CONFIRM, Decision.REJECT])
def test_a_decided_case_can_not_be_decided_again(make_case, state, decision):
    with pytest.raises(AlreadyDecided, match=f"case 1 was decided already: it is {state.value}"):
        decide(make_case(state), decision)


@pytest.mark.parametrize("state", [CaseState.CONFIRMED, CaseState.REJECTED])
def test_a_decision_can_be_taken_back(make_case, state):
    assert decide(make_case(state), Decision.UNDO).state is CaseState.FOUND


def test_there_is_nothing_to_take_back_from_a_found_case(make_case):
    with pytest.raises(NotDecided):
        decide(make_case(), Decision.UNDO)


def test_evidence_is_found_by_role(make_case):
    case = make_case()
    assert case.evidence_of("clean").name == "clean.jpg"
    assert case.evidence_of("clip") is None


@given(st.lists(st.sampled_from(Decision)))
def test_any_sequence_of_decisions_alternates_between_waiting_and_decided(decisions):
    from datetime import UTC, datetime

    from service.domain.cases import Case

    now = datetime(2025, 6, 1, tzinfo=UTC)
    case = Case("k", "r", "s", "s", "c", "c", now, now, {}, (), "k", "0", 1, CaseState.FOUND)
    for decision in decisions:
        waits = case.state is CaseState.FOUND
        try:
            case = decide(case, decision)
        except (AlreadyDecided, NotDecided):
            assert waits is (decision is Decision.UNDO)
        else:
            assert (case.state is CaseState.FOUND) is not waits
