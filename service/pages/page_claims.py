"""The claims of one open page: on the case that it shows, and on the one that comes next."""

import asyncio
from datetime import datetime

from starlette.concurrency import run_in_threadpool

from service.clock import Clock
from service.domain.cases import Case, CaseState
from service.domain.claims import RENEW_AFTER, Claim
from service.storage.case_filter import CaseFilter
from service.storage.claim_store import ClaimStore


class PageClaims:
    """Asks the store in threads, one thing after the other; `holder` marks the page among all others.

    Two at once could be written in the other order: a late `take_next` would give back what the page shows by then.
    """

    def __init__(self, store: ClaimStore, holder: str, clock: Clock) -> None:
        self._store = store
        self.holder = holder
        self._clock = clock
        self._held: tuple[int, ...] = ()
        self._asked_at: datetime | None = None
        self._is_away = False
        self._asking = asyncio.Lock()
        self.deciding: set[int] = set()
        """Cases whose decision is not written yet: given back now, they would be shown to somebody else."""

    async def take(self, case: Case, who: str) -> Claim | None:
        """Claim the case that is shown; return the claim of somebody else who has it already.

        A case that was decided is nobody's work any more, and not claimed.
        """
        async with self._asking:
            if case.state is not CaseState.FOUND or case.id in self._held:
                return None
            now = self._asked_at = self._clock()
            claim = await run_in_threadpool(self._store.take, case.id, self.holder, who, now)
            if claim.holder != self.holder:
                return claim
            self._held = (*self._held, case.id)
            return None

    async def take_next(self, wanted: CaseFilter, shown: Case | None, who: str) -> Case | None:
        """Claim the next case that nobody else looks at; of the others are kept what is shown and what is decided."""
        after = None if shown is None else shown.id
        async with self._asking:
            now = self._asked_at = self._clock()
            keep = tuple({*self.deciding, *(() if shown is None else (shown.id,))})
            case = await run_in_threadpool(self._store.take_next, wanted, after, self.holder, who, now, keep=keep)
            kept = tuple(each for each in keep if each in self._held)
            self._held = kept if case is None else (*kept, case.id)
            return case

    async def keep(self, who: str) -> None:
        """Renew what is held, when it is time to."""
        now = self._clock()
        if self._held and not self._is_away and (self._asked_at is None or now - self._asked_at >= RENEW_AFTER):
            self._asked_at = now
            async with self._asking:
                await run_in_threadpool(self._store.renew, self._held, self.holder, who, now)

    @property
    def is_away(self) -> bool:
        """Whether the page has lost its line, or was left."""
        return self._is_away

    def come_back(self) -> None:
        """Know that the page has its line again."""
        self._is_away = False

    async def release(self) -> None:
        """End all claims of the page, whose line is gone; when it is back, it asks for them again."""
        self._asked_at, self._is_away = None, True
        async with self._asking:
            await run_in_threadpool(self._store.release, self.holder)
