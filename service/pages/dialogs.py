"""The dialogs of the pages: the reason for a rejection, a note, and the help for the keys."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from service.pages.keys import HELP
from service.pages.labels import REASONS
from service.texts.catalogue import Texts

MAX_REASON = 500


class RejectDialog:
    """Asks why a case is rejected; one click answers, or a digit, which the picture's own keys take."""

    def __init__(
        self, _: Texts, on_reason: Callable[[str], Awaitable[None]], on_asking: Callable[[bool], None]
    ) -> None:
        """Build it; `on_asking` is told whether it is open."""
        self._on_reason = on_reason
        with ui.dialog().props("position=left") as self._dialog, ui.card().classes("dw-dialog dw-reject"):
            self._dialog.on_value_change(lambda: on_asking(self.is_open))
            dialog_title(self._dialog, _("Why is it no violation?"))
            for number, (code, text) in enumerate(REASONS.items(), start=1):
                self._add_choice(number, code, _(text))
            with ui.row().classes("dw-other"):
                self._other = (
                    ui.input(placeholder=_("Another reason, then Enter"))
                    .props(f"dense outlined maxlength={MAX_REASON}")
                    .on("keydown.enter", self._take_other)
                )
                ui.button(_("Reject"), on_click=self._take_other).props("flat no-caps")

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return bool(self._dialog.value)

    def open(self) -> None:
        """Show it, with nothing typed in."""
        self._other.value = ""
        self._dialog.open()

    def close(self) -> None:
        """Hide it."""
        self._dialog.close()

    def _add_choice(self, number: int, code: str, text: str) -> None:
        async def take() -> None:
            await self._take(code)

        with ui.button(on_click=take).props("flat no-caps align=left color=none").classes("dw-choice"):
            key_hint(str(number))
            ui.label(text)

    async def _take_other(self) -> None:
        text = (self._other.value or "").strip()
        if text:
            await self._take(text[:MAX_REASON])

    async def _take(self, reason: str) -> None:
        if self.is_open:  # a second click while the first one is on its way does nothing
            self._dialog.close()
            await self._on_reason(reason)


class NoteDialog:
    """Asks for a note, which may stay empty, before something is done."""

    def __init__(self, title: str, placeholder: str, action: str, on_note: Callable[[str], Awaitable[None]]) -> None:
        self._on_note = on_note
        with ui.dialog() as self._dialog, ui.card().classes("dw-dialog"):
            dialog_title(self._dialog, title)
            with ui.row().classes("dw-other"):
                self._note = (
                    ui.input(placeholder=placeholder)
                    .props(f"dense outlined autofocus maxlength={MAX_REASON}")
                    .on("keydown.enter", self._take)
                )
                ui.button(action, on_click=self._take).props("flat no-caps")

    def open(self) -> None:
        """Show it, with nothing typed in."""
        self._note.value = ""
        self._dialog.open()

    async def _take(self) -> None:
        if self._dialog.value:  # a second click while the first one is on its way does nothing
            self._dialog.close()
            await self._on_note((self._note.value or "").strip()[:MAX_REASON])


class HelpDialog:
    """Shows the keys."""

    def __init__(self, _: Texts) -> None:
        with ui.dialog() as self._dialog, ui.card().classes("dw-dialog"):
            dialog_title(self._dialog, _("Keys"))
            with ui.element("div").classes("dw-keys"):
                for names, text in HELP:
                    with ui.element("div"):
                        for name in names.split():
                            key_hint(name)
                    ui.label(_(text))

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return bool(self._dialog.value)

    def toggle(self) -> None:
        """Show it, or hide it when it is shown."""
        self._dialog.value = not self._dialog.value


def dialog_title(dialog: ui.dialog, text: str = "") -> ui.label:
    """Add the title of a dialog, which is its name also for who can't see it."""
    title = ui.label(text).classes("dw-dialog-title")
    dialog.props["aria-labelledby"] = f"c{title.id}"
    return title


def key_hint(name: str) -> ui.element:
    """Add a small picture of a key."""
    return ui.label(name).classes("dw-kbd")
