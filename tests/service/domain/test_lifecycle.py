"""The life cycle of a case: every way that is possible, and none that is not."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from service.domain.cases import Case, CaseState
from service.domain.lifecycle import (
    STANDS_CONFIRMED,
    TRANSITIONS,
    Actor,
    HistoryEntry,
    Need,
    Role,
    Step,
    Told,
    need_of,
    possible_steps,
    replay,
    take_step,
)
from service.errors import (
    AlreadyDecided,
    BadMergeTarget,
    HistoryBroken,
    NotDecided,
    StepIncomplete,
    StepNotAllowed,
    StepNotPossible,
)

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
WANG = Actor("王工", Role.REVIEWER)
EVERYTHING = Told(reason="看过", party="某建设集团", target_case=7)
ROUND = [
    *("confirm", "assign", "accept", "report", "return", "accept", "report", "verify", "close"),
    *("reopen", "assign", "accept", "verify", "close", "pass"),
]


def a_case(state=CaseState.FOUND):
    return Case("k", "uncovered_soil", "s", "s", "c", "c", NOON, NOON, {}, (), "k", "0", 1, state)


def take(case, *steps, actor=WANG):
    history = []
    for step in steps:
        case, entry = take_step(case, Step(step), actor, EVERYTHING, NOON)
        history.append(entry)
    return case, history


def test_a_case_goes_the_whole_round_twice():
    case, history = take(a_case(), *ROUND)
    assert case.state is CaseState.PASSED
    assert case.version == len(ROUND) == history[-1].number
    assert [entry.after.value for entry in history] == [
        *(
            "confirmed",
            "assigned",
            "rectifying",
            "rectifying",
            "assigned",
            "rectifying",
            "rectifying",
            "verified",
            "closed",
        ),
        *("reopened", "assigned", "rectifying", "verified", "closed", "passed"),
    ]
    assert replay(history) is CaseState.PASSED


@pytest.mark.parametrize("state", sorted(set(CaseState) - {CaseState.FOUND, CaseState.UNSURE}))
@pytest.mark.parametrize("step", [Step.CONFIRM, Step.REJECT, Step.DOUBT])
def test_a_decided_case_can_not_be_decided_again_and_names_who_was_first(state, step):
    case = replace(a_case(state), changed_by="李工")
    with pytest.raises(AlreadyDecided, match=f"it is {state.value} .*李工"):
        take(case, step)


@pytest.mark.parametrize("step", ["confirm", "reject", "doubt", "merge"])
def test_a_decision_can_be_taken_back(step):
    case, history = take(a_case(), step, "undo")
    assert case.state is CaseState.FOUND
    assert len(history) == 2


def test_there_is_nothing_to_take_back_from_a_found_case():
    with pytest.raises(NotDecided):
        take(a_case(), "undo")


def test_what_was_handed_over_can_not_be_taken_back():
    case, _ = take(a_case(), "confirm", "assign")
    with pytest.raises(StepNotPossible, match=r"is assigned \(last changed by: 王工\).*: undo"):
        take(case, "undo")


def test_what_an_inspector_doubts_a_reviewer_decides():
    inspector = Actor("小李", Role.INSPECTOR)
    case, _ = take(a_case(), "doubt", actor=inspector)
    with pytest.raises(StepNotAllowed, match="inspector"):
        take(case, "confirm", actor=inspector)
    assert take(case, "confirm")[0].state is CaseState.CONFIRMED


def test_a_site_puts_right_and_does_not_judge():
    assert possible_steps(CaseState.FOUND, Role.SITE) == (Step.NOTE,)
    assert possible_steps(CaseState.ASSIGNED, Role.SITE) == (Step.DECLINE, Step.ACCEPT, Step.NOTE)
    assert possible_steps(CaseState.RECTIFYING, Role.SITE) == (Step.REPORT, Step.NOTE)


def test_a_machine_looks_back_and_merges():
    may = {step for state in CaseState for step in possible_steps(state, Role.MACHINE)}
    assert may == {Step.PASS, Step.REOPEN, Step.MERGE, Step.NOTE}


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if row.needs], ids=lambda row: row.step.value)
def test_a_step_has_to_tell_what_it_needs(row):
    missing = {Need.REASON: {"reason": ""}, Need.PARTY: {"party": ""}, Need.TARGET_CASE: {"target_case": None}}
    told = replace(EVERYTHING, **missing[row.needs])
    for state in row.before:
        assert need_of(state, row.step) is row.needs
        with pytest.raises(StepIncomplete, match=row.needs.value):
            take_step(a_case(state), row.step, WANG, told, NOON)


def test_a_case_is_not_merged_into_itself():
    with pytest.raises(BadMergeTarget):
        take_step(a_case(), Step.MERGE, WANG, Told(target_case=1), NOON)


def test_the_party_is_remembered_until_it_goes_to_another():
    case, _ = take(a_case(), "confirm", "assign", "accept", "return")
    assert case.assigned_to == "某建设集团"
    case, _ = take(case, "decline")
    case, _ = take_step(case, Step.ASSIGN, WANG, Told(party="监理"), NOON)
    assert case.assigned_to == "监理"


def test_the_table_has_one_row_a_place_and_reaches_every_state():
    places = [(state, row.step) for row in TRANSITIONS for state in row.before]
    assert len(places) == len(set(places))
    assert {row.after for row in TRANSITIONS} - {None} == set(CaseState)
    assert all(Role.ADMINISTRATOR in row.roles for row in TRANSITIONS)


def test_the_diagram_in_the_docs_is_that_of_the_code():
    text = (Path(__file__).parents[3] / "docs" / "cases.md").read_text("utf-8")
    drawn = re.findall(r"^ +(\w+) --> (\w+): (\w+)$", text, re.MULTILINE)
    told = {(state, row.after, row.step) for row in TRANSITIONS if row.after for state in row.before}
    told.add((CaseState.RECTIFYING, CaseState.RECTIFYING, Step.REPORT))
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == {tuple(each.value for each in arrow) for arrow in told}


def test_a_history_with_a_step_missing_doubled_or_changed_is_broken():
    _, history = take(a_case(), "confirm", "assign", "accept", "verify")
    moved = replace(history[1], after=CaseState.CLOSED)
    for broken in (history[1:], history[:2] + history[3:], [history[0], *history], [history[0], moved, *history[2:]]):
        with pytest.raises(HistoryBroken):
            replay(broken)
    assert replay([]) is CaseState.FOUND


class LifeOfACase(RuleBasedStateMachine):
    """Anybody tries any step with anything told; what the table does not allow leaves no trace."""

    def __init__(self):
        super().__init__()
        self.case = a_case()
        self.history: list[HistoryEntry] = []
        self.kept: list[HistoryEntry] = []

    @rule(
        step=st.sampled_from(Step),
        role=st.sampled_from(Role),
        reason=st.sampled_from(["", "看过"]),
        party=st.sampled_from(["", "甲", "乙"]),
        other=st.sampled_from([None, 1, 7]),
    )
    def anybody_tries(self, step, role, reason, party, other):
        row = next((each for each in TRANSITIONS if each.step is step and self.case.state in each.before), None)
        told = Told(reason, party, other)
        at = NOON + timedelta(minutes=len(self.history))
        try:
            after, entry = take_step(self.case, step, Actor(role.value, role), told, at)
        except (AlreadyDecided, NotDecided, StepNotPossible):
            assert row is None
        except StepNotAllowed:
            assert role not in row.roles
        except StepIncomplete:
            assert not {Need.REASON: reason, Need.PARTY: party, Need.TARGET_CASE: other}[row.needs]
        except BadMergeTarget:
            assert (step, other) == (Step.MERGE, self.case.id)
        else:
            assert row is not None
            assert role in row.roles
            assert (entry.before, entry.after) == (self.case.state, after.state)
            self.case = after
            self.history.append(entry)

    @rule(data=st.data())
    def somebody_goes_on(self, data):
        """Otherwise the later states would hardly be met."""
        step = data.draw(st.sampled_from(possible_steps(self.case.state, Role.ADMINISTRATOR)))
        told = Told("看过", "甲", 7)
        self.case, entry = take_step(self.case, step, Actor("管理员", Role.ADMINISTRATOR), told, NOON)
        self.history.append(entry)

    @invariant()
    def the_history_leads_to_the_state(self):
        assert replay(self.history) is self.case.state
        assert self.case.version == len(self.history)
        assert self.case.changed_by == (self.history[-1].actor.name if self.history else "")

    @invariant()
    def nothing_of_the_history_is_lost(self):
        assert self.history[: len(self.kept)] == self.kept
        self.kept = list(self.history)

    @invariant()
    def it_stands_confirmed_only_after_somebody_confirmed(self):
        if self.case.state in STANDS_CONFIRMED:
            decisions = [entry.step for entry in self.history if entry.step in (Step.CONFIRM, Step.UNDO)]
            assert decisions[-1] is Step.CONFIRM

    @invariant()
    def somebody_can_always_add_a_note(self):
        assert all(Step.NOTE in possible_steps(self.case.state, role) for role in Role)


TestLifeOfACase = LifeOfACase.TestCase
