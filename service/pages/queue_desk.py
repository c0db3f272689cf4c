"""What one inspector's open page knows and does: the filter, the selected case, decisions, live refresh."""

import asyncio

from nicegui import ui
from nicegui.events import KeyEventArguments
from starlette.concurrency import run_in_threadpool

from service.accounts.access import Row, allows
from service.api.urls import case_file_url
from service.domain.cases import Case, CaseState
from service.domain.lifecycle import Step, Told
from service.errors import NoSuchCase, ServiceError
from service.pages.case_view import CaseShown, CaseView
from service.pages.dialogs import HelpDialog, RejectDialog
from service.pages.keys import Action, action_of, digit_of
from service.pages.labels import STATES, STEPS, named_values
from service.pages.page_frame import app_frame
from service.pages.page_visitor import PageVisitor
from service.pages.queue_list import QueueList, WhyEmpty
from service.pages.selection import next_waiting, step
from service.pages.sources import Sources
from service.pages.top_bar import StateTabs, TopBar, shown_count
from service.storage.case_store import CaseFilter, CasePage, Revision
from service.storage.dust_beside import dust_of_case
from service.storage.scope_rows import ScopeRows
from service.texts.catalogue import load_translator

REFRESH_S = 0.7
"""How often the page asks whether anything is new; it costs two look-ups of an index."""
PAGE_SIZE = 60

_STEPS = {Action.CONFIRM: Step.CONFIRM, Action.UNSURE: Step.DOUBT, Action.UNDO: Step.UNDO}


