"""What one inspector's open page knows and does: the filter, the selected case, what comes next, live refresh."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any

from nicegui import background_tasks, ui
from starlette.concurrency import run_in_threadpool

from service.accounts.access import Row, allows
from service.api.urls import case_file_url
from service.domain.cases import Case, CaseState
from service.domain.claims import Claim, of_others
from service.domain.lifecycle import Step
from service.errors import NoSuchCase, ServiceError
from service.pages.batch_strip import BatchStrip
from service.pages.case_details import read_details
from service.pages.case_stage import CaseStage, stage_picture
from service.pages.case_view import CaseHead, CaseView
from service.pages.decisions import Decisions, Outcome
from service.pages.dialogs import HelpDialog, RejectDialog
from service.pages.keys import Action
from service.pages.labels import STATES
from service.pages.page_claims import PageClaims
from service.pages.page_frame import app_frame
from service.pages.page_visitor import PageVisitor
from service.pages.queue_filter import Narrowed, QueueFilter
from service.pages.queue_list import QueueList
from service.pages.queue_listing import QueueListing
from service.pages.shared_reads import SharedReads
from service.pages.sources import Sources
from service.pages.top_bar import StateTabs, TopBar, shown_count
from service.storage.claim_store import ClaimStore
from service.storage.scope_rows import ScopeRows
from service.texts.catalogue import load_translator

REFRESH_S = 0.7
"""How often the page asks whether anything is new; the answer is read once for all pages."""
DETAILS_AFTER_S = 0.05
"""The picture goes first; and who leafs on quicker than that needs no more than the picture."""


class QueueDesk:
    """One open page. All of it runs on the event loop; only the database and the disk are asked in threads.

    What is shown changes in one go, between two awaits: who comes back from an await looks anew at what is selected.
    """

    def __init__(
        self, sources: Sources, reads: SharedReads, language: str, visitor: PageVisitor, narrowed: Narrowed
    ) -> None:
        self._sources = sources
        self._reads = reads
        self._visitor = visitor
        self._rows = ScopeRows(sources.store.engine)
        self._language = language
        self._texts = load_translator().texts(language)
        self._claims = PageClaims(ClaimStore(sources.store.engine), ui.context.client.id, sources.clock)
        self._selected: Case | None = None
        self._next: Case | None = None
        """The case that comes next, claimed for this page."""
        self._taken: dict[int, str] = {}
        """The cases that others look at, by name."""
        self._build(narrowed)

    async def start(self, case_id: int | None) -> None:
        """Load the queue and select a case: the one asked for (also when it is decided), else the next to decide."""
        ui.context.client.on_disconnect(self._claims.release)
        ui.context.client.on_connect(self._claims.come_back)
        case = await self._find(case_id) if case_id else None
        if case is not None and case.state is not CaseState.FOUND:
            self._listing.wanted = None
            self._tabs.show_wanted(None)
        await self._listing.reload()
        await self._show_first(case)
        # Last: a timer that waits for the browser makes NiceGUI send the page as far as it is, without the picture.
        ui.timer(REFRESH_S, self._refresh)

    def _build(self, narrowed: Narrowed) -> None:
        _ = self._texts
        with app_frame():
            self._help = HelpDialog(_)
            self._reject = RejectDialog(
                _, self._reject_selected, lambda is_open: self._view.stage.ask_reason(is_asked=is_open)
            )
            self._bar = TopBar(_, language=self._language, visitor=self._visitor, on_help=self._help.toggle)
            with ui.element("main").classes("dw-main"):
                with ui.element("nav").classes("dw-side"):
                    self._tabs = StateTabs(_, CaseState.FOUND, self._filter)
                    QueueFilter(_, narrowed, self._narrow)
                    self._list = QueueList(_, self._choose, self._load_more)
                    self._listing = QueueListing(
                        self._reads, self._list, lambda: self._visitor.scope, self._sources.clock, self._show_counts
                    )
                    self._listing.narrowed = narrowed
                    self._decisions = Decisions(
                        self._sources, self._visitor, self._language, lambda: self._bar.reviewer
                    )
                self._view = CaseView(
                    _,
                    self._language,
                    lambda: CaseStage(_, self._act, self._decide),
                    lambda *told: self._after(self._decisions.take(*told)),
                )
                self._batch = BatchStrip(_, self._view.look_alikes, self._decisions, self._after_batch)

    async def _act(self, action: str) -> None:
        match action:
            case Action.REJECT:
                if self._selected and Step.REJECT in self._visitor.principal.may(self._selected.state):
                    self._reject.open()
            case Action.UNDO:
                await self._after(self._decisions.undo_last())
            case Action.NEXT:
                await self._go(1)
            case Action.PREVIOUS:
                await self._go(-1)
            case Action.BATCH:
                self._batch.toggle()
            case Action.HELP:
                self._help.toggle()
            case "asked":
                self._reject.close()

    async def _reject_selected(self, reason: str) -> None:
        self._view.stage.reject(reason)

    async def _go(self, by: int) -> None:
        if by > 0 and self._next is not None and self._listing.wanted is CaseState.FOUND:
            self._show(self._next)
            return
        case = self._listing.beside(self._selected, by, self._taken)
        if case is not None:
            self._show(case)

    async def _choose(self, case_id: int) -> None:
        case = self._listing.listed(case_id) or await self._find(case_id)
        if case is not None:
            self._show(case)

    async def _filter(self, wanted: CaseState | None) -> None:
        if wanted is self._listing.wanted:
            return
        await self._listing.want(wanted)
        if self._listing.cases and self._selected not in self._listing.cases:
            await self._show_first(None)

    async def _narrow(self, narrowed: Narrowed) -> None:
        await self._listing.narrow(narrowed)
        if self._listing.narrowed is not narrowed:  # more was typed meanwhile
            return
        self._next = None  # it need not fit any more
        if self._selected is not None and self._listing.listed(self._selected.id):
            self._show(self._selected)
        elif self._listing.cases:
            await self._show_first(None)

    async def _load_more(self) -> None:
        await self._listing.want_more()

    async def _decide(self, sent: dict[str, Any]) -> None:
        decision = self._decisions.read(sent)
        if decision is None:
            self._view.stage.settle(_number_in(sent), done=False)  # else the browser would keep it for ever
            return
        before, case_id = self._selected, decision.case
        self._claims.deciding.add(case_id)
        moves = before is not None and before.id == case_id and decision.step != Step.UNDO.value
        if moves and before is not None and Step(decision.step) in self._visitor.principal.may(before.state):
            # The next picture comes first and the decision is written meanwhile: nobody waits for the disk.
            upcoming = self._next or await self._claim_next(before)
            # By its number: meanwhile the very same case may have been read anew.
            if upcoming is not None and self._selected is not None and self._selected.id == case_id:
                self._show(upcoming)
        try:
            await self._after(self._decisions.send(decision))
        finally:
            self._claims.deciding.discard(case_id)

    async def _after(self, deciding: Awaitable[Outcome]) -> None:
        """Show what became of a decision: of one that was not written, its case once more, so that nothing is lost."""
        outcome = await deciding
        if outcome.sent is not None:
            self._view.stage.settle(outcome.sent.case, done=outcome.done)
        case = outcome.case
        if case is None:
            return
        self._listing.put(case)
        is_selected = self._selected is not None and self._selected.id == case.id
        if is_selected or outcome.returns:
            self._show(case, outcome.note)

    async def _refresh(self) -> None:
        if self._claims.is_away:  # a page that was left would claim what comes in, and nobody would be shown it
            return
        if not await self._visitor.is_here(acts=False):
            return
        with suppress(ServiceError):  # it is tried again
            await self._claims.keep(self._bar.reviewer)
        now, somebody = self._sources.clock(), self._texts("Somebody else")
        others = of_others(await self._reads.claims(), self._claims.holder, now)
        self._taken = {case_id: claim.who or somebody for case_id, claim in others.items()}
        here = self._texts("{who} is looking at it")
        self._list.show_looks({case_id: here.format(who=who) for case_id, who in self._taken.items()})
        if await self._listing.is_old():
            await self._catch_up()

    async def _catch_up(self) -> None:
        """Show what happened meanwhile, and keep the selection, also when somebody else decided that very case."""
        await self._listing.reload()
        before = self._selected
        if before is None:
            await self._show_first(None)
            return
        fresh = self._listing.listed(before.id) or await self._find(before.id)
        if fresh is None or fresh == before or self._selected is not before or fresh.version < before.version:
            return
        if fresh.version == before.version:  # a later picture came
            self._show(fresh)
            return
        who = fresh.changed_by or self._texts("Somebody else")
        template = self._texts("{who} changed this case meanwhile: {state}")
        self._show(fresh, template.format(who=who, state=self._texts(STATES[fresh.state])))

    def _show_counts(self, counts: dict[CaseState, int]) -> None:
        self._tabs.show_counts(counts)
        waiting = counts[CaseState.FOUND]
        ui.page_title(f"({shown_count(waiting)}) 尘视 dustwatch" if waiting else "尘视 dustwatch")

    async def _show_first(self, wanted: Case | None) -> None:
        first = wanted
        if first is None and self._listing.wanted is CaseState.FOUND:
            first = await self._claim_next(None)
        elif first is None:
            first = self._listing.beside(None, 1, ())
        if first is not None:
            self._show(first)

    def _show(self, case: Case, note: str = "") -> None:
        """Show the picture and the head at once, and the rest soon after."""
        if self._selected is None or self._selected.id != case.id:
            self._next = None  # what came next comes next no longer, when somebody goes back
            self._reject.close()  # it asks about the case before
        self._selected = case
        self._list.mark(case.id)
        principal = self._visitor.principal
        is_overdue = case.due_at is not None and case.due_at < self._sources.clock()
        steps = principal.may(case.state)
        head = CaseHead(case, note, is_overdue, steps, allows(principal, "GET", case_file_url(case)))
        self._view.show_head(head)
        self._show_stage(head)
        background_tasks.create(self._show_rest(head), name=f"rest of case {case.id}")

    def _show_stage(self, head: CaseHead) -> None:
        after, before = (self._listing.beside(head.case, by, self._taken) for by in (1, -1))
        around = (self._next or after, before)
        ahead = [stage_picture(each, self._texts) for each in around if each is not None and each.id != head.case.id]
        self._view.stage.show(stage_picture(head.case, self._texts, head.steps), ahead)

    async def _show_rest(self, head: CaseHead) -> None:
        case, now = head.case, self._sources.clock()
        await asyncio.sleep(DETAILS_AFTER_S)
        if self._selected is not case:
            return
        claim = await self._claim(case)
        if self._selected is case and claim is not None and not head.note:
            here = self._texts("{who} is looking at it")
            self._view.note(here.format(who=claim.who or self._texts("Somebody else")))
        if self._selected is case and self._next is None and self._listing.wanted is CaseState.FOUND:
            upcoming = await self._claim_next(case)
            if self._selected is case and self._next is None:
                self._next = upcoming
                self._show_stage(head)
        details = await run_in_threadpool(read_details, self._sources, case, self._listing.waiting(), now)
        if self._selected is case:
            self._view.show_details(head, details)
            self._batch.show(case, details.look_alikes)

    async def _claim(self, case: Case) -> Claim | None:
        try:
            return await self._claims.take(case, self._bar.reviewer)
        except ServiceError:  # a busy database keeps nobody from looking
            return None

    async def _claim_next(self, after: Case | None) -> Case | None:
        try:
            return await self._claims.take_next(self._listing.waiting(), after, self._bar.reviewer)
        except ServiceError:
            return self._listing.beside(after, 1, self._taken)

    async def _after_batch(self) -> None:
        """Go on to a case that was not in the batch."""
        before = self._selected
        await self._listing.reload()
        fresh = await self._find(before.id) if before is not None else None
        if fresh is None or self._selected is not before:
            return
        self._next = None
        upcoming = None if fresh.state is CaseState.FOUND else await self._claim_next(fresh)
        self._show(upcoming or fresh)

    async def _find(self, case_id: int) -> Case | None:
        if not await run_in_threadpool(self._rows.allows, self._visitor.scope, Row.CASE, str(case_id)):
            return None
        try:
            return await run_in_threadpool(self._sources.store.get, case_id)
        except NoSuchCase:
            return None


def _number_in(sent: dict[str, Any]) -> int:
    case_id = sent.get("case")
    return case_id if isinstance(case_id, int) else 0
