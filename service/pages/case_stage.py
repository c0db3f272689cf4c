"""The picture of the case that is shown, with those around it loaded ahead, and the keys; drawn by `case_stage.js`."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nicegui import ui
from nicegui.element import Element
from nicegui.events import GenericEventArguments

from service.api.urls import evidence_url
from service.domain.cases import Case, EvidenceItem
from service.domain.lifecycle import Step
from service.pages.correction_shapes import shapes_of
from service.pages.keys import KEY_CODES, LOCAL, REPEATABLE, STEP_OF
from service.pages.labels import REASONS, rule_name
from service.texts.catalogue import Texts

STYLE = Path(__file__).with_name("review.css")
OnAct = Callable[[str], Awaitable[None]]
OnDecide = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class StagePicture:
    """What the browser is told of a case: addresses of its pictures, empty where there is none, and what may be done.

    `comparable` tells that `beside` shows the same view, so that one can be slid over the other; `shapes` are what can
    be drawn.
    """

    id: int
    version: int
    state: str
    alt: str
    clean: str
    annotated: str
    beside: str
    besideLabel: str  # noqa: N815 - as the browser's own language writes names
    comparable: bool
    mayReject: bool  # noqa: N815
    shapes: tuple[dict[str, str], ...]


def stage_picture(case: Case, _: Texts, steps: Sequence[Step] = ()) -> StagePicture:
    """Return what the browser is told of the case; nothing can be drawn where none of `steps` decides."""
    clean, annotated = case.evidence_of("clean"), case.evidence_of("annotated") or case.evidence_of("chart")
    before, best_view = case.evidence_of("before"), case.evidence_of("best_view")
    may_draw = clean is not None and Step.CONFIRM in steps
    return StagePicture(
        id=case.id,
        version=case.version,
        state=case.state.value,
        alt=rule_name(case.rule, _),
        clean=_url(case, clean),
        annotated=_url(case, annotated),
        beside=_url(case, before or best_view),
        besideLabel=_("Before") if before else _("The truck seen best"),
        comparable=before is not None,
        mayReject=Step.REJECT in steps,
        shapes=shapes_of(case.rule, _) if may_draw else (),
    )


class CaseStage(Element, component="case_stage.js", esm={"dustwatch-review": "review"}):
    """Shows a picture, and tells what a key asks for and which case, in which version, it was pressed for."""

    def __init__(self, _: Texts, on_act: OnAct, on_decide: OnDecide) -> None:
        super().__init__()
        self._texts = _
        self._settlements = 0
        self._props["keys"] = {code: action.value for code, action in KEY_CODES.items()}
        self._props["local"] = sorted(LOCAL)
        self._props["repeatable"] = sorted(REPEATABLE)
        self._props["decides"] = {action.value: step.value for action, step in STEP_OF.items()}
        self._props["reasons"] = list(REASONS)
        self._props["texts"] = _texts_of_stage(_)

        async def act(event: GenericEventArguments) -> None:
            await on_act(str(event.args.get("action", "")))

        async def decide(event: GenericEventArguments) -> None:
            await on_decide(dict(event.args))

        self.on("act", act)
        self.on("decide", decide)

    def show(self, shown: StagePicture | None, ahead: Sequence[StagePicture]) -> None:
        """Show a case's picture and have these others loaded; what is shown already stays as it is."""
        with self._props.suspend_updates():
            self._props["shown"] = None if shown is None else asdict(shown)
            self._props["ahead"] = tuple(asdict(each) for each in ahead)
        self.update()

    def ask_reason(self, *, is_asked: bool) -> None:
        """Tell the browser that a reason is asked for, or no longer: its digits choose one meanwhile."""
        self._props["asked"] = is_asked
        self.update()

    def settle(self, case_id: int, *, done: bool) -> None:
        """Tell the browser that a decision was dealt with: it need not be kept any more."""
        self._settlements += 1
        self._props["settled"] = {"case": case_id, "done": done, "number": self._settlements}
        self.update()

    def reject(self, reason: str) -> None:
        """Have the case that is shown rejected, with what is drawn on it."""
        self.run_method("decide", Step.REJECT.value, reason)


def act_on_click(button: ui.button, action: str) -> None:
    """Make the button do what the action's key does; no round trip lies between."""
    button.on("click", js_handler=f"() => document.dispatchEvent(new CustomEvent('dw-act', {{detail: '{action}'}}))")


def _url(case: Case, item: EvidenceItem | None) -> str:
    return "" if item is None else evidence_url(case, item.name)


def _texts_of_stage(_: Texts) -> dict[str, str]:
    return {
        "failed": _("The picture can't be loaded; the evidence may be damaged"),
        "found": _("When it was found"),
        "drawingOn": _("Drawing on"),
        "drawingOff": _("Drawing off"),
        "pair": _("Side by side"),
        "slide": _("Slider"),
        "single": _("Without comparison"),
        "correct": _("Correct"),
        "drawHint": _("Click for points, drag to move, right-click to remove; Enter closes the outline"),
        "boxHint": _("Press and drag to draw a box, drag a corner to change it, right-click to remove it"),
        "drawFirst": _("Nothing is drawn yet. Esc leaves the tool."),
        "drawUndo": _("Undo"),
        "drawConfirm": _("Save and confirm"),
        "drawReject": _("Save and reject"),
        "drawLeave": _("Leave without saving"),
        "lost": _("The connection is lost. It is tried again by itself."),
        "lostKept": _("The connection is lost. Your decision is kept and sent as soon as it is back."),
    }
