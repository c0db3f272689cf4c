"""The site store: sites come back as they went in, lists are taken whole or not at all."""

import pytest

from service.domain.sites import Site
from service.errors import NoSuchSite, SiteChanged
from service.storage.database import open_database
from service.storage.site_store import SiteFilter, SiteStore


@pytest.fixture
def sites(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/sites.db")
    yield SiteStore(engine)
    engine.dispose()


def a_site(number=1, **changes):
    values = {
        "id": f"s-{number}",
        "name": f"{number} 号地块",
        "category": "road",
        "district": "滨江区",
        "parties": [{"role": "builder", "name": "某建设集团", "contact": "1"}],
        "position": {"latitude": 30.2, "longitude": 120.2},
        "is_key_area": True,
        "point_keeper": "李工",
    }
    return Site.model_validate({**values, **changes})


def test_a_site_comes_back_as_it_went_in(sites):
    bare = a_site(2, parties=[], position=None)
    for site in (a_site(), bare):
        kept, is_new = sites.put(site)
        assert is_new
        assert sites.get(site.id) == kept
        assert (kept.site, kept.version) == (site, 1)
    with pytest.raises(NoSuchSite, match="s-9"):
        sites.get("s-9")


def test_a_version_guards_against_lost_updates(sites):
    sites.put(a_site())
    assert sites.put(a_site()) == (sites.get("s-1"), False)  # nothing changed, so the version stays
    assert sites.put(a_site(name="新名"), version=1)[0].version == 2
    with pytest.raises(SiteChanged):
        sites.put(a_site(name="旧名"), version=1)
    with pytest.raises(SiteChanged):
        sites.put(a_site(7), version=1)
    with pytest.raises(SiteChanged):
        sites.remove("s-1", version=1)
    assert sites.get("s-1").site.name == "新名"
    sites.remove("s-1", version=2)
    with pytest.raises(NoSuchSite):
        sites.remove("s-1")


def test_pages_go_through_all_and_filters_narrow(sites):
    sites.take([a_site(number, district="甲" if number % 2 else "乙") for number in range(1, 8)])
    seen, cursor = [], None
    while True:
        page = sites.page(SiteFilter(district="甲"), limit=3, cursor=cursor)
        seen += [kept.site.id for kept in page.sites]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == ["s-1", "s-3", "s-5", "s-7"]
    assert sites.page(SiteFilter(category="water")).sites == ()


def test_a_list_tells_what_it_changes_and_a_dry_run_changes_nothing(sites):
    sites.take([a_site(1), a_site(2)])
    coming = [a_site(2), a_site(1, name="新名"), a_site(3)]
    for dry_run in (True, False):
        done = sites.take(coming, dry_run=dry_run)
        assert (done.new, done.changed, done.same) == (("s-3",), ("s-1",), ("s-2",))
        assert len(sites.page().sites) == (2 if dry_run else 3)
    assert sites.get("s-1").version == 2
    assert sites.get("s-2").version == 1


def test_a_site_of_a_kind_that_is_no_longer_named_can_still_be_read(sites):
    from sqlalchemy import text

    sites.put(a_site())
    with sites._engine.begin() as connection:
        connection.execute(text("UPDATE sites SET category = 'harbour'"))
    assert sites.get("s-1").site.category == "harbour"
