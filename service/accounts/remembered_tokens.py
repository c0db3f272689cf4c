"""Machines whose tokens were looked up a moment ago: a city's edges ask thousands of times a second."""

from datetime import datetime, timedelta

from service.accounts.principal import Principal

REMEMBERED = timedelta(seconds=5)
"""So long a token that another process revoked may still be good."""
MOST = 20_000


class RememberedTokens:
    """By the hash of its token, who a machine is. Safe from any thread: each step is one of the dictionary's own."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Principal, datetime]] = {}

    def get(self, token_sha256: str, at: datetime) -> Principal | None:
        """Return who it is; None where that was never looked up, or too long ago."""
        principal, looked_up_at = self._known.get(token_sha256, (None, at))
        return principal if timedelta(0) <= at - looked_up_at < REMEMBERED else None

    def put(self, token_sha256: str, principal: Principal, at: datetime) -> None:
        """Remember who it is, looked up at this time."""
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[token_sha256] = (principal, at)

    def forget(self) -> None:
        """Forget all: a token was revoked."""
        self._known.clear()
