"""Look-alikes of the case that is shown, as small pictures to tick: one decision for all that are ticked."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from nicegui import ui

from service.api.urls import thumbnail_url
from service.domain.cases import Case
from service.domain.lifecycle import Step, Told
from service.pages.decisions import Decisions
from service.pages.dialogs import key_hint
from service.pages.labels import REASONS, local_time
from service.storage.bulk_steps import StepOutcome
from service.texts.catalogue import Texts


class BatchStrip:
    """Closed until somebody asks for it; `box` is where it stands, `on_done` brings the page up to date."""

    def __init__(self, _: Texts, box: ui.element, decisions: Decisions, on_done: Callable[[], Awaitable[None]]) -> None:
        self._texts = _
        self._decisions = decisions
        self._on_done = on_done
        self._cases: tuple[Case, ...] = ()
        self._checked: dict[int, ui.checkbox] = {}
        self._undone: list[Case] = []
        self._case_id: int | None = None
        box.classes("dw-batch")
        with box:
            with ui.button(on_click=self.toggle).props("flat dense no-caps color=none") as self._open:
                self._count = ui.label()
                key_hint("L")
            self._undo = ui.button(_("Take the batch back"), on_click=self._take_back).props("flat dense no-caps")
            self._strip = ui.element("div").classes("dw-batch-strip")
        self._strip.set_visibility(False)
        self._undo.set_visibility(False)
        self._open.set_visibility(False)

    def show(self, case: Case, look_alikes: Sequence[Case]) -> None:
        """Offer these; the strip stays open only while the same case is shown."""
        if case.id != self._case_id:
            self._strip.set_visibility(False)
        is_same = case.id == self._case_id and tuple(look_alikes) == self._cases[1:]
        self._case_id, self._cases = case.id, (case, *look_alikes)
        self._open.set_visibility(bool(look_alikes))
        self._count.text = self._texts("Look-alikes: {count}").format(count=len(look_alikes))
        if self._strip.visible and not is_same:
            self._fill()

    def toggle(self) -> None:
        """Open the strip with all ticked, or close it."""
        opens = not self._strip.visible and len(self._cases) > 1
        self._strip.set_visibility(opens)
        if opens:
            self._fill()

    def _fill(self) -> None:
        _ = self._texts
        self._strip.clear()
        self._checked = {}
        with self._strip:
            for case in self._cases:
                with ui.element("label").classes("dw-batch-one"):
                    picture = ui.element("img").props("alt=''")
                    picture.props["src"] = thumbnail_url(case)
                    text = f"#{case.id} {local_time(case.opened_at)[5:16]}"
                    self._checked[case.id] = ui.checkbox(text, value=True).props("dense")
            with ui.element("div").classes("dw-batch-do"):
                ui.button(_("Confirm those ticked"), on_click=lambda: self._decide(Step.CONFIRM)).props(
                    "unelevated dense no-caps color=negative"
                )
                with ui.dropdown_button(_("Reject those ticked"), auto_close=True).props(
                    "outline dense no-caps color=none"
                ):
                    for code, reason in REASONS.items():
                        ui.item(_(reason), on_click=lambda code=code: self._decide(Step.REJECT, code))

    async def _decide(self, step: Step, reason: str = "") -> None:
        cases = [case for case in self._cases if self._checked[case.id].value]
        if not cases or not self._strip.visible:  # a second click while the first one is on its way does nothing
            return
        self._strip.set_visibility(False)
        outcomes = await self._decisions.take_many(cases, step, Told(reason=reason))
        self._undone = _after(cases, outcomes)
        self._undo.set_visibility(bool(self._undone))
        await self._on_done()

    async def _take_back(self) -> None:
        cases, self._undone = self._undone, []
        self._undo.set_visibility(False)
        await self._decisions.take_many(cases, Step.UNDO, Told())
        await self._on_done()


def _after(cases: Sequence[Case], outcomes: Sequence[StepOutcome]) -> list[Case]:
    """Return the cases that were decided, in the version that they have now."""
    versions = {each.case_id: each.version for each in outcomes if each.done}
    return [replace(case, version=versions[case.id]) for case in cases if case.id in versions]
