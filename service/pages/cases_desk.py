"""What one open page of cases knows and does: the filter in its address, the open case, steps, live refresh."""

import asyncio
import json
from typing import Any

from nicegui import ui
from starlette.concurrency import run_in_threadpool

from service.accounts.access import Row, allows
from service.api.urls import case_file_url
from service.domain.cases import Case
from service.domain.lifecycle import Step, Told
from service.domain.sites import Site
from service.errors import BadCursor, NoSuchCase, ServiceError
from service.pages.bulk_bar import BulkBar
from service.pages.case_panel import CasePanel, PanelCase
from service.pages.cases_address import CasesAddress, View
from service.pages.cases_filters import CaseFilters
from service.pages.cases_layout import BOARD_STATES, CasesBoard, CasesTable, Column, is_overdue
from service.pages.files_menu import FilesMenu
from service.pages.labels import STEPS, named_values
from service.pages.navigation import CASES
from service.pages.page_frame import app_frame
from service.pages.page_visitor import PageVisitor
from service.pages.sources import Sources
from service.pages.top_bar import TopBar
from service.storage.bulk_steps import BulkSteps, WantedCase
from service.storage.case_list import CaseList, ListedCases
from service.storage.case_store import Revision
from service.storage.list_position import CaseOrder
from service.storage.look_back_store import LookBackStore
from service.storage.scope_rows import ScopeRows
from service.texts.catalogue import load_translator

REFRESH_S = 1.5
PAGE_SIZE = 50
COLUMN_SIZE = 30


