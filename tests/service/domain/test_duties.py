"""What a responsible party still has to do."""

from dataclasses import replace
from datetime import timedelta

from service.domain.cases import CaseState
from service.domain.duties import by_due_time, is_reported, sent_back_because
from service.domain.lifecycle import Actor, HistoryEntry, Role, Step, Told
from tests.service.conftest import NOON


def entries(*steps, reason="说明"):
    actor = Actor("李工", Role.DISTRICT)
    return tuple(
        HistoryEntry(1, number, step, CaseState.FOUND, CaseState.FOUND, actor, NOON, Told(reason=reason))
        for number, step in enumerate(steps, start=1)
    )


def test_a_case_is_reported_until_it_is_sent_back_and_notes_change_nothing():
    assert not is_reported(())
    assert not is_reported(entries(Step.CONFIRM, Step.ASSIGN, Step.ACCEPT))
    assert is_reported(entries(Step.ASSIGN, Step.ACCEPT, Step.REPORT, Step.NOTE))
    assert not is_reported(entries(Step.ASSIGN, Step.ACCEPT, Step.REPORT, Step.RETURN))


def test_the_reason_of_the_last_return_is_told_until_the_case_is_handed_over_anew():
    returned = entries(Step.ASSIGN, Step.ACCEPT, Step.REPORT, Step.RETURN, Step.ACCEPT, reason="还有裸土")
    assert sent_back_because(returned) == "还有裸土"
    assert sent_back_because(entries(Step.ASSIGN, Step.RETURN, Step.DECLINE, Step.ASSIGN)) == ""
    assert sent_back_because(()) == ""


def test_the_first_due_comes_first_and_what_is_never_due_last(make_case):
    late = replace(make_case(), id=1, due_at=NOON + timedelta(hours=2))
    soon = replace(make_case(), id=2, due_at=NOON)
    never = replace(make_case(), id=3)
    assert [case.id for case in by_due_time((never, late, soon))] == [2, 1, 3]
