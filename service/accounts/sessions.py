"""How long a session lasts, and what is kept of one that an identity provider vouched for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

IDLE_LIMIT = timedelta(hours=2)
ABSOLUTE_LIMIT = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)
"""How exactly the last use is kept: each request as a write would be a burden."""


def is_over(created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Tell whether a session that was last used at `seen_at` is over."""
    return now - seen_at >= IDLE_LIMIT or now - created_at >= ABSOLUTE_LIMIT


def is_to_be_touched(seen_at: datetime, now: datetime) -> bool:
    """Tell whether the last use is to be written down again."""
    return now - seen_at >= TOUCH_EVERY


@dataclass(frozen=True)
class ProviderSession:
    """What the identity provider said as somebody signed in: whose (`subject`) and which of its sessions it was.

    `session` is empty where it doesn't tell them apart. The ID token is shown to it again when the person signs out.
    """

    subject: str
    session: str
    id_token: str
