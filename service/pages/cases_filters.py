"""The bar of filters above the cases; each is in the address, so that a link shows others the same."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from service.pages.cases_address import CasesAddress
from service.pages.labels import RULES, STATES
from service.texts.catalogue import Texts

OnFilter = Callable[[dict[str, Any]], Awaitable[None]]
"""Takes the filters that were changed, by their names in the address; None takes one away."""


class CaseFilters:
    """Built once; each change is told at once, a text when it is typed in."""

    def __init__(
        self, _: Texts, address: CasesAddress, sites: Mapping[str, str], districts: list[str], on_filter: OnFilter
    ) -> None:
        self._on_filter = on_filter
        self._is_emptied = False
        with ui.element("div").classes("dw-filters"):
            states = {state.value: _(name) for state, name in STATES.items()}
            rules = {rule: _(name) for rule, name in RULES.items()}
            self._fields: dict[str, Any] = {
                "state": _choice(_("State"), states, address.state and address.state.value),
                "rule": _choice(_("Violation"), rules, address.rule),
                "district": _choice(_("District"), {name: name for name in districts}, address.district),
                "site": _choice(_("Site"), sites, address.site),
                "found_from": _day(_("Found from"), address.found_from),
                "found_to": _day(_("Found up to"), address.found_to),
                "text": ui.input(_("Number, site or camera"), value=address.text or "").props(
                    "dense outlined debounce=400 maxlength=100"
                ),
                "overdue": ui.checkbox(_("Overdue only"), value=address.overdue).props("dense"),
            }
            for name, field in self._fields.items():
                field.on_value_change(self._changed_by(name))
            ui.button(_("Clear filters"), on_click=self._clear).props("flat dense no-caps color=none")

    def _changed_by(self, name: str) -> Callable[[ValueChangeEventArguments[Any]], Awaitable[None]]:
        async def changed(event: ValueChangeEventArguments[Any]) -> None:
            if not self._is_emptied:
                await self._on_filter({name: event.value or None})

        return changed

    async def _clear(self) -> None:
        self._is_emptied = True  # one change, not one a field
        for name, field in self._fields.items():
            field.value = False if name == "overdue" else "" if name in {"text", "found_from", "found_to"} else None
        self._is_emptied = False
        await self._on_filter(dict.fromkeys(self._fields))


def _choice(label: str, options: Mapping[str, str], value: str | None) -> ui.select:
    offered = dict(options) if value is None or value in options else {value: value, **options}
    select = ui.select(offered, label=label, value=value, clearable=True, with_input=len(offered) > 12)
    return select.props("dense outlined options-dense")


def _day(label: str, value: object) -> ui.input:
    field = ui.input(label, value="" if value is None else str(value))
    return field.props("dense outlined type=date stack-label debounce=400")
