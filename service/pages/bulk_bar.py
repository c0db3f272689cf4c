"""The steps that can be taken with all chosen cases at once, and what became of each."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from service.domain.lifecycle import Need, Step, Told
from service.pages.dialogs import MAX_REASON, dialog_title
from service.pages.labels import NEEDS, STEP_BUTTONS
from service.storage.bulk_steps import StepOutcome
from service.texts.catalogue import N_, Texts

OnBulk = Callable[[Step, Told], Awaitable[None]]
STEPS = {Step.ASSIGN: Need.PARTY, Step.WITHDRAW: Need.REASON}
_REFUSED = {
    "StepNotPossible": N_("its state does not allow it"),
    "StepNotAllowed": N_("you may not do this"),
    "CaseChanged": N_("it was changed meanwhile"),
    "NoSuchCase": N_("it is not there"),
}


class BulkBar:
    """Hidden while nothing is chosen."""

    def __init__(self, _: Texts, on_bulk: OnBulk) -> None:
        self._texts = _
        self._on_bulk = on_bulk
        self._step: Step | None = None
        with ui.element("div").classes("dw-bulk") as self._box:
            self._count = ui.label()
            for step in STEPS:
                ui.button(_(STEP_BUTTONS[step]), on_click=self._asking(step)).props("outline dense no-caps color=none")
        with ui.dialog() as self._dialog, ui.card().classes("dw-dialog"):
            self._title = dialog_title(self._dialog)
            with ui.row().classes("dw-other"):
                self._text = (
                    ui.input(label=" ")
                    .props(f"dense outlined autofocus maxlength={MAX_REASON}")
                    .on("keydown.enter", self._take)
                )
                ui.button(_("Do it"), on_click=self._take).props("flat no-caps")
        self.show(0)

    def show(self, chosen: int) -> None:
        """Tell how many cases are chosen."""
        self._count.text = self._texts("{count} chosen").format(count=chosen)
        self._box.set_visibility(chosen > 0)

    def explain(self, outcomes: Sequence[StepOutcome]) -> None:
        """Tell what became of the cases."""
        _ = self._texts
        done = sum(each.done for each in outcomes)
        ui.notify(_("{done} of {count} done").format(done=done, count=len(outcomes)), position="top")
        for each in outcomes:
            if not each.done:
                why = _(_REFUSED[each.error]) if each.error in _REFUSED else each.detail
                ui.notify(f"#{each.case_id}: {why}", type="warning", position="top", timeout=8000)

    def _asking(self, step: Step) -> Callable[[], None]:
        def ask() -> None:
            self._step = step
            self._title.text = f"{self._count.text}: {self._texts(STEP_BUTTONS[step])}"
            self._text.props["label"] = self._texts(NEEDS[STEPS[step]])
            self._text.value = ""
            self._dialog.open()

        return ask

    async def _take(self) -> None:
        text = (self._text.value or "").strip()
        if not self._dialog.value or self._step is None or not text:
            return
        self._dialog.close()
        told = Told(party=text) if STEPS[self._step] is Need.PARTY else Told(reason=text)
        await self._on_bulk(self._step, told)
