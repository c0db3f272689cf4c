"""Old notices and answers go, and what somebody may still need stays; on either database."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.lifecycle import Step, Told
from service.notices.patience import GIVES_UP_AFTER
from service.storage import pruning_store
from service.storage.bulk_steps import KEPT, BulkSteps, RequestKey, WantedCase
from service.storage.notice_store import NoticeStore
from service.storage.notice_tables import NoticeRow
from service.storage.pruning_store import NOTICES_KEPT, PruningStore
from tests.service.made_cases import MORNING, OFFICE, finding, lead

LATER = MORNING + NOTICES_KEPT + timedelta(days=1)


@pytest.fixture
def cases(store):
    """Three cases of one morning, and one of three months later."""
    for minutes in (0, 1, 2):
        store.add_or_get(finding(minutes=minutes))
    store.add_or_get(finding(minutes=(LATER - MORNING).total_seconds() / 60))
    return store


def told(store):
    with Session(store.engine) as session:
        return set(session.scalars(select(NoticeRow.case_id)))


def test_notices_that_are_too_old_go_also_in_several_transactions(cases, monkeypatch):
    monkeypatch.setattr(pruning_store, "AT_ONCE", 2)
    assert PruningStore(cases.engine).prune(LATER + timedelta(minutes=1)).notices == 3
    assert told(cases) == {4}
    assert PruningStore(cases.engine).prune(LATER + timedelta(minutes=1)).notices == 0


def test_the_newest_notice_stays_so_that_numbers_go_on(cases):
    notices = NoticeStore(cases.engine)
    newest = notices.newest()
    PruningStore(cases.engine).prune(LATER + 9 * NOTICES_KEPT)
    assert notices.newest() == newest


def test_what_was_given_up_stays_until_somebody_has_taken_note(cases):
    notices = NoticeStore(cases.engine)
    notices.register("mail", MORNING)
    lead(cases, 1, "confirm", at=MORNING)
    notices.take_turn("mail", lambda _: True, MORNING + GIVES_UP_AFTER + timedelta(hours=1))
    PruningStore(cases.engine).prune(LATER)
    assert [each.count for each in notices.given_up()] == [1]
    notices.take_note("mail")
    PruningStore(cases.engine).prune(LATER + 9 * NOTICES_KEPT)
    lead(cases, 2, "confirm", at=LATER)
    PruningStore(cases.engine).prune(LATER + 9 * NOTICES_KEPT)
    assert told(cases) == {2}


def test_answers_to_requests_go_once_they_may_not_come_again(cases):
    def ask(number):
        wanted, request = [WantedCase(number)], RequestKey(f"key-{number}", "0" * 64)
        BulkSteps(cases).take(wanted, Step.CONFIRM, lambda _: OFFICE, Told(), at=MORNING, request=request)

    ask(1)
    assert PruningStore(cases.engine).prune(MORNING + KEPT).requests == 0
    assert PruningStore(cases.engine).prune(MORNING + KEPT + timedelta(seconds=1)).requests == 1
