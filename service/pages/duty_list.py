"""The list of what a site has to put right, the first due first, and of what waits to be checked."""

from collections.abc import Sequence

from nicegui import ui
from starlette.concurrency import run_in_threadpool

from service.api.urls import thumbnail_url
from service.domain.cases import Case
from service.domain.duties import STATES, by_due_time, is_reported
from service.pages.cases_layout import is_overdue
from service.pages.labels import local_time, rule_name
from service.pages.navigation import DUTY, address_of
from service.pages.page_frame import app_frame
from service.pages.page_visitor import PageVisitor
from service.pages.sources import Sources
from service.pages.top_bar import TopBar
from service.storage.case_filter import CaseFilter
from service.storage.case_list import CaseList
from service.storage.case_store import Revision
from service.texts.catalogue import load_translator

REFRESH_S = 3.0
MOST_SHOWN = 60


class DutyList:
    """One open page."""

    def __init__(self, sources: Sources, language: str, visitor: PageVisitor) -> None:
        self._sources, self._language, self._visitor = sources, language, visitor
        self._list = CaseList(sources.store.engine)
        self._texts = load_translator().texts(language)
        self._revision: Revision | None = None
        with app_frame():
            TopBar(self._texts, language=language, visitor=visitor, here=DUTY)
            self._box = ui.element("main").classes("dw-duty")
        ui.timer(REFRESH_S, self.refresh)

    async def refresh(self) -> None:
        """Show what there is to do; the list is made anew only when something happened."""
        if not await self._visitor.is_here(acts=False):
            return
        store = self._sources.store
        revision = await run_in_threadpool(store.revision)
        if revision == self._revision:
            return
        self._revision = revision
        waiting: list[Case] = []
        reported: list[Case] = []
        for case in await self._mine():
            history = await run_in_threadpool(store.history, case.id)
            (reported if is_reported(history) else waiting).append(case)
        self._show(waiting, reported)

    async def _mine(self) -> tuple[Case, ...]:
        scope = self._visitor.scope
        found: list[Case] = []
        for state in STATES:
            page = await run_in_threadpool(self._list.page, CaseFilter(state=state, scope=scope), limit=MOST_SHOWN)
            found += page.cases
        return by_due_time(found)

    def _show(self, waiting: Sequence[Case], reported: Sequence[Case]) -> None:
        _ = self._texts
        self._box.clear()
        with self._box:
            with ui.element("h1").classes("dw-duty-title"):
                ui.label(_("To put right"))
                ui.label(str(len(waiting))).classes("dw-count")
            if not waiting:
                ui.label(_("There is nothing to put right")).classes("dw-duty-empty dw-muted")
            for case in waiting:
                self._add(case, is_waiting=True)
            if reported:
                with ui.element("h1").classes("dw-duty-title"):
                    ui.label(_("Handed in, to be checked"))
                    ui.label(str(len(reported))).classes("dw-count")
                for case in reported:
                    self._add(case, is_waiting=False)

    def _add(self, case: Case, *, is_waiting: bool) -> None:
        _ = self._texts
        with ui.link(target=address_of(f"{DUTY}/{case.id}", self._language)).classes("dw-duty-row") as row:
            row.props["data-case"] = case.id
            picture = ui.element("img").props("loading=lazy alt=''")
            picture.props["src"] = thumbnail_url(case)
            with ui.element("div").classes("dw-duty-text"):
                ui.label(rule_name(case.rule, _)).classes("dw-row-rule")
                ui.label(f"{case.site_name} · {case.camera_name}").classes("dw-cut dw-muted")
                if case.due_at is not None and is_waiting:
                    late = is_overdue(case, self._sources.clock())
                    text = _("Overdue since {time}") if late else _("Due {time}")
                    line = ui.label(text.format(time=local_time(case.due_at)[5:16])).classes("dw-duty-due")
                    line.classes("dw-bad" if late else "")
            ui.icon("chevron_right").classes("dw-muted")
