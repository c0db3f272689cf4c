"""What the queue page lists, with a database that answers when the test says so."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.accounts.scope import EVERYWHERE, Scope
from service.domain.cases import CaseState
from service.pages.queue_filter import Narrowed
from service.pages.queue_list import WhyEmpty
from service.pages.queue_listing import PAGE_SIZE, QueueListing
from service.pages.shared_reads import Listing
from service.storage.case_store import CasePage

NOON = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)


class SlowReads:
    """Stands in for the database: each answer waits until it is let go."""

    def __init__(self, cases):
        self.cases, self.held, self.number = cases, {}, 1

    async def revision(self):
        return self.number

    async def listing(self, wanted, limit, revision):
        gate = self.held.get((wanted.state, limit))
        if gate is not None:
            await gate.wait()
        cases = tuple(case for case in self.cases if wanted.state in (None, case.state))[:limit]
        counts = {state: sum(case.state is state for case in self.cases) for state in CaseState}
        return Listing(CasePage(cases, None), counts)

    def hold(self, state, limit=PAGE_SIZE):
        gate = self.held[state, limit] = asyncio.Event()
        return gate


class Shown:
    """Stands in for the rows."""

    def __init__(self):
        self.lists, self.why = [], None

    def show(self, cases, *, has_more, why_empty, now):
        self.lists.append([case.id for case in cases])
        self.why = why_empty


@pytest.fixture
def cases(make_case):
    found = [replace(make_case(), id=number) for number in (3, 2, 1)]
    return [replace(make_case(CaseState.CONFIRMED), id=4), *found]


@pytest.fixture
def listed(cases):
    """Return a maker of a listing, with what it reads and where it shows it."""

    def make(held=cases, scope=EVERYWHERE):
        reads, shown = SlowReads(list(held)), Shown()
        return QueueListing(reads, shown, lambda: scope, lambda: NOON, lambda _counts: None), reads, shown

    return make


def test_a_list_that_comes_after_another_one_was_asked_for_is_not_shown(listed):
    async def leaf():
        listing, reads, shown = listed()
        gate = reads.hold(CaseState.FOUND)
        late = asyncio.create_task(listing.reload())  # the refresh of before, which the database is slow with
        await asyncio.sleep(0)
        await listing.want(CaseState.CONFIRMED)
        gate.set()
        await late
        return listing, shown

    listing, shown = asyncio.run(leaf())
    assert shown.lists == [[4]]
    assert [case.id for case in listing.cases] == [4]


def test_a_short_list_that_comes_after_more_was_asked_for_is_not_shown(listed):
    async def leaf():
        listing, reads, shown = listed()
        gate = reads.hold(CaseState.FOUND, PAGE_SIZE)
        late = asyncio.create_task(listing.reload())
        await asyncio.sleep(0)
        await listing.want_more()
        gate.set()
        await late
        return shown

    assert asyncio.run(leaf()).lists == [[3, 2, 1]]


def test_what_was_dropped_is_read_again_by_the_next_refresh(listed):
    async def leaf():
        listing, reads, _shown = listed()
        await listing.reload()
        reads.number = 2
        gate = reads.hold(CaseState.FOUND)
        late = asyncio.create_task(listing.reload())
        await asyncio.sleep(0)
        listing.wanted = None
        gate.set()
        await late
        return await listing.is_old()

    assert asyncio.run(leaf())


def test_a_decided_case_leaves_the_list_at_once(listed, make_case):
    async def decide():
        listing, _reads, shown = listed()
        await listing.reload()
        listing.put(replace(make_case(CaseState.REJECTED), id=2))
        return shown

    assert asyncio.run(decide()).lists[-1] == [3, 1]


def test_stepping_leaves_out_what_others_look_at(listed):
    async def read():
        listing, _reads, _shown = listed()
        await listing.reload()
        return listing

    listing = asyncio.run(read())
    assert listing.beside(listing.listed(3), 1, {2}).id == 1
    assert listing.beside(listing.listed(2), 1, {2}).id == 1


@pytest.mark.parametrize(
    ("scope", "held", "wanted", "why"),
    [
        (Scope(), 0, CaseState.FOUND, WhyEmpty.NO_SITE),
        (EVERYWHERE, 0, CaseState.FOUND, WhyEmpty.NOTHING_YET),
        (EVERYWHERE, 4, CaseState.FOUND, WhyEmpty.ALL_DECIDED),
        (EVERYWHERE, 4, CaseState.REJECTED, WhyEmpty.OTHER_STATE),
    ],
)
def test_an_empty_list_tells_why(listed, cases, scope, held, wanted, why):
    listing, _reads, shown = listed(cases[:held], scope)
    listing.wanted = wanted
    asyncio.run(listing.reload())
    assert shown.why is why


def test_a_list_that_is_empty_for_its_filter_alone_says_so(listed):
    listing, _reads, shown = listed()
    asyncio.run(listing.narrow(Narrowed.of("uncovered_soil", "nowhere")))
    listing.wanted = CaseState.REJECTED
    asyncio.run(listing.reload())
    assert (shown.lists[-1], shown.why) == ([], WhyEmpty.NARROWED)


def test_what_waits_is_narrowed_for_the_list_and_for_what_comes_next(listed):
    listing, _reads, _shown = listed()
    asyncio.run(listing.narrow(Narrowed.of("uncovered_soil", "  城北 ")))
    assert (listing.waiting().rule, listing.waiting().text) == ("uncovered_soil", "城北")


def test_an_address_that_names_no_violation_narrows_nothing():
    assert Narrowed.of("no rule", " ").is_all
