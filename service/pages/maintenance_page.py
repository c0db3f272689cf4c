"""The page of open maintenance cases at `/maintenance` (English at `/en/maintenance`), each closed with a note."""

from fastapi import Request
from nicegui import ui
from starlette.concurrency import run_in_threadpool

from service.accounts.access import allows
from service.domain.maintenance import MaintenanceCase, MaintenanceState
from service.errors import ServiceError
from service.pages.dialogs import NoteDialog
from service.pages.labels import HEALTH_KINDS, local_time
from service.pages.navigation import MAINTENANCE
from service.pages.notice_alarms import NoticeAlarms
from service.pages.page_frame import add_page, app_frame
from service.pages.page_visitor import PageVisitor
from service.pages.sources import Sources
from service.pages.top_bar import TopBar
from service.storage.maintenance_store import MaintenancePage
from service.texts.catalogue import load_translator

REFRESH_S = 2.0
MOST_SHOWN = 200


def add_maintenance_pages(sources: Sources) -> None:
    """Register the page in both languages."""

    async def build(_request: Request, language: str, visitor: PageVisitor) -> None:
        desk = MaintenanceDesk(sources, language, visitor)
        await desk.refresh()

    add_page(MAINTENANCE, build, sources)


class MaintenanceDesk:
    """One open page."""

    def __init__(self, sources: Sources, language: str, visitor: PageVisitor) -> None:
        self._store = sources.maintenance
        self._clock = sources.clock
        self._language = language
        self._visitor = visitor
        self._translator = load_translator()
        self._texts = self._translator.texts(language)
        self._shown: MaintenancePage | None = None
        self._closing: MaintenanceCase | None = None
        _ = self._texts
        with app_frame():
            self._dialog = NoteDialog(_("What was done?"), _("Note (optional)"), _("Close the case"), self._close)
            self._bar = TopBar(_, language=language, visitor=visitor, here=MAINTENANCE)
            with ui.element("main").classes("dw-upkeep"):
                self._alarms = NoticeAlarms(sources.notices, _, visitor)
                self._list = ui.element("div")
        ui.timer(REFRESH_S, self.refresh)

    async def refresh(self) -> None:
        """Show what is open now; the list is made anew only when something changed."""
        if not await self._visitor.is_here(acts=False):
            return
        await self._alarms.refresh()
        scope = self._visitor.scope
        page = await run_in_threadpool(self._store.page, MaintenanceState.OPEN, scope=scope, limit=MOST_SHOWN)
        if page == self._shown:
            return
        self._shown = page
        self._list.clear()
        _ = self._texts
        with self._list:
            if not page.cases:
                ui.label(_("No camera needs maintenance")).classes("dw-upkeep-empty dw-muted")
            for case in page.cases:
                self._add_row(case)
            if page.next_cursor is not None:
                ui.label(_("Only the newest {count} are shown").format(count=MOST_SHOWN)).classes("dw-muted")

    def _add_row(self, case: MaintenanceCase) -> None:
        _ = self._texts

        def ask() -> None:
            self._closing = case
            self._dialog.open()

        with ui.element("div").classes("dw-upkeep-row") as row:
            row.props["data-case"] = case.id
            with ui.element("div").classes("dw-row-text"):
                ui.label(_(HEALTH_KINDS[case.kind])).classes("dw-row-rule")
                ui.label(f"{case.site_name} · {case.camera_name}").classes("dw-cut dw-muted")
            ui.label(_("since {time}").format(time=local_time(case.since))).classes("dw-time")
            if case.healthy_since is None:
                ui.label(_("still wrong")).classes("dw-chip dw-confirmed")
            else:
                text = _("ended {time}").format(time=local_time(case.healthy_since))
                ui.label(text).classes("dw-chip dw-rejected")
            if self._may_close(case):
                ui.button(_("Close"), on_click=ask).props("outline dense no-caps")

    async def _close(self, note: str) -> None:
        case = self._closing
        if case is None or not await self._visitor.is_here() or not self._may_close(case):
            return
        try:
            await run_in_threadpool(self._store.close, case.id, by=self._bar.reviewer, note=note, at=self._clock())
        except ServiceError as error:
            ui.notify(self._translator.explain(error.template, error.params, self._language), type="warning")
        await self.refresh()

    def _may_close(self, case: MaintenanceCase) -> bool:
        return allows(self._visitor.principal, "POST", f"/api/v1/maintenance-cases/{case.id}/close")
