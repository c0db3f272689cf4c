"""How a camera is at a glance: by what its edge told last, and by what is known to ail it."""

from datetime import datetime, timedelta

from service.domain.camera_news import Badge
from streams.feed import CameraState

AWAY_AFTER = timedelta(minutes=3)
"""Edges tell once a minute; one that misses three is taken to be away."""


def badge_of(state: CameraState, told_at: datetime, *, ails: bool, now: datetime) -> Badge:
    """Return the badge of a camera whose edge told `state` at `told_at` (UTC); `ails` where its health is not good."""
    if now - told_at > AWAY_AFTER or state is not CameraState.LIVE:
        return Badge.AWAY
    return Badge.TROUBLED if ails else Badge.WORKING
