"""How cases are laid out: as a board with a column a state, or as a table whose rows can be chosen."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from nicegui import ui
from nicegui.events import GenericEventArguments

from service.api.urls import thumbnail_url
from service.domain.cases import Case, CaseState
from service.pages.labels import STATES, local_time, rule_name
from service.storage.list_position import CaseOrder
from service.texts.catalogue import Texts

OnOpen = Callable[[int], Awaitable[None]]
BOARD_STATES = (
    CaseState.FOUND,
    CaseState.UNSURE,
    CaseState.CONFIRMED,
    CaseState.ASSIGNED,
    CaseState.RECTIFYING,
    CaseState.VERIFIED,
    CaseState.CLOSED,
    CaseState.REOPENED,
    CaseState.PASSED,
)
"""In the order of the closed loop; what has left it is in the table alone."""


@dataclass(frozen=True)
class Column:
    """A state's newest cases, and whether there are more than these."""

    state: CaseState
    cases: tuple[Case, ...]
    has_more: bool


def is_overdue(case: Case, now: datetime) -> bool:
    """Tell whether the case's due time has passed."""
    return case.due_at is not None and case.due_at < now


class CasesBoard:
    """A column a state of the closed loop."""

    def __init__(self, _: Texts, on_open: OnOpen) -> None:
        self._texts = _
        self._on_open = on_open
        self._box = ui.element("div").classes("dw-board dw-scroll")
        self._box.props["tabindex"] = "0"  # so that it can be scrolled without a mouse

    def show(self, columns: Sequence[Column], now: datetime) -> None:
        """Show these columns."""
        self._box.clear()
        self._box.set_visibility(True)
        with self._box:
            for column in columns:
                self._add(column, now)

    def clear(self) -> None:
        """Show nothing."""
        self._box.clear()
        self._box.set_visibility(False)

    def _add(self, column: Column, now: datetime) -> None:
        with ui.element("section").classes("dw-column" if column.cases else "dw-column dw-column-empty") as box:
            box.props["data-state"] = column.state.value
            with ui.element("h2").classes("dw-column-head"):
                ui.label(self._texts(STATES[column.state]))
                ui.label(f"{len(column.cases)}{'+' if column.has_more else ''}").classes("dw-count")
            with ui.element("div").classes("dw-column-cases") as cases:
                cases.props["tabindex"] = "0"
                for case in column.cases:
                    self._add_card(case, now)

    def _add_card(self, case: Case, now: datetime) -> None:
        async def open_it() -> None:
            await self._on_open(case.id)

        _ = self._texts
        card = ui.element("button").props("type=button").classes("dw-card").on("click", open_it)
        card.props["data-case"] = case.id
        with card:
            with ui.element("div").classes("dw-row-top"):
                ui.label(rule_name(case.rule, _)).classes("dw-row-rule dw-cut")
                ui.label(f"#{case.id}").classes("dw-muted")
            ui.label(case.site_name).classes("dw-cut")
            if case.assigned_to:
                ui.label(case.assigned_to).classes("dw-cut dw-muted")
            due_line(case, now, _)


