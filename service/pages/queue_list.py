"""The list at the left: one row a case, changed in place so that nothing jumps while new cases come in."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from enum import Enum, auto

from nicegui import ui

from service.api.urls import thumbnail_url
from service.domain.cases import Case
from service.pages.labels import STATES, rule_name, short_time
from service.texts.catalogue import N_, Texts

OnSelect = Callable[[Case], Awaitable[None]]


class WhyEmpty(Enum):
    """Why the list shows no case."""

    NOTHING_YET = auto()
    ALL_DECIDED = auto()
    OTHER_STATE = auto()


_EXPLAINED = {
    WhyEmpty.NOTHING_YET: (
        N_("No violation was handed in yet"),
        N_("Start a watch at a site and give it this server's address; what it finds appears here by itself."),
    ),
    WhyEmpty.ALL_DECIDED: (
        N_("Nothing waits for a decision"),
        N_("New violations appear here by themselves. Leave this page open."),
    ),
    WhyEmpty.OTHER_STATE: (N_("No case is in this state"), N_("Choose another state above.")),
}


class QueueRow:
    """One case in the list."""

    def __init__(self, case: Case, now: datetime, _: Texts, on_select: OnSelect) -> None:
        self.case = case
        self._texts = _

        async def select() -> None:
            await on_select(self.case)

        self.element = ui.element("div").classes("dw-row").props("role=option").on("click", select)
        self.element.props["data-case"] = case.id
        with self.element:
            with ui.element("div").classes("dw-thumb"):
                picture = ui.element("img").props("loading=lazy alt=''")
                picture.props["src"] = thumbnail_url(case)
            with ui.element("div").classes("dw-row-text"):
                with ui.element("div").classes("dw-row-top"):
                    ui.label(rule_name(case.rule, _)).classes("dw-row-rule")
                    self._state = ui.label()
                ui.label(case.site_name).classes("dw-cut")
                with ui.element("div").classes("dw-row-top dw-muted"):
                    ui.label(case.camera_name).classes("dw-cut")
                    ui.label(short_time(case.opened_at, now)).classes("dw-time")
        self.update(case)

    def update(self, case: Case) -> None:
        """Show the case's present state."""
        self.case = case
        self._state.text = self._texts(STATES[case.state])
        self._state.classes(replace=f"dw-chip dw-{case.state.value}")

    def mark(self, *, selected: bool) -> None:
        """Show whether it is the selected one."""
        self.element.classes(add="dw-selected" if selected else "", remove="" if selected else "dw-selected")
        self.element.props["aria-selected"] = "true" if selected else "false"


class QueueList:
    """All rows, and what is said when there are none."""

    def __init__(self, _: Texts, on_select: OnSelect, on_more: Callable[[], Awaitable[None]]) -> None:
        self._texts = _
        self._on_select = on_select
        self._rows: dict[int, QueueRow] = {}
        self._selected: int | None = None
        self._newest: int | None = None
        with ui.element("div").classes("dw-list"):
            self._box = ui.element("div").props("role=listbox")
            self._box.props["aria-label"] = _("Cases")
            self._more = ui.button(_("Show older cases"), on_click=on_more).props("flat no-caps").classes("dw-more")
            with ui.element("div").classes("dw-empty") as self._empty:
                ui.icon("task_alt")
                self._empty_title = ui.label().classes("dw-empty-title")
                self._empty_text = ui.label()

    def show(self, cases: Sequence[Case], *, has_more: bool, why_empty: WhyEmpty, now: datetime) -> None:
        """Bring the rows to these cases, newest first; `why_empty` is explained when there are none."""
        shown = {case.id for case in cases}
        for gone in self._rows.keys() - shown:
            self._rows.pop(gone).element.delete()
        for place, case in enumerate(cases):
            row = self._rows.get(case.id)
            if row is None:
                self._add(case, place, now)
            elif row.case.state is not case.state:
                row.update(case)
        self._newest = max([self._newest or 0, *shown])
        self._more.set_visibility(has_more)
        self._empty.set_visibility(not cases)
        if not cases:
            self._explain(why_empty)

    def mark(self, case_id: int | None) -> None:
        """Show which case is selected, and scroll to it."""
        if self._selected in self._rows:
            self._rows[self._selected].mark(selected=False)
        self._selected = case_id
        if case_id in self._rows:
            row = self._rows[case_id]
            row.mark(selected=True)
            ui.run_javascript(f'document.getElementById("{row.element.html_id}")?.scrollIntoView({{block: "nearest"}})')

    def _add(self, case: Case, place: int, now: datetime) -> None:
        with self._box:
            row = QueueRow(case, now, self._texts, self._on_select)
        row.element.move(target_index=place)
        if self._newest is not None and case.id > self._newest:  # not what another filter brings back
            row.element.classes("dw-new")
        row.mark(selected=case.id == self._selected)
        self._rows[case.id] = row

    def _explain(self, why: WhyEmpty) -> None:
        title, text = _EXPLAINED[why]
        self._empty_title.text = self._texts(title)
        self._empty_text.text = self._texts(text)
