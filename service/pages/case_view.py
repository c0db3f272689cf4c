"""The case at the right: the picture as large as the window allows, the clip, the figures, and the decision."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from nicegui import ui

from service.api.urls import case_file_url, evidence_url, manifest_url, redacted_url
from service.domain.cases import Case
from service.domain.lifecycle import Step
from service.pages.advice_box import add_advice
from service.pages.camera_frames import add_frames
from service.pages.case_data import FactLines, FigureRow
from service.pages.case_details import CaseDetails
from service.pages.case_facts import facts, figures, history
from service.pages.case_media import Clip
from service.pages.case_stage import CaseStage, act_on_click
from service.pages.dialogs import key_hint
from service.pages.dust_chart import chart_options, exceedance_lines
from service.pages.keys import Action
from service.pages.labels import STATES, local_time, rule_name
from service.pages.later_strip import LaterStrip, course
from service.pages.navigation import SITES, address_of
from service.pages.step_menu import OnStep, StepMenu
from service.pages.why import why_it_fired
from service.storage.cases_beside import MOST_COUNTED
from service.texts.catalogue import Texts


@dataclass(frozen=True)
class CaseHead:
    """What is shown of a case at once; `note` is a message, `steps` are those that who looks may take now."""

    case: Case
    note: str = ""
    is_overdue: bool = False
    steps: tuple[Step, ...] = ()
    may_print: bool = True


class CaseView:
    """Built once; `show` fills it with a case."""

    def __init__(self, _: Texts, language: str, stage: Callable[[], CaseStage], on_step: OnStep) -> None:
        """Build the view; `stage` builds the picture where it belongs."""
        self._texts = _
        self._language = language
        self._on_step = on_step
        self._clip_of: int | None = None
        with ui.element("section").classes("dw-case") as self._box:
            self._build_head()
            self._note = ui.label().classes("dw-note")
            self.stage = stage()
            self.look_alikes = ui.element("div")
            self._later = LaterStrip(_)
            with ui.element("div").classes("dw-strip") as self._strip:
                self._clip = Clip(_)
                self._figures = FigureRow().classes("dw-figures")
                self._facts = ui.element("div").classes("dw-facts")
        with ui.element("section").classes("dw-blank") as self._blank:
            ui.icon("videocam")
            ui.label(_("The chosen case is shown here")).classes("dw-empty-title")
            ui.label(_("C confirms, R rejects, U is unsure, J and K go through the queue, ? shows all keys.")).classes(
                "dw-muted"
            )
        self.clear()

    def clear(self) -> None:
        """Show that there is nothing to show."""
        self._box.set_visibility(False)
        self._blank.set_visibility(True)

    def show_head(self, head: CaseHead) -> None:
        """Show what is known of the case at once; what belongs to another case goes."""
        case, _ = head.case, self._texts
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
        due = _("Overdue since {time}") if head.is_overdue else _("Due {time}")
        self._due.text = due.format(time=local_time(case.due_at)[5:16]) if case.due_at else ""
        self._due.classes(replace="dw-due dw-overdue" if head.is_overdue else "dw-due")
        self._due.set_visibility(case.due_at is not None)
        self._confirm.set_visibility(Step.CONFIRM in head.steps)
        self._reject.set_visibility(Step.REJECT in head.steps)
        self._unsure.set_visibility(Step.DOUBT in head.steps)
        self._undo.set_visibility(Step.UNDO in head.steps)
        self._print.props(f"href={case_file_url(case)}")
        self._print.set_visibility(head.may_print)
        self.note(head.note)
        # Until the rest is read, figures of the last case must not stand beside this one's picture.
        self._strip.classes(add="dw-hidden" if case.id != self._clip_of else "")

    def note(self, text: str) -> None:
        """Show a message above the picture; nothing where it is empty."""
        self._note.text = text
        self._note.set_visibility(bool(text))

    def show_details(self, head: CaseHead, details: CaseDetails) -> None:
        """Show the rest of the case."""
        case = head.case
        self._steps.show(case, head.steps)
        if case.id != self._clip_of:  # else the clip would start again when only the state changed
            self._clip_of = case.id
            self._clip.show(case)
        self._later.show(case)
        self._show_figures(case, details)
        self._show_facts(head, details)
        self._strip.classes(remove="dw-hidden")

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
            self._confirm = _button(_("Confirm"), "C", Action.CONFIRM, "unelevated color=negative")
            self._reject = _button(_("Reject"), "R", Action.REJECT, "outline color=none")
            self._unsure = _button(_("Unsure"), "U", Action.UNSURE, "outline color=none")
            self._undo = _button(_("Take back"), "Z", Action.UNDO, "outline color=none")
            self._steps = StepMenu(_, self._on_step)
            self._print = ui.button(_("Print case file"), icon="print").props(
                "no-caps outline color=none target=_blank"
            )

    def _show_figures(self, case: Case, details: CaseDetails) -> None:
        self._figures.show(tuple(figures(case, details.manifest, self._texts)))

    def _show_facts(self, head: CaseHead, details: CaseDetails) -> None:
        _, case = self._texts, head.case
        self._facts.clear()
        with self._facts:
            why = why_it_fired(case, details.manifest, _)
            if why:
                ui.label(why).classes("dw-why")
            with ui.element("div").classes("dw-seal"):
                intact = details.manifest is not None
                ui.icon("verified_user" if intact else "gpp_bad").classes("dw-good" if intact else "dw-bad")
                ui.label(_("Manifest unchanged since it was received") if intact else _("The evidence is damaged"))
                ui.link(_("Manifest"), manifest_url(case), new_tab=True)
                for item in case.evidence:
                    ui.link(item.name, evidence_url(case, item.name), new_tab=True)
                handed_out = case.picture
                if handed_out is not None and head.may_print:
                    ui.link(_("Blurred copy"), redacted_url(case, handed_out.name), new_tab=True)
            add_frames(case, details.manifest, _)
            add_advice(details.advice, _)
            for line in history(details.history, _):
                ui.label(line).classes("dw-past")
            if details.dust:
                for line in exceedance_lines(details.dust, _):
                    ui.label(line).classes("dw-past dw-bad")
                ui.echart(chart_options(case, details.dust, _)).classes("dw-dust")
            self._show_past(case, details)
            FactLines(tuple(facts(case, details.manifest, _))).classes("dw-lines")

    def _show_past(self, shown: Case, details: CaseDetails) -> None:
        _, past = self._texts, details.past
        counted = " · ".join(f"{rule_name(rule, _)} {number}" for rule, number in sorted(details.offences.items()))
        text = _("Confirmed at this site within a year: {cases}").format(cases=counted or _("none"))
        ui.link(text, address_of(f"{SITES}/{quote(shown.site_id)}", self._language), new_tab=True).classes("dw-of-site")
        count = str(past.count) if past.count < MOST_COUNTED else f"{MOST_COUNTED - 1}+"
        ui.label(_("Earlier at this camera: {count}").format(count=count)).classes("dw-past-count")
        for case in past.newest:
            line = f"#{case.id} {local_time(case.opened_at)[5:16]} {rule_name(case.rule, _)} · {_(STATES[case.state])}"
            ui.link(line, f"?case={case.id}", new_tab=True).classes("dw-earlier")


def _button(text: str, key: str, action: Action, look: str) -> ui.button:
    with ui.button(text).props(f"no-caps {look}").classes(f"dw-do-{action.value}") as button:
        key_hint(key)
    act_on_click(button, action.value)
    return button
