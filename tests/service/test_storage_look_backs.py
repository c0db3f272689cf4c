"""Look-backs in the database: written with the step that asks, answered once, void once the case went on."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from service.domain.cases import CaseState, EvidenceItem, LaterPackage
from service.domain.lifecycle import Actor, Role, Step, Told, replay
from service.domain.look_backs import ANSWER_WAITED_FOR, Occasion, Standing
from service.storage.look_back_store import LookBackStore
from vision.evidence.manifest import Outcome, Stage

WANG = Actor("王工", Role.REVIEWER)
TO_REPORT = (Step.CONFIRM, Step.ASSIGN, Step.ACCEPT, Step.REPORT)
TO_CLOSING = (*TO_REPORT, Step.VERIFY, Step.CLOSE)
HOUR = timedelta(hours=1)


@pytest.fixture
def look_backs(store):
    return LookBackStore(store)


@pytest.fixture
def case_after(store, make_finding):
    """Return a maker of cases: `case_after(Step.CONFIRM, ...)`."""

    def make(*steps, **changes):
        case, _ = store.add_or_get(make_finding(**{"rule": "uncovered_soil", "camera_id": "yard", **changes}))
        return after(store, case, *steps)

    return make


def after(store, case, *steps):
    for step in steps:
        case, _ = store.take_step(case.id, step, WANG, Told("看过", "某建设集团"), at=case.received_at + HOUR)
    return case


def picture(case, number, outcome, at, key=None):
    item = EvidenceItem("clean.jpg", "clean", "image/jpeg", 3, "0" * 64)
    key = key or str(uuid.uuid4())
    return LaterPackage(key, number, Stage.LOOK_BACK, at, at, {}, (item,), key, "2" * 64, outcome)


def test_a_report_is_looked_back_at_at_once(look_backs, case_after):
    case = case_after(*TO_REPORT)
    now = case.received_at + HOUR
    assert look_backs.due(["yard"], now - timedelta(seconds=1)) == ()
    ((same, look_back),) = look_backs.due(["gate", "yard"], now)
    assert same == case
    assert (look_back.occasion, look_back.due_at, look_back.until) == (Occasion.REPORT, now, now + 24 * HOUR)
    assert look_backs.due(["gate"], now) == ()


def test_closing_is_looked_back_at_on_its_due_time(look_backs, case_after):
    case = case_after(*TO_CLOSING)
    assert look_backs.due(["yard"], case.due_at - timedelta(seconds=1)) == ()
    ((_, look_back),) = look_backs.due(["yard"], case.due_at)
    assert (look_back.occasion, look_back.due_at) == (Occasion.CLOSING, case.due_at)
    assert [each.standing for each in look_backs.of_case(case.id)] == [Standing.VOID, Standing.OPEN]


@pytest.mark.parametrize(
    ("outcome", "state", "step"),
    [
        (Outcome.PASSED, CaseState.PASSED, Step.PASS),
        (Outcome.STILL_VIOLATED, CaseState.REOPENED, Step.REOPEN),
        (Outcome.NOT_VISIBLE, CaseState.CLOSED, Step.NOTE),
    ],
)
def test_the_answer_after_closing_takes_its_step_with_the_picture(store, look_backs, case_after, outcome, state, step):
    closed = case_after(*TO_CLOSING)
    at = closed.due_at + HOUR
    ((_, look_back),) = look_backs.due(["yard"], at)
    later = picture(closed, look_back.number, outcome, at)
    case, is_new = look_backs.answer(closed.id, later)
    assert is_new
    assert (case.state, case.later) == (state, (later,))
    assert case.due_at == (closed.due_at if step is Step.NOTE else case.due_at)
    entry = store.history(case.id)[-1]
    assert (entry.step, entry.actor, entry.at) == (step, Actor("yard", Role.MACHINE), at)
    assert str(look_back.number) in entry.told.reason
    assert replay(store.history(case.id)) is state
    settled = look_backs.of_case(case.id)[-1]
    assert (settled.standing, settled.outcome, settled.settled_at) == (Standing.ANSWERED, outcome, at)
    assert look_backs.due(["yard"], at) == ()


@pytest.mark.parametrize("outcome", Outcome)
def test_after_a_report_people_still_verify(store, look_backs, case_after, outcome):
    reported = case_after(*TO_REPORT)
    ((_, look_back),) = look_backs.due(["yard"], reported.received_at + HOUR)
    case, _ = look_backs.answer(reported.id, picture(reported, look_back.number, outcome, look_back.due_at))
    assert (case.state, case.due_at) == (CaseState.RECTIFYING, reported.due_at)
    assert store.history(case.id)[-1].step is Step.NOTE


def test_the_same_answer_many_times_at_once_is_one_step(store, look_backs, case_after):
    closed = case_after(*TO_CLOSING)
    ((_, look_back),) = look_backs.due(["yard"], closed.due_at)
    later = picture(closed, look_back.number, Outcome.STILL_VIOLATED, closed.due_at)
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: look_backs.answer(closed.id, later), range(6)))
    assert sorted(is_new for _, is_new in answers) == [False] * 5 + [True]
    assert [entry.step for entry in store.history(closed.id)].count(Step.REOPEN) == 1
    assert len(store.get(closed.id).later) == 1


@pytest.mark.parametrize("step", [Step.VERIFY, Step.RETURN, Step.WITHDRAW, Step.REPORT])
def test_once_the_case_went_on_an_answer_is_kept_and_changes_nothing(store, look_backs, case_after, step):
    reported = case_after(*TO_REPORT)
    ((_, look_back),) = look_backs.due(["yard"], reported.received_at + HOUR)
    moved = after(store, reported, step)
    asked = [each.number for _, each in look_backs.due(["yard"], reported.received_at + HOUR)]
    assert asked == ([look_back.number + 1] if step is Step.REPORT else [])
    later = picture(moved, look_back.number, Outcome.PASSED, look_back.due_at)
    case, is_new = look_backs.answer(moved.id, later)
    assert is_new
    assert (case.state, case.version, case.later) == (moved.state, moved.version, (later,))
    assert look_backs.of_case(case.id)[0].standing is Standing.VOID


def test_a_note_of_somebody_makes_nothing_void(store, look_backs, case_after):
    reported = case_after(*TO_REPORT, Step.NOTE)
    assert len(look_backs.due(["yard"], reported.received_at + HOUR)) == 1


def test_a_truck_is_not_looked_back_at(look_backs, case_after):
    case = case_after(*TO_CLOSING, rule="unwashed_truck")
    assert look_backs.of_case(case.id) == ()


def test_what_no_camera_answers_is_given_up_with_one_note(store, look_backs, case_after):
    closed = case_after(*TO_CLOSING)
    ((_, look_back),) = look_backs.due(["yard"], closed.due_at)
    over = look_back.until + ANSWER_WAITED_FOR
    assert look_backs.give_up(over - timedelta(seconds=1)) == ()
    (note,) = look_backs.give_up(over)
    assert look_backs.give_up(over) == ()
    assert note == store.history(closed.id)[-1]
    assert (note.step, note.actor.role) == (Step.NOTE, Role.MACHINE)
    assert store.get(closed.id).state is CaseState.CLOSED
    late, _ = look_backs.answer(closed.id, picture(closed, look_back.number, Outcome.PASSED, over))
    assert late.state is CaseState.CLOSED
    assert look_backs.of_case(closed.id)[-1].standing is Standing.UNANSWERED


def test_a_step_that_loses_asks_for_nothing(store, look_backs, case_after):
    case = case_after(*TO_REPORT[:-1])
    with pytest.raises(Exception, match="case"):
        store.take_step(case.id, Step.REPORT, WANG, Told(), at=case.received_at, version=case.version - 1)
    assert look_backs.of_case(case.id) == ()
