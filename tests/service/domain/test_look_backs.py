"""Look-backs: which a case asks for and when, what an answer leads to, and that none is answered twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from service.domain.cases import Case, CaseState
from service.domain.lifecycle import Actor, Role, Step, Told, possible_steps, take_step
from service.domain.look_backs import (
    LookBack,
    Occasion,
    Standing,
    asked_for_by,
    consequence,
    makes_void,
)
from vision.evidence.manifest import FIRST_LOOK_BACK, Outcome

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
WANG = Actor("王工", Role.REVIEWER)
EVERYTHING = Told(reason="看过", party="某建设集团", target_case=7)
STATES = {Occasion.REPORT: CaseState.RECTIFYING, Occasion.CLOSING: CaseState.CLOSED}


def a_case(state=CaseState.FOUND, rule_name="uncovered_soil"):
    return Case("k", rule_name, "s", "s", "yard", "堆场", NOON, NOON, {}, (), "k", "0", 1, state)


def taken(case, step):
    after, entry = take_step(case, step, WANG, EVERYTHING, NOON)
    return asked_for_by(entry, replace(after, due_at=NOON + timedelta(days=7)))


def test_a_report_asks_at_once_and_closing_on_the_due_time():
    report = taken(a_case(CaseState.RECTIFYING), Step.REPORT)
    assert (report.occasion, report.due_at, report.until) == (Occasion.REPORT, NOON, NOON + timedelta(hours=24))
    closing = taken(a_case(CaseState.VERIFIED), Step.CLOSE)
    assert (closing.occasion, closing.due_at) == (Occasion.CLOSING, NOON + timedelta(days=7))
    assert closing.until == NOON + timedelta(days=8)
    assert closing.number == FIRST_LOOK_BACK


@pytest.mark.parametrize("rule_name", ["unwashed_truck", "of_another_version"])
def test_what_does_not_stay_in_place_is_not_looked_back_at(rule_name):
    assert taken(a_case(CaseState.RECTIFYING, rule_name), Step.REPORT) is None
    assert taken(a_case(CaseState.VERIFIED, rule_name), Step.CLOSE) is None


def test_every_other_step_asks_for_nothing():
    for state in CaseState:
        for step in possible_steps(state, Role.ADMINISTRATOR):
            after, entry = take_step(a_case(state), step, Actor("", Role.ADMINISTRATOR), EVERYTHING, NOON)
            assert (asked_for_by(entry, replace(after, due_at=NOON)) is None) is (step not in (Step.REPORT, Step.CLOSE))


@pytest.mark.parametrize(
    ("occasion", "outcome", "step", "after"),
    [
        (Occasion.CLOSING, Outcome.PASSED, Step.PASS, CaseState.PASSED),
        (Occasion.CLOSING, Outcome.STILL_VIOLATED, Step.REOPEN, CaseState.REOPENED),
        (Occasion.CLOSING, Outcome.NOT_VISIBLE, Step.NOTE, CaseState.CLOSED),
        (Occasion.REPORT, Outcome.PASSED, Step.NOTE, CaseState.RECTIFYING),
        (Occasion.REPORT, Outcome.STILL_VIOLATED, Step.NOTE, CaseState.RECTIFYING),
        (Occasion.REPORT, Outcome.NOT_VISIBLE, Step.NOTE, CaseState.RECTIFYING),
    ],
)
def test_what_an_answer_leads_to_may_be_taken_by_the_machine(occasion, outcome, step, after):
    case = a_case(STATES[occasion])
    leads_to = consequence(LookBack(1, FIRST_LOOK_BACK, occasion, NOON, NOON), case, outcome)
    assert (leads_to.step, leads_to.actor) == (step, Actor("yard", Role.MACHINE))
    assert "回头看" in leads_to.told.reason
    assert "Look-back" in leads_to.told.reason
    assert take_step(case, leads_to.step, leads_to.actor, leads_to.told, NOON)[0].state is after


def test_without_a_picture_people_are_asked_to_look():
    leads_to = consequence(LookBack(1, 9, Occasion.CLOSING, NOON, NOON), a_case(), None)
    assert leads_to.step is Step.NOTE
    assert "没有传回画面" in leads_to.told.reason
    assert "no picture came" in leads_to.told.reason


class LookBackMachine(RuleBasedStateMachine):
    """People take any step, cameras answer anything, in any order and again and again."""

    def __init__(self):
        super().__init__()
        self.case = a_case(CaseState.CONFIRMED)
        self.asked = {}
        self.answered = []

    def take(self, step, actor, told):
        self.case, entry = take_step(self.case, step, actor, told, NOON)
        self.case = replace(self.case, due_at=NOON)
        if makes_void(step):
            self.asked = {n: each.settled(Standing.VOID, None, NOON) for n, each in self.asked.items()}
        asked = asked_for_by(entry, self.case)
        if asked is not None:
            assert asked.number not in self.asked
            self.asked[asked.number] = asked

    @rule(data=st.data())
    def somebody_takes_a_step(self, data):
        steps = [step for step in possible_steps(self.case.state, Role.ADMINISTRATOR) if step is not Step.MERGE]
        self.take(data.draw(st.sampled_from(steps)), Actor("", Role.ADMINISTRATOR), EVERYTHING)

    @precondition(lambda self: self.asked)
    @rule(data=st.data(), outcome=st.sampled_from(Outcome))
    def a_camera_answers(self, data, outcome):
        number = data.draw(st.sampled_from(sorted(self.asked)))
        before, steps = self.asked[number], self.case.version
        self.asked[number] = before.settled(Standing.ANSWERED, outcome, NOON)
        if self.asked[number] != before:
            self.answered.append(number)
            leads_to = consequence(before, self.case, outcome)
            self.take(leads_to.step, leads_to.actor, leads_to.told)
            assert self.case.version == steps + 1

    @invariant()
    def none_is_answered_twice(self):
        assert len(set(self.answered)) == len(self.answered)

    @invariant()
    def what_is_open_belongs_to_the_state_of_the_case(self):
        is_open = [each for each in self.asked.values() if each.standing is Standing.OPEN]
        assert len(is_open) <= 1
        assert all(STATES[each.occasion] is self.case.state for each in is_open)


TestLookBackMachine = LookBackMachine.TestCase
