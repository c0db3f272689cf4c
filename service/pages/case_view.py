"""The case at the right: the picture as large as the window allows, the clip, the figures, and the decision."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nicegui import ui

from service.api.urls import case_file_url, evidence_url, manifest_url, redacted_url
from service.domain.cases import Case
from service.domain.lifecycle import HistoryEntry, Step
from service.dust.beside import DustBeside
from service.pages.case_facts import facts, figures, history
from service.pages.case_media import Clip, Picture
from service.pages.dialogs import key_hint
from service.pages.dust_chart import chart_options, exceedance_lines
from service.pages.keys import Action
from service.pages.labels import STATES, local_time, rule_name
from service.pages.later_strip import LaterStrip, course
from service.pages.step_menu import OnStep, StepMenu
from service.texts.catalogue import Texts
from vision.evidence.manifest import Manifest

OnAction = Callable[[Action], Awaitable[None]]


@dataclass(frozen=True)
class CaseShown:
    """Everything that the view shows about a case; `manifest` is None when it is damaged, `note` is a message.

    `steps` are those that who looks may take now.
    """

    case: Case
    history: tuple[HistoryEntry, ...]
    manifest: Manifest | None
    note: str = ""
    is_overdue: bool = False
    dust: tuple[DustBeside, ...] = ()
    steps: tuple[Step, ...] = ()
    may_print: bool = True


class CaseView:
    """Built once; `show` fills it with a case."""

    def __init__(self, _: Texts, on_action: OnAction, on_step: OnStep) -> None:
        self._texts = _
        self._on_action = on_action
        self._on_step = on_step
        self._case_id: int | None = None
        with ui.element("section").classes("dw-case") as self._box:
            self._build_head()
            self._note = ui.label().classes("dw-note")
            self._picture = Picture(_)
            self._later = LaterStrip(_)
            with ui.element("div").classes("dw-strip"):
                self._clip = Clip(_)
                self._figures = ui.element("div").classes("dw-figures")
                self._facts = ui.element("div").classes("dw-facts")
        with ui.element("section").classes("dw-blank") as self._blank:
            ui.icon("videocam")
            ui.label(_("The chosen case is shown here")).classes("dw-empty-title")
            ui.label(_("C confirms, R rejects, U is unsure, J and K go through the queue, ? shows all keys.")).classes("dw-muted")
        self.clear()

    def clear(self) -> None:
        """Show that there is nothing to show."""
        self._box.set_visibility(False)
        self._blank.set_visibility(True)

    def show(self, shown: CaseShown) -> None:
        """Fill the view with the case."""
        case, _ = shown.case, self._texts
        self._box.set_visibility(True)
        self._blank.set_visibility(False)
        self._number.text = f"#{case.id}"
        self._rule.text = rule_name(case.rule, _)
        self._place.text = f"{case.site_name} · {case.camera_name} · {local_time(case.opened_at)}"
        self._state.text = _(STATES[case.state])
        self._state.classes(replace=f"dw-chip dw-{case.state.value}")
        self._course.text = course(case, _)
        self._course.classes(replace=f"dw-course dw-{'ended' if case.ended_at else 'lasting'}")
        self._course.set_visibility(bool(self._course.text))  # after the classes, which would bring it back
        due = _("Overdue since {time}") if shown.is_overdue else _("Due {time}")
        self._due.text = due.format(time=local_time(case.due_at)[5:16]) if case.due_at else ""
        self._due.classes(replace="dw-due dw-overdue" if shown.is_overdue else "dw-due")
        self._due.set_visibility(case.due_at is not None)
        steps = shown.steps
        self._confirm.set_visibility(Step.CONFIRM in steps)
        self._reject.set_visibility(Step.REJECT in steps)
        self._unsure.set_visibility(Step.DOUBT in steps)
        self._undo.set_visibility(Step.UNDO in steps)
        self._steps.show(case, steps)
        self._print.props(f"href={case_file_url(case)}")
        self._print.set_visibility(shown.may_print)
        self._note.text = shown.note
        self._note.set_visibility(bool(shown.note))
        if case.id != self._case_id:  # else the clip would start again when only the state changed
            self._case_id = case.id
            self._picture.show(case)
            self._clip.show(case)
        self._later.show(case)
        self._show_figures(shown)
        self._show_facts(shown)

    def toggle_drawing(self) -> None:
        """Switch between the picture with the drawing and the one without."""
        self._picture.toggle_drawing()

    @property
    def asks(self) -> bool:
        """Whether a dialog of a step is open, behind which no key must decide anything."""
        return self._steps.is_open

    def play_or_pause(self) -> None:
        """Start or stop the clip."""
        self._clip.play_or_pause()

    def _build_head(self) -> None:
        _ = self._texts
        with ui.element("header").classes("dw-head"):
            with ui.element("div").classes("dw-head-text"):
                with ui.element("div").classes("dw-head-title"):
                    self._number = ui.label().classes("dw-number")
                    self._rule = ui.label().classes("dw-rule")
                    self._state = ui.label()
                    self._course = ui.label()
                    self._due = ui.label()
                self._place = ui.label().classes("dw-cut dw-muted")
            self._confirm = self._button(_("Confirm"), "C", Action.CONFIRM, "unelevated color=negative")
            self._reject = self._button(_("Reject"), "R", Action.REJECT, "outline color=none")
            self._unsure = self._button(_("Unsure"), "U", Action.UNSURE, "outline color=none")
            self._undo = self._button(_("Take back"), "Z", Action.UNDO, "outline color=none")
            self._steps = StepMenu(_, self._on_step)
            self._print = ui.button(_("Print case file"), icon="print").props(
                "no-caps outline color=none target=_blank"
            )

    def _button(self, text: str, key: str, action: Action, look: str) -> ui.button:
        async def act() -> None:
            await self._on_action(action)

        with ui.button(text, on_click=act).props(f"no-caps {look}").classes(f"dw-do-{action.value}") as button:
            key_hint(key)
        return button

    def _show_figures(self, shown: CaseShown) -> None:
        self._figures.clear()
        with self._figures:
            for figure in figures(shown.case, shown.manifest, self._texts):
                with ui.element("div").classes("dw-figure"):
                    ui.label(figure.name).classes("dw-muted dw-cut")
                    with ui.element("div").classes("dw-value"):
                        ui.label(figure.value)
                        ui.label(figure.unit).classes("dw-unit")
                    ui.label(figure.limit).classes("dw-muted")

    def _show_facts(self, shown: CaseShown) -> None:
        _, case = self._texts, shown.case
        self._facts.clear()
        with self._facts:
            with ui.element("div").classes("dw-seal"):
                intact = shown.manifest is not None
                ui.icon("verified_user" if intact else "gpp_bad").classes("dw-good" if intact else "dw-bad")
                ui.label(_("Manifest unchanged since it was received") if intact else _("The evidence is damaged"))
                ui.link(_("Manifest"), manifest_url(case), new_tab=True)
                for item in case.evidence:
                    ui.link(item.name, evidence_url(case, item.name), new_tab=True)
                handed_out = case.evidence_of("annotated") or case.evidence_of("clean")
                if handed_out is not None and shown.may_print:
                    ui.link(_("Blurred copy"), redacted_url(case, handed_out.name), new_tab=True)
            for line in history(shown.history, _):
                ui.label(line).classes("dw-past")
            if shown.dust:
                for line in exceedance_lines(shown.dust, _):
                    ui.label(line).classes("dw-past dw-bad")
                ui.echart(chart_options(case, shown.dust, _)).classes("dw-dust")
            with ui.element("div").classes("dw-lines"):
                for fact in facts(case, shown.manifest, _):
                    with ui.element("div").classes("dw-fact dw-long" if fact.is_long else "dw-fact"):
                        ui.label(fact.label).classes("dw-muted")
                        ui.label(fact.value)
