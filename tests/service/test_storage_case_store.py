"""The case store: one case a key, one decision a case, also when several act at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from service.domain.cases import CaseState, Decision
from service.errors import AlreadyDecided, NoSuchCase, NotDecided
from service.storage.case_store import MOST_COUNTED, CaseFilter
from service.storage.tables import CaseRow

CONFIRM, REJECT, UNDO = Decision.CONFIRM, Decision.REJECT, Decision.UNDO


def test_a_case_comes_back_as_it_went_in(store, make_finding):
    finding = make_finding()
    case, is_new = store.add_or_get(finding)
    assert is_new
    assert case.state is CaseState.FOUND
    assert store.get(case.id) == case == store.by_key(finding.key)
    assert {name: getattr(case, name) for name in vars(finding)} == vars(finding)


def test_the_same_key_is_the_same_case(store, make_finding):
    finding = make_finding()
    first, _ = store.add_or_get(finding)
    second, is_new = store.add_or_get(finding)
    assert second == first
    assert not is_new
    assert store.revision().last_case == first.id


def test_many_at_once_with_one_key_make_one_case(store, make_finding):
    finding = make_finding()
    start = threading.Barrier(8)

    def add(_number):
        start.wait()
        return store.add_or_get(finding)

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(add, range(8)))
    assert len({case.id for case, _ in results}) == 1
    assert sum(is_new for _, is_new in results) == 1


def test_no_case_is_an_error_that_names_it(store):
    with pytest.raises(NoSuchCase, match="no case 12"):
        store.get(12)
    assert store.by_key("nothing") is None


def test_pages_go_back_in_time_and_miss_none(store, make_finding):
    ids = [store.add_or_get(make_finding())[0].id for _ in range(7)]
    seen, cursor = [], None
    while True:
        page = store.page(limit=3, cursor=cursor)
        seen += [case.id for case in page.cases]
        cursor = page.next_cursor
        if cursor is None:
            break
        store.add_or_get(make_finding())  # what comes in meanwhile must not shift the pages
    assert seen == sorted(ids, reverse=True)


def test_an_exactly_full_page_has_no_next(store, make_finding):
    store.add_or_get(make_finding())
    store.add_or_get(make_finding())
    assert store.page(limit=2).next_cursor is None


def test_filters_combine(store, make_finding):
    wanted, _ = store.add_or_get(make_finding(camera_id="a"))
    decided, _ = store.add_or_get(make_finding(camera_id="a"))
    store.add_or_get(make_finding(camera_id="b"))
    store.add_or_get(make_finding(camera_id="a", rule="other"))
    store.decide(decided.id, CONFIRM, at=decided.received_at)
    page = store.page(CaseFilter(CaseState.FOUND, "unwashed_truck", "a"))
    assert [case.id for case in page.cases] == [wanted.id]
    assert store.counts() == dict.fromkeys(CaseState, 0) | {CaseState.FOUND: 3, CaseState.CONFIRMED: 1}


def test_a_decision_is_stored_with_its_history(store, make_finding):
    case, _ = store.add_or_get(make_finding())
    at = case.received_at + timedelta(minutes=1)
    after, review = store.decide(case.id, REJECT, at=at, reason="已冲洗", reviewer="王工")
    assert after.state is CaseState.REJECTED
    assert store.get(case.id) == after
    assert store.reviews(case.id) == (review,)
    assert (review.reason, review.reviewer, review.decided_at) == ("已冲洗", "王工", at)


def test_undo_keeps_both_decisions(store, make_finding):
    case, _ = store.add_or_get(make_finding())
    for decision in (CONFIRM, UNDO, REJECT):
        store.decide(case.id, decision, at=case.received_at)
    assert [review.decision for review in store.reviews(case.id)] == [CONFIRM, UNDO, REJECT]
    assert store.get(case.id).state is CaseState.REJECTED


def test_nothing_to_undo(store, make_finding):
    case, _ = store.add_or_get(make_finding())
    with pytest.raises(NotDecided):
        store.decide(case.id, UNDO, at=case.received_at)
    assert store.reviews(case.id) == ()


def test_of_many_who_decide_at_once_one_wins(store, make_finding):
    case, _ = store.add_or_get(make_finding())
    start = threading.Barrier(8)

    def decide(number):
        start.wait()
        try:
            return store.decide(case.id, REJECT if number % 2 else CONFIRM, at=case.received_at)[1]
        except AlreadyDecided:
            return None

    with ThreadPoolExecutor(8) as threads:
        winners = [review for review in threads.map(decide, range(8)) if review]
    assert len(winners) == 1
    assert store.reviews(case.id) == tuple(winners)


def test_a_decision_between_reading_and_writing_loses(store, make_finding, monkeypatch):
    case, _ = store.add_or_get(make_finding())
    stale = store.get(case.id)
    store.decide(case.id, CONFIRM, at=case.received_at)
    answers = iter([stale, store.get(case.id)])
    monkeypatch.setattr(store, "get", lambda _id: next(answers))
    with pytest.raises(AlreadyDecided, match="confirmed"):
        store.decide(case.id, REJECT, at=case.received_at)
    assert len(store.reviews(case.id)) == 1


def test_the_revision_grows_with_cases_and_decisions(store, make_finding):
    empty = store.revision()
    case, _ = store.add_or_get(make_finding())
    added = store.revision()
    store.decide(case.id, CONFIRM, at=case.received_at)
    decided = store.revision()
    assert len({empty, added, decided}) == 3
    assert store.revision() == decided


def test_many_cases_are_not_counted_to_the_end(store, make_finding):
    with Session(store.engine) as session, session.begin():
        case, _ = store.add_or_get(make_finding())
        columns = [column for column in CaseRow.__table__.columns if column.name not in ("id", "key")]
        row = session.execute(select(*columns).where(CaseRow.id == case.id)).mappings().one()
        session.execute(insert(CaseRow), [{**row, "key": f"key-{number}"} for number in range(MOST_COUNTED)])
    assert store.counts() == dict.fromkeys(CaseState, 0) | {CaseState.FOUND: MOST_COUNTED}
