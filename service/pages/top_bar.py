"""The bar at the top (name, inspector, language, help) and the tabs that choose the state."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from service.domain.cases import CaseState
from service.pages.dialogs import key_hint
from service.pages.labels import STATES
from service.pages.navigation import QUEUE, address_of, open_to
from service.pages.page_visitor import REVIEWER_COOKIE, PageVisitor
from service.storage.case_store import MOST_COUNTED
from service.texts.catalogue import CHINESE, ENGLISH, Texts

MAX_REVIEWER = 100
COOKIE_SECONDS = 365 * 24 * 3600
_TABS = (CaseState.FOUND, CaseState.UNSURE, CaseState.CONFIRMED, CaseState.REJECTED)


class TopBar:
    """Built once a page; `here` is the page that it stands on, and `on_help` shows its keys, if it has any."""

    def __init__(
        self,
        _: Texts,
        *,
        language: str,
        visitor: PageVisitor,
        here: str = QUEUE,
        on_help: Callable[[], None] | None = None,
    ) -> None:
        self._visitor = visitor
        self._typed: ui.input | None = None
        with ui.element("header").classes("dw-bar"):
            ui.label("尘视").classes("dw-brand")
            ui.label("dustwatch").classes("dw-brand-small")
            with ui.element("nav").classes("dw-nav dw-scroll"):
                for page, title in open_to(visitor.principal).items():
                    link = ui.link(_(title), address_of(page, language)).classes("dw-muted dw-bar-title")
                    link.classes("dw-here" if page == here else "")
            ui.space()
            self._show_who(_, language)
            other, name = (ENGLISH, "English") if language == CHINESE else (CHINESE, "中文")
            path = address_of(here, other)
            ui.button(name, on_click=lambda: ui.run_javascript(_keep_selection(path))).props(
                "flat dense no-caps icon=translate color=none"
            ).classes("dw-language")
            if on_help is None:
                return
            with ui.button(_("Keys"), on_click=on_help).props("flat dense no-caps color=none").classes("dw-help"):
                key_hint("?")

    @property
    def reviewer(self) -> str:
        """The inspector's name; where there are no accounts as typed in, empty when it is not."""
        typed = "" if self._typed is None else str(self._typed.value or "").strip()[:MAX_REVIEWER]
        return self._visitor.principal.called(typed)

    def _show_who(self, _: Texts, language: str) -> None:
        principal = self._visitor.principal
        if not principal.is_anybody:
            target = "/account?lang=en" if language == ENGLISH else "/account"
            with ui.link(target=target).classes("dw-account dw-muted"):
                ui.icon("person")
                ui.label(principal.display_name)
            return
        ui.label(_("Open: no accounts, anybody may decide")).classes("dw-chip dw-open dw-cut")
        self._typed = (
            ui.input(value=self._visitor.typed, placeholder=_("Your name"), on_change=_remember_reviewer)
            .props(f'dense outlined maxlength={MAX_REVIEWER} debounce=400 autocomplete="off" spellcheck=false')
            .classes("dw-reviewer")
        )
        with self._typed.add_slot("prepend"):
            ui.icon("person")


class StateTabs:
    """Chooses which state the list shows; tells how many cases are in each."""

    def __init__(
        self, _: Texts, wanted: CaseState | None, on_change: Callable[[CaseState | None], Awaitable[None]]
    ) -> None:
        self._on_change = on_change
        self._choices: dict[str, CaseState | None] = {**{state.value: state for state in _TABS}, "all": None}
        self._counts: dict[str, ui.label] = {}
        self._tabs = ui.tabs()
        with self._tabs.props("dense no-caps").classes("dw-tabs"):
            for name, state in self._choices.items():
                with ui.tab(name, label=_(STATES[state]) if state else _("All")) as tab:
                    self._counts[name] = ui.label("0").classes("dw-count")
                if state is CaseState.UNSURE:
                    self._unsure = tab

        self.show_wanted(wanted)
        self._tabs.on_value_change(self._changed)

    def show_counts(self, counts: dict[CaseState, int]) -> None:
        """Write the numbers."""
        for name, state in self._choices.items():
            self._counts[name].text = shown_count(counts[state]) if state else _sum(counts)
        # Seldom any; without it the others have room for their names.
        self._unsure.set_visibility(counts[CaseState.UNSURE] > 0 or self._tabs.value == CaseState.UNSURE.value)

    def show_wanted(self, wanted: CaseState | None) -> None:
        """Mark the tab of this state."""
        self._tabs.value = wanted.value if wanted else "all"

    async def _changed(self, event: ValueChangeEventArguments[Any]) -> None:
        await self._on_change(self._choices[str(event.value)])


def shown_count(count: int) -> str:
    """Return a number of cases as it is shown; those of many are not counted to the end."""
    return str(count) if count < MOST_COUNTED else f"{MOST_COUNTED - 1}+"


def _sum(counts: dict[CaseState, int]) -> str:
    return f"{sum(counts.values())}{'+' if max(counts.values()) >= MOST_COUNTED else ''}"


def _remember_reviewer(event: ValueChangeEventArguments[str | None]) -> None:
    # Kept by the browser, so that the name need not be typed in every time.
    cookie = f"{REVIEWER_COOKIE}={quote(str(event.value or ''))}; path=/; max-age={COOKIE_SECONDS}; samesite=lax"
    ui.run_javascript(f"document.cookie = {json.dumps(cookie)}")


def _keep_selection(path: str) -> str:
    return f"location.href = {json.dumps(path)} + location.search"
