"""Claims in the database: the next case that nobody looks at, for many inspectors at once, on either database."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from service.domain.cases import CaseState, Decision
from service.domain.claims import LEASE
from service.storage.case_store import CaseFilter
from service.storage.claim_store import ClaimStore
from tests.service.made_cases import MORNING, finding

WAITING = CaseFilter(CaseState.FOUND)
INSPECTORS = 10


@pytest.fixture
def claims(store):
    return ClaimStore(store.engine)


def add(store, count):
    return [store.add_or_get(finding(minutes=number))[0].id for number in range(count)]


def test_ten_inspectors_who_ask_at_once_get_ten_cases(store, claims):
    add(store, INSPECTORS)
    together = threading.Barrier(INSPECTORS)

    def ask(number):
        together.wait(30)
        return claims.take_next(WAITING, None, f"page {number}", "", MORNING)

    with ThreadPoolExecutor(INSPECTORS) as pool:
        given = [case.id for case in pool.map(ask, range(INSPECTORS))]
    assert sorted(given) == list(range(1, INSPECTORS + 1))
    assert claims.take_next(WAITING, None, "one more", "", MORNING) is None


def test_the_next_case_is_the_next_older_one_then_the_newest(store, claims):
    add(store, 4)
    assert claims.take_next(WAITING, None, "page", "", MORNING).id == 4
    assert claims.take_next(WAITING, 3, "page", "", MORNING, keep=(3,)).id == 2
    assert claims.take_next(WAITING, 1, "page", "", MORNING, keep=(1,)).id == 4


def test_what_is_decided_or_looked_at_by_somebody_else_is_skipped(store, claims):
    add(store, 4)
    store.decide(4, Decision.CONFIRM, at=MORNING)
    claims.take(3, "other", "李工", MORNING)
    assert claims.take_next(WAITING, None, "page", "", MORNING).id == 2


def test_going_on_gives_the_case_before_back(store, claims):
    add(store, 3)
    claims.take_next(WAITING, None, "page", "", MORNING)
    claims.take_next(WAITING, 3, "page", "", MORNING, keep=(3,))
    assert set(claims.live(MORNING)) == {3, 2}
    claims.take_next(WAITING, 2, "page", "", MORNING, keep=(2,))
    assert set(claims.live(MORNING)) == {2, 1}


def test_opening_a_claimed_case_tells_who_has_it(store, claims):
    (case_id,) = add(store, 1)
    claims.take(case_id, "other", "李工", MORNING)
    assert claims.take(case_id, "page", "王工", MORNING).who == "李工"


def test_claims_end_when_they_are_released_and_when_nobody_renews_them(store, claims):
    add(store, 2)
    claims.take(1, "page", "", MORNING)
    claims.take(2, "gone", "", MORNING)
    claims.release("page")
    assert set(claims.live(MORNING)) == {2}
    assert claims.live(MORNING + LEASE) == {}
    assert claims.take_next(WAITING, None, "page", "", MORNING + LEASE).id == 2


def test_renewing_holds_on_and_takes_nothing_from_others(store, claims):
    add(store, 2)
    claims.take(1, "page", "", MORNING)
    claims.take(2, "other", "", MORNING)
    later = MORNING + timedelta(seconds=100)
    claims.renew((1, 2), "page", "王工", later)
    live = claims.live(later)
    assert (live[1].holder, live[1].until, live[2].holder) == ("page", later + LEASE, "other")
