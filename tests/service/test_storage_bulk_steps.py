"""One step with many cases: each is told by itself, and the same request does nothing twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain.cases import CaseState
from service.domain.lifecycle import Step, Told
from service.errors import RequestKeyTaken
from service.storage.bulk_steps import KEPT, BulkSteps, RequestKey, StepOutcome, WantedCase
from service.storage.tables import BulkStepsRow, CaseStepRow
from tests.service.made_cases import MORNING, OFFICE, finding, lead

REQUEST = RequestKey("a-key", "0" * 64)


@pytest.fixture
def three(store):
    for number in range(3):
        store.add_or_get(finding(minutes=number))
    return store


def take(store, *wanted, step=Step.CONFIRM, told=Told(), at=MORNING, **options):  # noqa: B008
    return BulkSteps(store).take([WantedCase(*each) for each in wanted], step, lambda _: OFFICE, told, at=at, **options)


def test_each_case_is_done_or_refused_by_itself(three):
    lead(three, 2, "confirm", at=MORNING)
    outcomes = take(three, (1,), (2,), (9,), (3, 0))
    assert outcomes[0] == StepOutcome(1, done=True, state="confirmed", version=1)
    assert [each.error for each in outcomes] == ["", "AlreadyDecided", "NoSuchCase", ""]
    assert "赵主任" in outcomes[1].detail
    assert [three.get(number).state for number in (1, 2, 3)] == [CaseState.CONFIRMED] * 3
    assert [len(three.history(number)) for number in (1, 2, 3)] == [1, 1, 1]


def test_a_case_that_changed_since_is_refused(three):
    lead(three, 1, "note", at=MORNING)
    (outcome,) = take(three, (1, 0))
    assert (outcome.done, outcome.error) == (False, "CaseChanged")


def test_a_step_has_its_due_time_and_what_it_met(three):
    due_at = three.get(1).due_at
    take(three, (1,), at=MORNING + timedelta(days=2))
    assert three.get(1).due_at not in (None, due_at)
    with Session(three.engine) as session:
        assert session.scalars(select(CaseStepRow.was_due_at)).all() == [due_at]


def test_many_cases_are_merged_into_one_but_never_that_into_itself(three):
    outcomes = take(three, (1,), (2,), (3,), step=Step.MERGE, told=Told(target_case=2))
    assert [each.done for each in outcomes] == [True, False, True]
    assert three.get(2).state is CaseState.FOUND
    assert [each.error for each in take(three, (2,), step=Step.MERGE, told=Told(target_case=99))] == ["NoSuchCase"]


def test_the_same_request_again_is_answered_alike_and_does_nothing(three):
    first = take(three, (1,), (9,), request=REQUEST)
    lead(three, 1, "undo", at=MORNING)
    assert take(three, (1,), (9,), request=REQUEST) == first
    assert three.get(1).state is CaseState.FOUND
    with pytest.raises(RequestKeyTaken):
        take(three, (1,), request=RequestKey("a-key", "1" * 64))


def test_the_same_request_at_once_is_done_once(three):
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: take(three, (1,), (2,), request=REQUEST), range(6)))
    assert set(answers) == {answers[0]}
    assert all(each.done for each in answers[0])
    assert [len(three.history(number)) for number in (1, 2)] == [1, 1]


def test_a_request_is_forgotten_after_its_time(three):
    take(three, (1,), request=REQUEST)
    take(three, (2,), at=MORNING + KEPT + timedelta(seconds=1), request=RequestKey("later", "2" * 64))
    with Session(three.engine) as session:
        assert session.scalar(select(func.count()).select_from(BulkStepsRow)) == 1
