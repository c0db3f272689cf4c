"""What all open pages read alike, read once for all of them: twenty inspectors must not cost twenty times as much."""

import asyncio
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar, cast

from starlette.concurrency import run_in_threadpool

from service.clock import Clock
from service.domain.cases import CaseState
from service.domain.claims import Claim
from service.storage.case_filter import CaseFilter
from service.storage.case_store import CasePage, CaseStore, Revision
from service.storage.claim_store import ClaimStore

SHARED_S = 0.3
"""How old a page may get to know what is new; an open page asks twice as seldom."""
_MOST_KEPT = 40
_Read = TypeVar("_Read")


@dataclass(frozen=True)
class Listing:
    """The list of cases of a filter, and how many are in each state."""

    page: CasePage
    counts: dict[CaseState, int]


class SharedReads:
    """One for all pages of a server; lives in its event loop. Who asks while an answer is under way waits for that."""

    def __init__(self, store: CaseStore, claims: ClaimStore, clock: Clock) -> None:
        self._store = store
        self._claims = claims
        self._clock = clock
        self._reads: dict[Hashable, asyncio.Task[object]] = {}

    async def revision(self) -> Revision:
        """Return the queue's revision, not older than `SHARED_S`."""
        return await self._once(("revision", _now()), self._store.revision)

    async def claims(self) -> dict[int, Claim]:
        """Return who looks at which case, not older than `SHARED_S`."""
        return await self._once(("claims", _now()), lambda: self._claims.live(self._clock()))

    async def listing(self, wanted: CaseFilter, limit: int, revision: Revision) -> Listing:
        """Return the first cases of a filter as they were at the revision, or later."""

        def read() -> Listing:
            return Listing(self._store.page(wanted, limit=limit), self._store.counts(wanted.scope))

        return await self._once((wanted, limit, revision), read)

    async def _once(self, key: Hashable, read: Callable[[], _Read]) -> _Read:
        task = self._reads.get(key)
        if task is None or _failed(task):
            task = asyncio.create_task(run_in_threadpool(read))
            self._reads[key] = task
            while len(self._reads) > _MOST_KEPT:
                del self._reads[next(iter(self._reads))]
        # Shielded: a page that is closed must not take the answer from the others.
        return cast(_Read, await asyncio.shield(task))


def _now() -> int:
    return int(time.monotonic() / SHARED_S)


def _failed(task: asyncio.Task[object]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
