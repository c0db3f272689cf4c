"""One case as the site sees it: the picture, what is asked for until when, and handing in what was put right."""

from nicegui import ui
from starlette.concurrency import run_in_threadpool

from service.accounts.access import Row
from service.api.urls import evidence_url
from service.domain.cases import Case
from service.domain.duties import is_reported, sent_back_because
from service.domain.lifecycle import HistoryEntry, Step, Told
from service.errors import NoSuchCase, ServiceError
from service.pages.case_facts import history as history_lines
from service.pages.case_panel import add_attachments
from service.pages.cases_layout import is_overdue
from service.pages.labels import STATES, STEPS, local_time, named_values, rule_name
from service.pages.later_strip import LaterStrip
from service.pages.navigation import DUTY, address_of
from service.pages.page_frame import app_frame
from service.pages.page_visitor import PageVisitor
from service.pages.photo_upload import PhotoUpload
from service.pages.sources import Sources
from service.pages.step_menu import StepMenu
from service.pages.top_bar import TopBar
from service.storage.scope_rows import ScopeRows
from service.texts.catalogue import N_, load_translator

ASKED_FOR = {
    "unwashed_truck": N_("Let every truck be washed in the wash bay before it leaves, and clean the exit."),
    "uncovered_soil": N_("Cover the bare soil wholly with dust net, or wet it and keep it wet."),
    "missing_hoarding": N_("Close the gap in the hoarding along the whole perimeter."),
}
_OFFERED = (Step.ACCEPT, Step.DECLINE, Step.NOTE)


class DutyCase:
    """One open page."""

    def __init__(self, sources: Sources, language: str, visitor: PageVisitor, case_id: int) -> None:
        self._sources, self._language, self._visitor, self._case_id = sources, language, visitor, case_id
        self._rows = ScopeRows(sources.store.engine)
        self._translator = load_translator()
        self._texts = self._translator.texts(language)
        with app_frame():
            self._bar = TopBar(self._texts, language=language, visitor=visitor, here=f"{DUTY}/{case_id}")
            self._box = ui.element("main").classes("dw-duty")

    async def refresh(self) -> None:
        """Show the case as it is now."""
        if not await self._visitor.is_here():
            return
        case = await self._find()
        history = () if case is None else await run_in_threadpool(self._sources.store.history, case.id)
        self._box.clear()
        with self._box:
            ui.link(f"‹ {self._texts('To put right')}", address_of(DUTY, self._language)).classes("dw-duty-back")
            if case is None:
                ui.label(self._texts("This case is not there any more.")).classes("dw-duty-empty dw-muted")
                return
            self._show(case, history)

    async def _find(self) -> Case | None:
        if not await run_in_threadpool(self._rows.allows, self._visitor.scope, Row.CASE, str(self._case_id)):
            return None
        try:
            return await run_in_threadpool(self._sources.store.get, self._case_id)
        except NoSuchCase:
            return None

    def _show(self, case: Case, history: tuple[HistoryEntry, ...]) -> None:
        _ = self._texts
        with ui.element("div").classes("dw-duty-head"):
            ui.label(f"#{case.id}").classes("dw-number")
            ui.label(rule_name(case.rule, _)).classes("dw-rule")
            ui.label(_(STATES[case.state])).classes(f"dw-chip dw-{case.state.value}")
        ui.label(f"{case.site_name} · {case.camera_name}").classes("dw-muted")
        self._add_picture(case)
        ui.label(_("Found {time}").format(time=local_time(case.opened_at)[:16])).classes("dw-muted")
        self._add_asked_for(case, history)
        self._add_handing_in(case, history)
        LaterStrip(_).show(case)
        add_attachments(case, tuple(item for entry in history for item in entry.told.attachments))
        with ui.element("details").classes("dw-duty-past"):
            with ui.element("summary"):
                ui.label(_("History"))
            for line in history_lines(history, _):
                ui.label(line).classes("dw-past")

    def _add_picture(self, case: Case) -> None:
        item = case.picture
        if item is not None:
            with ui.link(target=evidence_url(case, item.name), new_tab=True).classes("dw-duty-picture"):
                picture = ui.element("img")
                picture.props["src"] = evidence_url(case, item.name)
                picture.props["alt"] = self._texts("When it was found")

    def _add_asked_for(self, case: Case, history: tuple[HistoryEntry, ...]) -> None:
        _ = self._texts
        with ui.element("div").classes("dw-duty-asked"):
            ui.label(_("What is asked for")).classes("dw-panel-title")
            if case.rule in ASKED_FOR:
                ui.label(_(ASKED_FOR[case.rule]))
            if why := sent_back_because(history):
                ui.label(_("Sent back: {reason}").format(reason=why)).classes("dw-bad")
            if case.due_at is not None and not is_reported(history):
                late = is_overdue(case, self._sources.clock())
                text = _("Overdue since {time}") if late else _("Due {time}")
                line = ui.label(text.format(time=local_time(case.due_at)[:16])).classes("dw-duty-due")
                line.classes("dw-bad" if late else "")

    def _add_handing_in(self, case: Case, history: tuple[HistoryEntry, ...]) -> None:
        _, principal = self._texts, self._visitor.principal
        steps, reported = principal.may(case.state), is_reported(history)
        if reported:
            ui.label(_("Handed in. Somebody will check it.")).classes("dw-duty-done").props("role=status")
        if not {Step.REPORT, Step.ACCEPT} & set(steps):
            return
        upload = PhotoUpload(
            _,
            case,
            who=principal.name,
            by=self._bar.reviewer,
            on_reported=self.refresh,
            is_reported=reported,
        )
        upload.set_visibility(not reported)
        if not reported:
            StepMenu(_, self._take_step).show(case, [step for step in steps if step in _OFFERED])

    async def _take_step(self, case: Case, step: Step, told: Told) -> None:
        if not await self._visitor.is_here():
            return
        take, at = self._sources.store.take_step, self._sources.clock()
        try:
            actor = self._visitor.principal.actor(case.state, step, typed=self._bar.reviewer)
            await run_in_threadpool(take, case.id, step, actor, told, at=at, version=case.version)
        except ServiceError as error:
            values = named_values(error.params, self._texts)
            text = self._translator.explain(error.template, values, self._language)
            ui.notify(text, type="warning", position="top")
        else:
            ui.notify(f"#{case.id} {self._texts(STEPS[step])}", color="dark")
        await self.refresh()
