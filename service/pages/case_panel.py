"""One case beside the list: picture, steps, notes, what was attached, look-backs, history."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nicegui import ui

from service.api.urls import attachment_url, case_file_url, evidence_url
from service.domain.cases import Case, EvidenceItem
from service.domain.lifecycle import HistoryEntry, Step, Told
from service.domain.look_backs import LookBack, Occasion, Standing
from service.domain.office.advice import Advice
from service.pages.advice_box import add_advice
from service.pages.case_facts import history
from service.pages.dialogs import MAX_REASON
from service.pages.labels import STATES, local_time, rule_name
from service.pages.later_strip import OUTCOMES, LaterStrip
from service.pages.navigation import QUEUE, address_of
from service.pages.photo_upload import PhotoUpload
from service.pages.step_menu import OnStep, StepMenu
from service.texts.catalogue import N_, Texts

OCCASIONS = {Occasion.REPORT: N_("After the report"), Occasion.CLOSING: N_("After closing")}
STANDINGS = {
    Standing.OPEN: N_("looks from {time} on"),
    Standing.ANSWERED: N_("answered"),
    Standing.UNANSWERED: N_("no picture came"),
    Standing.VOID: N_("not needed any more"),
}


@dataclass(frozen=True)
class PanelCase:
    """Everything that the panel shows; `steps` are those that who looks may take now."""

    case: Case
    history: tuple[HistoryEntry, ...]
    look_backs: tuple[LookBack, ...]
    steps: tuple[Step, ...]
    is_overdue: bool
    may_print: bool
    advice: Advice | None = None

    @property
    def attachments(self) -> tuple[EvidenceItem, ...]:
        """Everything that was attached, the first first."""
        return tuple(item for entry in self.history for item in entry.told.attachments)


class CasePanel:
    """Made anew for each case that is shown."""

    def __init__(
        self,
        _: Texts,
        language: str,
        *,
        on_step: OnStep,
        on_close: Callable[[], Awaitable[None]],
        on_attached: Callable[[], Awaitable[None]],
    ) -> None:
        self._texts, self._language = _, language
        self._on_step, self._on_close, self._on_attached = on_step, on_close, on_attached
        self._menu: StepMenu | None = None
        self._note: ui.textarea | None = None
        self._upload: PhotoUpload | None = None
        self._box = ui.element("aside").classes("dw-panel")
        self._box.props["aria-label"] = _("Case")
        self._box.set_visibility(False)

    @property
    def is_busy(self) -> bool:
        """Whether somebody is writing in it, so that it must not be made anew under their hands."""
        asks = self._menu is not None and self._menu.is_open
        holds = self._upload is not None and self._upload.is_holding
        return asks or holds or bool(self._note is not None and self._note.value)

    def hide(self) -> None:
        """Show no case."""
        self._box.clear()
        self._note = self._menu = self._upload = None
        self._box.set_visibility(False)

    def show(self, shown: PanelCase, *, who: str, by: str) -> None:
        """Show the case; `who` and `by` are told by what is attached."""
        self._box.clear()
        self._box.set_visibility(True)
        _, case = self._texts, shown.case
        with self._box:
            self._add_head(shown)
            self._add_picture(case)
            with ui.element("div").classes("dw-panel-does"):
                self._menu = StepMenu(_, self._on_step)
                self._menu.show(case, shown.steps)
                queue = f"{address_of(QUEUE, self._language)}?case={case.id}"
                ui.link(_("Open in the review"), queue).classes("dw-panel-link")
                if shown.may_print:
                    ui.link(_("Print case file"), case_file_url(case), new_tab=True).classes("dw-panel-link")
            LaterStrip(_).show(case)
            add_advice(shown.advice, _)
            self._add_look_backs(shown)
            self._add_attachments(shown, who, by)
            self._add_notes(shown)

    def _add_head(self, shown: PanelCase) -> None:
        _, case = self._texts, shown.case
        with ui.element("header").classes("dw-panel-head"):
            ui.label(f"#{case.id}").classes("dw-number")
            ui.label(rule_name(case.rule, _)).classes("dw-rule")
            ui.label(_(STATES[case.state])).classes(f"dw-chip dw-{case.state.value}")
            ui.space()
            close = ui.button(icon="close", on_click=self._on_close).props("flat dense round color=none")
            close.props["aria-label"] = _("Close the panel")
        ui.label(f"{case.site_name} · {case.camera_name}").classes("dw-panel-line")
        ui.label(_("Found {time}").format(time=local_time(case.opened_at))).classes("dw-panel-line dw-muted")
        if case.assigned_to:
            ui.label(f"{_('Responsible party')}: {case.assigned_to}").classes("dw-panel-line")
        if case.due_at is not None:
            text = _("Overdue since {time}") if shown.is_overdue else _("Due {time}")
            line = ui.label(text.format(time=local_time(case.due_at)[:16])).classes("dw-panel-line dw-panel-due")
            line.classes("dw-overdue" if shown.is_overdue else "")

    def _add_picture(self, case: Case) -> None:
        item = case.picture
        if item is None:
            return
        with ui.link(target=evidence_url(case, item.name), new_tab=True).classes("dw-panel-picture"):
            picture = ui.element("img")
            picture.props["src"] = evidence_url(case, item.name)
            picture.props["alt"] = self._texts("When it was found")

    def _add_look_backs(self, shown: PanelCase) -> None:
        if not shown.look_backs:
            return
        _ = self._texts
        ui.label(_("Look-backs")).classes("dw-panel-title")
        for each in shown.look_backs:
            ui.label(look_back_line(each, _)).classes("dw-past")

    def _add_attachments(self, shown: PanelCase, who: str, by: str) -> None:
        _, case = self._texts, shown.case
        ui.label(_("Attachments")).classes("dw-panel-title")
        add_attachments(case, shown.attachments)
        if Step.NOTE in shown.steps:
            self._upload = PhotoUpload(_, case, who=who, by=by, on_attached=self._on_attached)

    def _add_notes(self, shown: PanelCase) -> None:
        _, case = self._texts, shown.case
        ui.label(_("Notes and history")).classes("dw-panel-title")
        if Step.NOTE in shown.steps:
            with ui.element("div").classes("dw-panel-note"):
                note = ui.textarea(_("Write a note")).props(f"dense outlined autogrow maxlength={MAX_REASON}")

                async def add() -> None:
                    text = (note.value or "").strip()[:MAX_REASON]
                    if text:
                        note.value = ""
                        await self._on_step(case, Step.NOTE, Told(reason=text))

                ui.button(_("Add the note"), on_click=add).props("flat no-caps color=none")
                self._note = note
        for line in history(shown.history, _):
            ui.label(line).classes("dw-past")


def look_back_line(each: LookBack, _: Texts) -> str:
    """Return what became of a look-back, in one line."""
    told = _(OUTCOMES[each.outcome]) if each.outcome else _(STANDINGS[each.standing])
    told = told.format(time=local_time(each.due_at)[:16])
    at = "" if each.settled_at is None else f" · {local_time(each.settled_at)[:16]}"
    return f"{_(OCCASIONS[each.occasion])}: {told}{at}"


def add_attachments(case: Case, items: tuple[EvidenceItem, ...]) -> None:
    """Add what was attached to a case: small pictures, and the names of papers; each opens in a tab of its own."""
    if not items:
        return
    with ui.element("div").classes("dw-attached"):
        for item in items:
            url = attachment_url(case, item.sha256)
            with ui.link(target=url, new_tab=True).classes("dw-attached-one"):
                if item.media_type == "image/jpeg":
                    picture = ui.element("img").props("loading=lazy")
                    picture.props["src"] = url
                    picture.props["alt"] = ""
                else:
                    ui.icon("picture_as_pdf")
                ui.label(item.name).classes("dw-cut")