class QueueDesk:
    """One open page. All of it runs on the event loop; only the database and the disk are asked in threads."""

    def __init__(self, sources: Sources, language: str, visitor: PageVisitor) -> None:
        self._sources = sources
        self._visitor = visitor
        self._rows = ScopeRows(sources.store.engine)
        self._language = language
        self._translator = load_translator()
        self._texts = self._translator.texts(language)
        self._wanted: CaseState | None = CaseState.FOUND
        self._limit = PAGE_SIZE
        self._page = CasePage((), None)
        self._revision: Revision | None = None
        self._selected: Case | None = None
        self._last_decided: Case | None = None
        self._message: ui.notification | None = None
        # One thing at a time: a refresh must not change what a key press was meant for.
        self._lock = asyncio.Lock()
        self._build()

    async def start(self, case_id: int | None) -> None:
        """Load the queue and select a case: the one asked for (also when it is decided), else the newest."""
        async with self._lock:
            case = await self._find(case_id) if case_id else None
            if case is not None and case.state is not CaseState.FOUND:
                self._wanted = None
                self._tabs.show_wanted(None)
            await self._reload()
            first = case or step(self._page.cases, None, 1)
            if first is not None:
                await self._show(first)

    def _build(self) -> None:
        _ = self._texts
        with app_frame():
            self._help = HelpDialog(_)
            self._reject = RejectDialog(_, self._reject_selected)
            self._bar = TopBar(_, language=self._language, visitor=self._visitor, on_help=self._help.toggle)
            with ui.element("main").classes("dw-main"):
                with ui.element("nav").classes("dw-side"):
                    self._tabs = StateTabs(_, self._wanted, self._filter)
                    self._list = QueueList(_, self._select, self._load_more)
                self._view = CaseView(_, self._act, self._take_step)
        ui.keyboard(self._key, ignore=["input", "textarea", "select"])
        ui.timer(REFRESH_S, self._refresh)

    async def _key(self, event: KeyEventArguments) -> None:
        modifiers = event.modifiers
        if not event.action.keydown or modifiers.ctrl or modifiers.meta or modifiers.alt:
            return
        code = event.key.code
        if self._reject.is_open:
            digit = digit_of(code)
            if digit is not None and not event.action.repeat:
                await self._reject.choose(digit)
            return
        if self._view.asks:
            return
        action = action_of(code, shift=modifiers.shift, repeat=event.action.repeat)
        # Behind the help nobody sees what a key would decide.
        if action is Action.HELP or (action is not None and not self._help.is_open):
            await self._act(action)

    async def _act(self, action: Action) -> None:
        match action:
            case Action.CONFIRM | Action.UNSURE | Action.UNDO:
                await self._decide(self._selected, _STEPS[action])
            case Action.REJECT:
                if self._selected and Step.REJECT in self._visitor.principal.may(self._selected.state):
                    self._reject.open()
            case Action.NEXT:
                await self._go(1)
            case Action.PREVIOUS:
                await self._go(-1)
            case Action.DRAWING:
                self._view.toggle_drawing()
            case Action.PLAY:
                self._view.play_or_pause()
            case Action.HELP:
                self._help.toggle()

    async def _reject_selected(self, reason: str) -> None:
        await self._decide(self._selected, Step.REJECT, reason)

    async def _go(self, by: int) -> None:
        async with self._lock:
            case = step(self._page.cases, self._selected.id if self._selected else None, by)
            if case is not None:
                await self._show(case)

    async def _select(self, case: Case) -> None:
        async with self._lock:
            await self._show(case)

    async def _filter(self, wanted: CaseState | None) -> None:
        if wanted is self._wanted:
            return
        async with self._lock:
            self._wanted, self._limit = wanted, PAGE_SIZE
            await self._reload()
            if self._page.cases and self._selected not in self._page.cases:
                await self._show(self._page.cases[0])

    async def _load_more(self) -> None:
        async with self._lock:
            self._limit += PAGE_SIZE
            await self._reload()

    async def _decide(self, meant: Case | None, step: Step, reason: str = "") -> None:
        async with self._lock:
            # While this key waited for another one the page may have moved on: then it was meant for what is gone.
            if meant is None or self._selected is None or meant.id != self._selected.id:
                return
            target: Case | None = meant
            if step is Step.UNDO and meant.state is CaseState.FOUND:
                target = self._last_decided
            if target is None or not await self._visitor.is_here():
                return
            try:
                actor = self._visitor.principal.actor(target.state, step, typed=self._bar.reviewer)
                take, at = self._sources.store.take_step, self._sources.clock()
                after, _entry = await run_in_threadpool(take, target.id, step, actor, Told(reason=reason), at=at)
            except ServiceError as error:
                await self._explain(error)
                return
            await self._go_on(after, step)

    async def _take_step(self, case: Case, step: Step, told: Told) -> None:
        async with self._lock:
            if not await self._visitor.is_here():
                return
            take, at = self._sources.store.take_step, self._sources.clock()
            try:
                actor = self._visitor.principal.actor(case.state, step, typed=self._bar.reviewer)
                if told.target_case is not None and await self._find(told.target_case) is None:
                    raise NoSuchCase(case_id=told.target_case)
                after, _entry = await run_in_threadpool(take, case.id, step, actor, told, at=at, version=case.version)
            except ServiceError as error:
                await self._explain(error)
                return
            await self._reload()
            await self._show(after)
        self._say(f"#{after.id} {self._texts(STEPS[step])}")

    async def _explain(self, error: ServiceError) -> None:
        values = named_values(error.params, self._texts)
        text = self._translator.explain(error.template, values, self._language)
        ui.notify(text, type="warning", position="top")
        await self._catch_up()

    async def _go_on(self, after: Case, step: Step) -> None:
        await self._reload()
        if step is Step.UNDO:
            self._last_decided = None
            await self._show(after)
        else:
            self._last_decided = after
            self._selected = after
            await self._show(next_waiting(self._page.cases, after.id) or after)
        text = f"#{after.id} {self._texts(STEPS[step])}"
        self._say(text if step is Step.UNDO else f"{text} · {self._texts('Z takes it back')}")

    def _say(self, text: str) -> None:
        if self._message is not None:
            self._message.dismiss()  # quick work must not pile up messages over the queue
        self._message = ui.notification(text, position="bottom-left", timeout=2.5, color="dark")

    async def _refresh(self) -> None:
        async with self._lock:
            if not await self._visitor.is_here(acts=False):
                return
            revision = await run_in_threadpool(self._sources.store.revision)
            if revision != self._revision:
                await self._catch_up()

    async def _catch_up(self) -> None:
        """Show what happened meanwhile, and keep the selection, also when somebody else decided that very case."""
        await self._reload()
        if self._selected is None:
            if self._page.cases:
                await self._show(self._page.cases[0])
            return
        fresh = await self._find(self._selected.id)
        if fresh is None or fresh == self._selected:
            return
        if fresh.version == self._selected.version:  # a later picture came
            await self._show(fresh)
            return
        who = fresh.changed_by or self._texts("Somebody else")
        template = self._texts("{who} changed this case meanwhile: {state}")
        await self._show(fresh, template.format(who=who, state=self._texts(STATES[fresh.state])))

    async def _reload(self) -> None:
        store = self._sources.store
        # The revision is read first: what comes in between is then found by the next refresh, never missed.
        self._revision = await run_in_threadpool(store.revision)
        wanted = CaseFilter(self._wanted, scope=self._visitor.scope)
        self._page = await run_in_threadpool(store.page, wanted, limit=self._limit)
        counts = await run_in_threadpool(store.counts, self._visitor.scope)
        self._tabs.show_counts(counts)
        self._list.show(
            self._page.cases,
            has_more=self._page.next_cursor is not None,
            why_empty=self._why_empty(counts),
            now=self._sources.clock(),
        )
        waiting = counts[CaseState.FOUND]
        ui.page_title(f"({shown_count(waiting)}) 尘视 dustwatch" if waiting else "尘视 dustwatch")

    def _why_empty(self, counts: dict[CaseState, int]) -> WhyEmpty:
        if not any(counts.values()):
            return WhyEmpty.NOTHING_YET
        return WhyEmpty.ALL_DECIDED if self._wanted is CaseState.FOUND else WhyEmpty.OTHER_STATE

    async def _show(self, case: Case, note: str = "") -> None:
        self._selected = case
        self._list.mark(case.id)
        history = await run_in_threadpool(self._sources.store.history, case.id)
        manifest = await run_in_threadpool(self._sources.evidence.manifest, case)
        now, principal = self._sources.clock(), self._visitor.principal
        dust = await run_in_threadpool(dust_of_case, self._sources.dust, case, now)
        is_overdue = case.due_at is not None and case.due_at < now
        may_print = allows(principal, "GET", case_file_url(case))
        steps = principal.may(case.state)
        self._view.show(CaseShown(case, history, manifest, note, is_overdue, dust, steps, may_print))
        ui.run_javascript(f'history.replaceState(null, "", "?case={case.id}")')

    async def _find(self, case_id: int) -> Case | None:
        if not await run_in_threadpool(self._rows.allows, self._visitor.scope, Row.CASE, str(case_id)):
            return None
        try:
            return await run_in_threadpool(self._sources.store.get, case_id)
        except NoSuchCase:
            return None
