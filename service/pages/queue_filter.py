"""What narrows the list at the left to a part of the cases: the violation, and a text for site, camera or number."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from service.pages.labels import RULES
from service.texts.catalogue import Texts

MAX_TEXT = 100


@dataclass(frozen=True)
class Narrowed:
    """What is wanted; None narrows nothing."""

    rule: str | None = None
    text: str | None = None

    @classmethod
    def of(cls, rule: str, text: str) -> Self:
        """Read what an address tells; what is no violation is left out, as a shared link may be old."""
        return cls(rule if rule in RULES else None, text.strip()[:MAX_TEXT] or None)

    @property
    def is_all(self) -> bool:
        """Whether nothing is narrowed."""
        return self == Narrowed()


class QueueFilter:
    """The two fields; tells each change, and keeps it in the address, beside the case that is shown."""

    def __init__(self, _: Texts, wanted: Narrowed, on_narrow: Callable[[Narrowed], Awaitable[None]]) -> None:
        self._on_narrow = on_narrow
        rules = {"": _("All violations"), **{rule: _(name) for rule, name in RULES.items()}}
        with ui.element("div").classes("dw-narrow").props("role=search"):
            self._rule = ui.select(rules, value=wanted.rule or "", on_change=self._changed)
            self._rule.props("dense outlined options-dense").props["aria-label"] = _("Violation")
            hint = _("Site, camera, number")
            self._text = ui.input(placeholder=hint, value=wanted.text or "", on_change=self._changed)
            self._text.props(f"dense outlined clearable debounce=400 maxlength={MAX_TEXT} autocomplete=off")
            self._text.props["aria-label"] = hint

    async def _changed(self, _event: ValueChangeEventArguments[Any]) -> None:
        wanted = Narrowed.of(str(self._rule.value or ""), str(self._text.value or ""))
        told = {name: value for name, value in (("rule", wanted.rule), ("text", wanted.text)) if value}
        ui.run_javascript(_KEEP % json.dumps(urlencode(told)))
        await self._on_narrow(wanted)


_KEEP = """
const told = new URLSearchParams(%s), shown = new URLSearchParams(location.search).get("case");
if (shown) told.set("case", shown);
history.replaceState(null, "", `${location.pathname}?${told}`);
"""
