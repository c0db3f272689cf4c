"""The claims of one open page: what is asked at once is asked one after the other."""

import asyncio
import time

from service.clock import utc_now
from service.pages.page_claims import PageClaims
from service.storage.case_filter import CaseFilter
from service.storage.claim_store import ClaimStore
from tests.service.made_cases import finding


class SlowFirst:
    """A store whose first answer comes late, as from a busy database."""

    def __init__(self, store):
        self._store = store
        self._is_first = True

    def take(self, *told):
        return self._store.take(*told)

    def take_next(self, *told, **more):
        if self._is_first:
            self._is_first = False
            time.sleep(0.3)
        return self._store.take_next(*told, **more)


def test_a_late_answer_gives_back_nothing_that_was_claimed_since(store):
    for number in range(4):
        store.add_or_get(finding(minutes=number))
    shown, upcoming = store.get(4), store.get(3)
    claims = PageClaims(SlowFirst(ClaimStore(store.engine)), "page", utc_now)

    async def go_on_quickly():
        late = asyncio.create_task(claims.take_next(CaseFilter(), shown, ""))
        await asyncio.sleep(0.05)
        await claims.take(upcoming, "")  # a key led on to the next one meanwhile
        await claims.take_next(CaseFilter(), upcoming, "")
        await late

    asyncio.run(go_on_quickly())

    assert set(ClaimStore(store.engine).live(utc_now())) == {3, 2}


def test_a_case_whose_decision_is_being_written_is_given_to_nobody_else(store):
    for number in range(4):
        store.add_or_get(finding(minutes=number))
    claims = PageClaims(ClaimStore(store.engine), "page", utc_now)

    async def decide():
        await claims.take(store.get(4), "")
        await claims.take(store.get(3), "")
        claims.deciding.add(4)
        await claims.take_next(CaseFilter(), store.get(3), "")

    asyncio.run(decide())

    assert ClaimStore(store.engine).take_next(CaseFilter(), None, "other", "", utc_now()).id == 1
