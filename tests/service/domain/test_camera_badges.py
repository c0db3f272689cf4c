"""How cameras are at a glance, and which of them somebody looks at."""

from datetime import UTC, datetime, timedelta

import pytest

from service.domain.camera_badges import AWAY_AFTER, badge_of
from service.domain.camera_news import Badge, CameraKey
from service.domain.live_views import LOOKS_FOR, MOST, LiveViews
from streams.feed import CameraState

NOON = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "age", "ails", "badge"),
    [
        (CameraState.LIVE, timedelta(0), False, Badge.WORKING),
        (CameraState.LIVE, timedelta(0), True, Badge.TROUBLED),
        (CameraState.RECONNECTING, timedelta(0), False, Badge.AWAY),
        (CameraState.LIVE, AWAY_AFTER, False, Badge.WORKING),
        (CameraState.LIVE, AWAY_AFTER + timedelta(seconds=1), False, Badge.AWAY),
    ],
)
def test_a_badge_tells_the_worst(state, age, ails, badge):
    assert badge_of(state, NOON - age, ails=ails, now=NOON) is badge


def test_a_look_is_remembered_for_a_few_seconds_and_no_more_than_so_many():
    live = LiveViews()
    keys = [CameraKey(site_id="s", camera_id=f"c-{number}") for number in range(MOST + 1)]
    for key in keys:
        live.look(key, NOON)
    assert live.wanted(NOON) == tuple(keys[1:])
    live.look(keys[5], NOON + LOOKS_FOR / 2)
    assert live.wanted(NOON + LOOKS_FOR) == (keys[5],)
    assert live.wanted(NOON + 2 * LOOKS_FOR) == ()
