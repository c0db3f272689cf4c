"""The list at the left: one row a case, as data that the browser draws, so that a page holds no elements for it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum, auto
from typing import Any

from nicegui import ui
from nicegui.element import Element
from nicegui.events import GenericEventArguments

from service.api.urls import thumbnail_url
from service.domain.cases import Case
from service.pages.labels import STATES, rule_name, short_time
from service.texts.catalogue import N_, Texts

OnChoose = Callable[[int], Awaitable[None]]


class WhyEmpty(Enum):
    """Why the list shows no case."""

    NOTHING_YET = auto()
    ALL_DECIDED = auto()
    OTHER_STATE = auto()
    NO_SITE = auto()
    NARROWED = auto()


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
    WhyEmpty.NARROWED: (
        N_("No case here fits the filter"),
        N_("Choose another violation above, or empty the field beside it."),
    ),
    WhyEmpty.NO_SITE: (
        N_("You see no site yet"),
        N_("Ask an administrator to give your account the sites or districts that you inspect."),
    ),
}


class CaseRows(Element, component="case_list.js"):
    """The rows; drawn by `case_list.js`."""

    def __init__(self, on_choose: OnChoose, label: str) -> None:
        super().__init__()
        self._props["label"] = label

        async def choose(event: GenericEventArguments) -> None:
            await on_choose(int(event.args))

        self.on("choose", choose)

    def show(self, rows: tuple[dict[str, Any], ...]) -> None:
        """Draw these rows. A tuple, since NiceGUI watches every dict in a list for changes, which costs much."""
        if self._props.get("rows") != rows:
            self._props["rows"] = rows

    def tell(self, name: str, value: object) -> None:
        """Tell the browser what is `selected`, or its `looks`, when it is not what it was told last."""
        if self._props.get(name) == value:
            return
        with self._props.suspend_updates():  # else all rows would be sent once more
            self._props[name] = value
        self.run_method("tell", name, value)


class QueueList:
    """All rows, and what is said when there are none."""

    def __init__(self, _: Texts, on_choose: OnChoose, on_more: Callable[[], Awaitable[None]]) -> None:
        self._texts = _
        self._newest: int | None = None
        self._new: set[int] = set()
        with ui.element("div").classes("dw-list"):
            self._rows = CaseRows(on_choose, _("Cases"))
            self._more = ui.button(_("Show older cases"), on_click=on_more).props("flat no-caps").classes("dw-more")
            with ui.element("div").classes("dw-empty") as self._empty:
                ui.icon("task_alt")
                self._empty_title = ui.label().classes("dw-empty-title")
                self._empty_text = ui.label()

    def show(self, cases: Sequence[Case], *, has_more: bool, why_empty: WhyEmpty, now: datetime) -> None:
        """Bring the rows to these cases, newest first; `why_empty` is explained when there are none."""
        if self._newest is not None:  # what another filter brings back is not new
            self._new |= {case.id for case in cases if case.id > self._newest}
        self._newest = max([self._newest or 0, *(case.id for case in cases)])
        self._new &= {case.id for case in cases}
        self._rows.show(tuple(self._row(case, now) for case in cases))
        self._more.set_visibility(has_more)
        self._empty.set_visibility(not cases)
        if not cases:
            title, text = _EXPLAINED[why_empty]
            self._empty_title.text = self._texts(title)
            self._empty_text.text = self._texts(text)

    def mark(self, case_id: int | None) -> None:
        """Show which case is selected, and scroll to it."""
        self._rows.tell("selected", case_id)

    def show_looks(self, looks: Mapping[int, str]) -> None:
        """Show who else looks at which case."""
        self._rows.tell("looks", {str(case_id): text for case_id, text in looks.items()})

    def _row(self, case: Case, now: datetime) -> dict[str, Any]:
        _ = self._texts
        return {
            "id": case.id,
            "rule": rule_name(case.rule, _),
            "state": case.state.value,
            "stateText": _(STATES[case.state]),
            "site": case.site_name,
            "camera": case.camera_name,
            "time": short_time(case.opened_at, now),
            "thumbnail": thumbnail_url(case),
            "isNew": case.id in self._new,
        }
