"""What is looked at live at one service is known to the others at its database."""

from datetime import timedelta

import pytest

from service.domain.camera_news import CameraKey
from service.domain.live_views import LOOKS_FOR, LiveViews
from service.storage.live_view_store import LiveViewStore
from tests.service.conftest import NOON

GATE, YARD = (CameraKey(site_id="s-01", camera_id=name) for name in ("gate", "yard"))


@pytest.fixture
def services(engine):
    """Two services at one database: of each its memory, and what tells it to the other."""
    memories = LiveViews(), LiveViews()
    return [(live, LiveViewStore(engine, live)) for live in memories]


def test_a_look_at_one_service_is_known_to_the_other_until_it_is_over(services):
    (ours, tell), (theirs, hear) = services
    ours.look(GATE, NOON)
    tell.exchange(NOON)
    hear.exchange(NOON + timedelta(seconds=1))
    assert theirs.wanted(NOON + timedelta(seconds=1)) == (GATE,)
    hear.exchange(NOON + LOOKS_FOR)
    assert theirs.wanted(NOON + LOOKS_FOR) == ()


def test_looks_at_both_services_add_up_and_the_latest_counts(services):
    (ours, tell), (theirs, hear) = services
    later = NOON + timedelta(seconds=8)
    ours.look(GATE, later)
    theirs.look(GATE, NOON)
    theirs.look(YARD, NOON)
    for store in (tell, hear, tell):
        store.exchange(later)
    assert set(ours.wanted(later)) == {GATE, YARD}
    after = NOON + LOOKS_FOR + timedelta(seconds=1)
    assert ours.wanted(after) == theirs.wanted(after) == (GATE,)


def test_a_look_is_told_once(services):
    (ours, _), _ = services
    ours.look(GATE, NOON)
    assert ours.untold() == {GATE: NOON}
    assert ours.untold() == {}
