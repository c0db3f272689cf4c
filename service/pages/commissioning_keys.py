"""Which key does what on the commissioning page."""

from enum import StrEnum

from service.domain.layout_drawing import Place

STEP = 0.002
"""Share of the picture that an arrow key moves a point by."""
FAST = 10
"""How many times further with the shift key."""


class DrawingAction(StrEnum):
    """What a key asks for, beside moving a point."""

    ADD = "add"
    DELETE = "delete"
    NEXT = "next"
    PREVIOUS = "previous"
    UNDO = "undo"
    REDO = "redo"


_WAYS = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, -1), "ArrowDown": (0, 1)}
_ACTIONS = {
    "KeyA": DrawingAction.ADD,
    "Delete": DrawingAction.DELETE,
    "Backspace": DrawingAction.DELETE,
    "KeyN": DrawingAction.NEXT,
    "KeyP": DrawingAction.PREVIOUS,
}


def nudge_of(code: str, *, shift: bool) -> Place | None:
    """Return by how much an arrow key moves the chosen point, None for another key."""
    way = _WAYS.get(code)
    step = STEP * (FAST if shift else 1)
    return None if way is None else (way[0] * step, way[1] * step)


def drawing_action_of(code: str, *, shift: bool, ctrl: bool) -> DrawingAction | None:
    """Return what a key (its `KeyboardEvent.code`) asks for, None when nothing."""
    if ctrl:
        undo = DrawingAction.REDO if shift else DrawingAction.UNDO
        return {"KeyZ": undo, "KeyY": DrawingAction.REDO}.get(code)
    return _ACTIONS.get(code)