class CasesTable:
    """A row a case; the chosen ones stay chosen when the table is shown anew, as long as they are in it."""

    def __init__(
        self,
        _: Texts,
        *,
        on_open: OnOpen,
        on_order: Callable[[CaseOrder], Awaitable[None]],
        on_choice: Callable[[], None],
    ) -> None:
        self._texts = _
        self._on_open, self._on_order, self._on_choice = on_open, on_order, on_choice
        self._cases: dict[int, Case] = {}
        self._chosen: set[int] = set()
        self._box = ui.element("div").classes("dw-table-box")

    @property
    def chosen(self) -> tuple[Case, ...]:
        """The cases whose rows are chosen."""
        return tuple(case for number, case in self._cases.items() if number in self._chosen)

    def clear(self) -> None:
        """Show nothing."""
        self._box.clear()
        self._box.set_visibility(False)
        self._cases, self._chosen = {}, set()

    def show(self, cases: Sequence[Case], order: CaseOrder, now: datetime) -> None:
        """Show these cases."""
        self._cases = {case.id: case for case in cases}
        self._chosen &= self._cases.keys()
        self._box.clear()
        self._box.set_visibility(bool(cases))
        with self._box, ui.element("table").classes("dw-table"):
            with ui.element("thead"), ui.element("tr"):
                self._add_heads(order)
            with ui.element("tbody"):
                for case in cases:
                    self._add_row(case, now)

    def _add_heads(self, order: CaseOrder) -> None:
        _ = self._texts
        with ui.element("th"):
            self._add_box(_("Choose all"), self._are_all_chosen(), self._choose_all)
        for title in ("#", _("Picture"), _("Violation"), _("Site"), _("Camera"), _("State")):
            _head(title)
        self._add_sorting(_("Time"), CaseOrder.FOUND, order)
        self._add_sorting(_("Due"), CaseOrder.DUE, order)
        _head(_("Responsible party"))

    def _add_sorting(self, title: str, by: CaseOrder, order: CaseOrder) -> None:
        async def sort() -> None:
            await self._on_order(by)

        with ui.element("th") as head:
            head.props["aria-sort"] = (
                "none" if by is not order else "descending" if by is CaseOrder.FOUND else "ascending"
            )
            mark = "" if by is not order else " ↓" if by is CaseOrder.FOUND else " ↑"
            ui.button(f"{title}{mark}", on_click=sort).props("flat dense no-caps color=none").classes("dw-sort")

    def _add_row(self, case: Case, now: datetime) -> None:
        _ = self._texts

        async def open_it() -> None:
            await self._on_open(case.id)

        async def choose(event: GenericEventArguments) -> None:
            (self._chosen.add if event.args else self._chosen.discard)(case.id)
            self._on_choice()

        with ui.element("tr").classes("dw-table-row") as row:
            row.props["data-case"] = case.id
            with ui.element("td"):
                self._add_box(_("Choose #{number}").format(number=case.id), case.id in self._chosen, choose)
            with ui.element("td"):
                ui.button(f"#{case.id}", on_click=open_it).props("flat dense no-caps color=none").classes(
                    "dw-open-case"
                )
            with ui.element("td"):
                picture = ui.element("img").props("loading=lazy alt=''").classes("dw-small-picture")
                picture.props["src"] = thumbnail_url(case)
            _cell(rule_name(case.rule, _))
            _cell(case.site_name)
            _cell(case.camera_name)
            with ui.element("td"):
                ui.label(_(STATES[case.state])).classes(f"dw-chip dw-{case.state.value}")
            _cell(local_time(case.opened_at)[:16])
            with ui.element("td"):
                due_line(case, now, _)
            _cell(case.assigned_to)

    async def _choose_all(self, event: GenericEventArguments) -> None:
        self._chosen = set(self._cases) if event.args else set()
        ui.run_javascript(
            "document.querySelectorAll('.dw-table-row input[type=checkbox]')"
            f".forEach((box) => {{ box.checked = {'true' if event.args else 'false'}; }})"
        )
        self._on_choice()

    def _are_all_chosen(self) -> bool:
        return bool(self._cases) and self._chosen == set(self._cases)

    @staticmethod
    def _add_box(label: str, is_chosen: bool, on_change: Callable[[GenericEventArguments], Awaitable[None]]) -> None:
        box = ui.element("input").props("type=checkbox")
        box.props["aria-label"] = label
        if is_chosen:
            box.props["checked"] = True
        box.on("change", on_change, js_handler="(event) => emit(event.target.checked)")


def _head(title: str) -> None:
    with ui.element("th"):
        ui.label(title)


def _cell(text: str) -> None:
    with ui.element("td"):
        ui.label(text).classes("dw-cell")


def due_line(case: Case, now: datetime, _: Texts) -> None:
    """Add when the case's next step is due, marked where that has passed; nothing where none is."""
    if case.due_at is None:
        return
    late = is_overdue(case, now)
    text = _("Overdue since {time}") if late else _("Due {time}")
    ui.label(text.format(time=local_time(case.due_at)[5:16])).classes(
        "dw-due-line dw-overdue" if late else "dw-due-line"
    )
