"""The queue page's list: which state is wanted, how much of it, and what the database told of it last."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from service.accounts.scope import Scope
from service.clock import Clock
from service.domain.cases import Case, CaseState
from service.pages.queue_filter import Narrowed
from service.pages.queue_list import QueueList, WhyEmpty
from service.pages.selection import step
from service.pages.shared_reads import SharedReads
from service.storage.case_filter import CaseFilter
from service.storage.case_store import CasePage, Revision

PAGE_SIZE = 60


class QueueListing:
    """What one open page lists; all of it runs on the event loop.

    `scope` gives the sites that the visitor sees now, `on_counts` is told how many cases are in each state.
    """

    def __init__(
        self,
        reads: SharedReads,
        shown: QueueList,
        scope: Callable[[], Scope],
        clock: Clock,
        on_counts: Callable[[dict[CaseState, int]], None],
    ) -> None:
        self._reads = reads
        self._shown = shown
        self._scope = scope
        self._clock = clock
        self._on_counts = on_counts
        self._limit = PAGE_SIZE
        self._page = CasePage((), None)
        self._revision: Revision | None = None
        self.wanted: CaseState | None = CaseState.FOUND
        """The state whose cases are listed, None for all."""
        self.narrowed = Narrowed()
        """Which of them are listed."""

    @property
    def cases(self) -> tuple[Case, ...]:
        """The cases that are listed."""
        return self._page.cases

    def waiting(self, state: CaseState | None = CaseState.FOUND) -> CaseFilter:
        """Return the filter for a state's cases that the visitor sees."""
        return CaseFilter(state, rule=self.narrowed.rule, text=self.narrowed.text, scope=self._scope())

    def beside(self, selected: Case | None, by: int, taken: Iterable[int]) -> Case | None:
        """Return the case before or after the selected one, without those in `taken`; None where the list ends."""
        kept = selected.id if selected else None  # it stays, since its place counts
        others = set(taken)
        free = tuple(case for case in self.cases if case.id == kept or case.id not in others)
        return step(free, kept, by)

    def listed(self, case_id: int) -> Case | None:
        """Return a case of the list."""
        return next((case for case in self.cases if case.id == case_id), None)

    async def want(self, wanted: CaseState | None) -> None:
        """List another state's cases."""
        self.wanted, self._limit = wanted, PAGE_SIZE
        await self.reload()

    async def narrow(self, narrowed: Narrowed) -> None:
        """List only a part of the cases."""
        self.narrowed, self._limit = narrowed, PAGE_SIZE
        await self.reload()

    async def want_more(self) -> None:
        """List more cases of the same state."""
        self._limit += PAGE_SIZE
        await self.reload()

    async def is_old(self) -> bool:
        """Tell whether the queue has changed since the list was read."""
        return await self._reads.revision() != self._revision

    async def reload(self) -> None:
        """Read and show the list; an answer to what is wanted no longer is dropped."""
        # The revision is read first: what comes in between is then found by the next refresh, never missed.
        revision = await self._reads.revision()
        asked = self.wanted, self._limit, self.narrowed
        listing = await self._reads.listing(self.waiting(self.wanted), self._limit, revision)
        if asked != (
            self.wanted,
            self._limit,
            self.narrowed,
        ):  # something else was asked for meanwhile, and is shown by itself
            return
        self._revision, self._page = revision, listing.page
        self._on_counts(listing.counts)
        self._show(self._why_empty(any(listing.counts.values())))

    def put(self, case: Case) -> None:
        """Change one row at once; the next refresh brings the list as everybody sees it."""
        changed = (case if each.id == case.id else each for each in self.cases)
        self._page = replace(self._page, cases=tuple(each for each in changed if self.wanted in (None, each.state)))
        self._show(self._why_empty(has_any=True))

    def _why_empty(self, has_any: bool) -> WhyEmpty:
        if self._scope().is_empty:
            return WhyEmpty.NO_SITE
        if not has_any:
            return WhyEmpty.NOTHING_YET
        if not self.narrowed.is_all:
            return WhyEmpty.NARROWED
        return WhyEmpty.ALL_DECIDED if self.wanted is CaseState.FOUND else WhyEmpty.OTHER_STATE

    def _show(self, why_empty: WhyEmpty) -> None:
        has_more = self._page.next_cursor is not None
        self._shown.show(self.cases, has_more=has_more, why_empty=why_empty, now=self._clock())