class CasesDesk:
    """One open page. All of it runs on the event loop; only the database is asked in threads."""

    def __init__(
        self, sources: Sources, language: str, visitor: PageVisitor, address: CasesAddress, sites: list[Site]
    ) -> None:
        engine = sources.store.engine
        self._sources, self._visitor, self._language, self._address = sources, visitor, language, address
        self._list, self._rows = CaseList(engine), ScopeRows(engine)
        self._look_backs, self._bulk_steps = LookBackStore(sources.store), BulkSteps(sources.store)
        self._translator = load_translator()
        self._texts = self._translator.texts(language)
        self._revision: Revision | None = None
        self._shown: Case | None = None
        self._before: list[str | None] = []
        """The cursors of the pages before the one that is shown, as far as they were gone through."""
        self._next: str | None = None
        self._lock = asyncio.Lock()
        self._build(sites)

    async def start(self) -> None:
        """Load what the address asks for."""
        async with self._lock:
            await self._reload()
            if self._address.case is not None:
                await self._open(self._address.case)

    def _build(self, sites: list[Site]) -> None:
        _ = self._texts
        with app_frame():
            self._bar = TopBar(_, language=self._language, visitor=self._visitor, here=CASES)
            with ui.element("main").classes("dw-cases"):
                with ui.element("div").classes("dw-cases-top"):
                    names = {site.id: site.name for site in sites}
                    districts = sorted({site.district for site in sites})
                    CaseFilters(_, self._address, names, districts, self._filter)
                    with ui.element("div").classes("dw-cases-tools"):
                        views = {View.BOARD: _("Board"), View.TABLE: _("Table")}
                        ui.toggle(views, value=self._address.view, on_change=self._change_view).props(
                            "dense no-caps unelevated toggle-color=dark"
                        ).classes("dw-views")
                        self._bulk = BulkBar(_, self._take_bulk)
                        ui.space()
                        self._files = FilesMenu(_)
                with ui.element("div").classes("dw-cases-body"):
                    with ui.element("div").classes("dw-cases-list"):
                        self._board = CasesBoard(_, self._open_case)
                        self._table = CasesTable(
                            _, on_open=self._open_case, on_order=self._sort, on_choice=self._count_chosen
                        )
                        self._empty = ui.label(_("No case fits these filters")).classes("dw-cases-empty dw-muted")
                        with ui.element("div").classes("dw-pager"):
                            self._back = ui.button(_("Previous page"), on_click=self._go_back).props(
                                "flat no-caps color=none"
                            )
                            self._on = ui.button(_("Next page"), on_click=self._go_on).props("flat no-caps color=none")
                    self._panel = CasePanel(
                        _,
                        self._language,
                        on_step=self._take_step,
                        on_close=self._close_case,
                        on_attached=self._show_again,
                    )
        ui.timer(REFRESH_S, self._refresh)

    async def _filter(self, changed: dict[str, Any]) -> None:
        await self._change(**changed)

    async def _sort(self, order: CaseOrder) -> None:
        await self._change(order=order.value)

    async def _change_view(self, event: Any) -> None:  # noqa: ANN401 - NiceGUI's own type knows no value
        await self._change(view=View(event.value).value)

    async def _go_on(self) -> None:
        if self._next is not None:
            self._before.append(self._address.cursor)
            await self._change(cursor=self._next)

    async def _go_back(self) -> None:
        await self._change(cursor=self._before.pop() if self._before else None)

    async def _change(self, **values: object) -> None:
        async with self._lock:
            if not await self._visitor.is_here():
                return
            if "cursor" not in values:
                self._before = []
            self._set_address(self._address.changed(**values))
            await self._reload()

    def _set_address(self, address: CasesAddress) -> None:
        self._address = address
        query = json.dumps(f"?{address.query()}" if address.query() else "")
        ui.run_javascript(f'history.replaceState(null, "", location.pathname + {query})')

    async def _reload(self) -> None:
        # The revision is read first: what comes in between is then found by the next refresh, never missed.
        self._revision = await run_in_threadpool(self._sources.store.revision)
        now, is_board = self._sources.clock(), self._address.view is View.BOARD
        self._files.show(self._address)
        (self._table if is_board else self._board).clear()
        if is_board:
            columns = [await self._column(state) for state in BOARD_STATES if self._address.state in (None, state)]
            self._board.show(columns, now)
            self._next, is_empty = None, not any(column.cases for column in columns)
        else:
            page = await self._page()
            self._table.show(page.cases, self._address.order, now)
            self._next, is_empty = page.next_cursor, not page.cases
        self._empty.set_visibility(is_empty)
        self._on.set_visibility(self._next is not None)
        self._back.set_visibility(not is_board and self._address.cursor is not None)
        self._count_chosen()

    async def _column(self, state: Any) -> Column:  # noqa: ANN401
        address = self._address.model_copy(update={"state": state})
        wanted = address.wanted(self._sources.clock(), self._visitor.scope)
        found = await run_in_threadpool(self._list.page, wanted, limit=COLUMN_SIZE)
        return Column(state, found.cases, found.next_cursor is not None)

    async def _page(self) -> ListedCases:
        address = self._address
        wanted = address.wanted(self._sources.clock(), self._visitor.scope)
        try:
            return await run_in_threadpool(
                self._list.page, wanted, order=address.order, limit=PAGE_SIZE, cursor=address.cursor
            )
        except BadCursor:  # of another order, or mangled on its way: begin at the first page
            self._set_address(address.changed(cursor=None))
            return await run_in_threadpool(self._list.page, wanted, order=address.order, limit=PAGE_SIZE)

    async def _open_case(self, case_id: int) -> None:
        async with self._lock:
            if await self._visitor.is_here():
                self._set_address(self._address.changed(case=case_id))
                await self._open(case_id)

    async def _close_case(self) -> None:
        self._shown = None
        self._set_address(self._address.changed(case=None))
        self._panel.hide()

    async def _open(self, case_id: int) -> None:
        case = await self._find(case_id)
        self._shown = case
        if case is None:
            self._panel.hide()
            return
        principal = self._visitor.principal
        history = await run_in_threadpool(self._sources.store.history, case.id)
        shown = PanelCase(
            case,
            history,
            await run_in_threadpool(self._look_backs.of_case, case.id),
            principal.may(case.state),
            is_overdue(case, self._sources.clock()),
            allows(principal, "GET", case_file_url(case)),
            await run_in_threadpool(self._sources.advice.advice_if_any, case.id, self._sources.clock()),
        )
        self._panel.show(shown, who=principal.name, by=self._bar.reviewer)

    async def _show_again(self) -> None:
        async with self._lock:
            if self._shown is not None and await self._visitor.is_here():
                await self._open(self._shown.id)

    async def _find(self, case_id: int) -> Case | None:
        if not await run_in_threadpool(self._rows.allows, self._visitor.scope, Row.CASE, str(case_id)):
            return None
        try:
            return await run_in_threadpool(self._sources.store.get, case_id)
        except NoSuchCase:
            return None

    async def _refresh(self) -> None:
        async with self._lock:
            if not await self._visitor.is_here(acts=False):
                return
            revision = await run_in_threadpool(self._sources.store.revision)
            if revision == self._revision:
                return
            await self._reload()
            fresh = None if self._shown is None else await self._find(self._shown.id)
            if fresh is not None and fresh != self._shown and not self._panel.is_busy:
                await self._open(fresh.id)

    async def _take_step(self, case: Case, step: Step, told: Told) -> None:
        async with self._lock:
            if not await self._visitor.is_here():
                return
            take, at = self._sources.store.take_step, self._sources.clock()
            try:
                actor = self._visitor.principal.actor(case.state, step, typed=self._bar.reviewer)
                if told.target_case is not None and await self._find(told.target_case) is None:
                    raise NoSuchCase(case_id=told.target_case)
                await run_in_threadpool(take, case.id, step, actor, told, at=at, version=case.version)
            except ServiceError as error:
                values = named_values(error.params, self._texts)
                text = self._translator.explain(error.template, values, self._language)
                ui.notify(text, type="warning", position="top")
            else:
                ui.notify(f"#{case.id} {self._texts(STEPS[step])}", position="bottom-left", color="dark")
            await self._reload()
            await self._open(case.id)

    async def _take_bulk(self, step: Step, told: Told) -> None:
        async with self._lock:
            if not await self._visitor.is_here():
                return
            principal, typed = self._visitor.principal, self._bar.reviewer
            outcomes = await run_in_threadpool(
                self._bulk_steps.take,
                [WantedCase(case.id, case.version) for case in self._table.chosen],
                step,
                lambda state: principal.actor(state, step, typed=typed),
                told,
                at=self._sources.clock(),
                scope=principal.scope,
            )
            self._bulk.explain(outcomes)
            await self._reload()

    def _count_chosen(self) -> None:
        self._bulk.show(len(self._table.chosen))
