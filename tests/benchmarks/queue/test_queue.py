"""The queue's benchmark: the made city is what the service itself would have written, and load loses nothing."""

from datetime import UTC, datetime

import pytest

from benchmarks.queue.city import City
from benchmarks.queue.edges import post
from benchmarks.queue.filling import fill
from benchmarks.queue.pages import measure_pages
from benchmarks.queue.reviewers import plan, review
from benchmarks.queue.serving import served
from service.domain.lifecycle import replay
from service.storage.case_list import CaseList
from service.storage.case_store import CaseFilter, CaseStore
from service.storage.database import open_database
from service.storage.site_store import SiteStore

UNTIL = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('queue')}/cases.db"
    engine = open_database(url)
    told = []
    fill(engine, City(3000, UNTIL), lambda done, total: told.append((done, total)))
    assert told == [(3000, 3000)]
    yield url, engine
    engine.dispose()


def test_a_made_case_stands_where_its_history_leads_to(filled):
    store = CaseStore(filled[1])
    for number in range(1, 3001, 37):
        case, history = store.get(number), store.history(number)
        assert (replay(history), len(history)) == (case.state, case.version)
        assert SiteStore(filled[1]).get(case.site_id).site.name == case.site_name
    assert store.get(3000).opened_at == UNTIL


def test_the_same_city_has_the_same_rows():
    assert list(City(50, UNTIL).case_rows()) == list(City(50, UNTIL).case_rows())


def test_some_decisions_come_twice_at_once():
    actions = plan(10)
    assert (len(actions), len({action.place for action in actions})) == (201, 181)
    assert actions == sorted(actions, key=lambda action: action.after_s)


@pytest.mark.slow
def test_pages_reviewers_and_edges_are_measured_and_nothing_is_lost(filled, tmp_path):
    url, engine = filled
    with served(url, tmp_path / "evidence") as address:
        pages = measure_pages(address, UNTIL, times=1)
        assert pages["first page"].items == 50
        assert pages["nothing fits"].items == 0
        posts = post(address, engine, seconds=1)
        assert (posts.lost, posts.doubled, posts.failed) == (0, 0, 0)
    with served(url, tmp_path / "evidence", with_accounts=True) as address:
        reviews = review(address, engine, seconds=1)
        assert (reviews.lost, reviews.doubled, reviews.failed) == (0, 0, {})
        assert reviews.decided + reviews.refused == reviews.actions
        assert reviews.refused > 0
    newest = CaseList(engine).page(CaseFilter(), limit=1).cases[0]
    assert newest.site_id.startswith("site-")
