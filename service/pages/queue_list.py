"""The list at the left: one row a case, changed in place so that nothing jumps while new cases come in."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from nicegui import ui

from service.api.urls import thumbnail_url
from service.domain.cases import Case, CaseState
from service.pages.labels import STATES, rule_name, short_time
from service.texts.catalogue import Texts

OnSelect = Callable[[Case], Awaitable[None]]


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
        self._was_shown = False
        with ui.element("div").classes("dw-list"):
            self._box = ui.element("div").props("role=listbox")
            self._more = ui.button(_("Show older cases"), on_click=on_more).props("flat no-caps").classes("dw-more")
            with ui.element("div").classes("dw-empty") as self._empty:
                ui.icon("task_alt")
                self._empty_title = ui.label().classes("dw-empty-title")
                self._empty_text = ui.label()

    def show(self, cases: Sequence[Case], *, has_more: bool, wanted: CaseState | None, now: datetime) -> None:
        """Bring the rows to these cases, newest first; `wanted` is the filter, which the empty list explains."""
        shown = {case.id for case in cases}
        for gone in self._rows.keys() - shown:
            self._rows.pop(gone).element.delete()
        for place, case in enumerate(cases):
            row = self._rows.get(case.id)
            if row is None:
                self._add(case, place, now)
            elif row.case.state is not case.state:
                row.update(case)
        self._was_shown = True
        self._more.set_visibility(has_more)
        self._empty.set_visibility(not cases)
        if not cases:
            self._explain(wanted)

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
        if self._was_shown:
            row.element.classes("dw-new")
        self._rows[case.id] = row

    def _explain(self, wanted: CaseState | None) -> None:
        _ = self._texts
        if wanted is CaseState.FOUND:
            self._empty_title.text = _("Nothing waits for a decision")
            self._empty_text.text = _("New violations appear here by themselves. Leave this page open.")
        elif wanted is None:
            self._empty_title.text = _("No violation was handed in yet")
            self._empty_text.text = _(
                "Start a watch at a site and give it this server's address; what it finds appears here by itself."
            )
        else:
            self._empty_title.text = _("No case is in this state")
            self._empty_text.text = _("Choose another state above.")
