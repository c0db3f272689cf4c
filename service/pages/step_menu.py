"""The menu of the steps that are possible now, and the dialog that asks what a step has to tell."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from service.domain.cases import Case
from service.domain.lifecycle import Need, Step, Told, need_of
from service.pages.dialogs import MAX_REASON, dialog_title
from service.pages.labels import NEEDS, STEP_BUTTONS
from service.texts.catalogue import Texts

OnStep = Callable[[Case, Step, Told], Awaitable[None]]


def told_of(need: Need | None, text: str) -> Told | None:
    """Return what the typed text tells; None where something that is needed is missing."""
    text = text.strip()[:MAX_REASON]
    if need is None:
        return Told(reason=text)
    if need is Need.TARGET_CASE:
        number = text.removeprefix("#")
        return Told(target_case=int(number)) if number.isascii() and number.isdecimal() and len(number) < 10 else None
    if not text:
        return None
    return Told(party=text) if need is Need.PARTY else Told(reason=text)


class StepMenu:
    """Built once; `show` fills it with the steps of a case."""

    def __init__(self, _: Texts, on_step: OnStep) -> None:
        self._texts = _
        self._on_step = on_step
        self._asked: tuple[Case, Step] | None = None
        with ui.dropdown_button(_("Further steps"), auto_close=True).props("no-caps outline color=none") as self._menu:
            self._menu.classes("dw-steps")
        with ui.dialog() as self._dialog, ui.card().classes("dw-dialog"):
            self._title = dialog_title(self._dialog)
            with ui.row().classes("dw-other"):
                self._text = (
                    ui.input().props(f"dense outlined autofocus maxlength={MAX_REASON}").on("keydown.enter", self._take)
                )
                ui.button(_("Do it"), on_click=self._take).props("flat no-caps")

    @property
    def is_open(self) -> bool:
        """Whether the dialog is shown."""
        return bool(self._dialog.value)

    def show(self, case: Case, steps: Sequence[Step]) -> None:
        """Offer these steps for the case; those that have buttons of their own are left out."""
        self._menu.clear()
        with self._menu:
            for step in steps:
                if step in STEP_BUTTONS and step is not Step.DOUBT:  # which has a button
                    self._offer(case, step)

    def _offer(self, case: Case, step: Step) -> None:
        def ask() -> None:
            self._asked = (case, step)
            self._title.text = f"#{case.id} {self._texts(STEP_BUTTONS[step])}"
            self._text.value = ""
            self._text.props["placeholder"] = self._texts(NEEDS[need_of(case.state, step)])
            self._dialog.open()

        ui.item(self._texts(STEP_BUTTONS[step]), on_click=ask).classes(f"dw-step-{step.value}")

    async def _take(self) -> None:
        if not self.is_open or self._asked is None:  # a second click while the first one is on its way does nothing
            return
        case, step = self._asked
        told = told_of(need_of(case.state, step), self._text.value or "")
        if told is not None:
            self._dialog.close()
            await self._on_step(case, step, told)
