"""Which key does what on the queue page."""

from enum import StrEnum

from service.domain.lifecycle import Step
from service.texts.catalogue import N_


class Action(StrEnum):
    """What a key asks for."""

    CONFIRM = "confirm"
    REJECT = "reject"
    UNSURE = "unsure"
    UNDO = "undo"
    NEXT = "next"
    PREVIOUS = "previous"
    DRAWING = "drawing"
    COMPARE = "compare"
    ZOOM_IN = "zoomIn"
    ZOOM_OUT = "zoomOut"
    FIT = "fit"
    CORRECT = "correct"
    CLOSE_OUTLINE = "close"
    REMOVE_POINT = "remove"
    LEAVE_OUTLINE = "leave"
    PLAY = "play"
    FRAME_BACK = "frameBack"
    FRAME_ON = "frameOn"
    BATCH = "batch"
    HELP = "help"


KEY_CODES = {
    "KeyC": Action.CONFIRM,
    "KeyR": Action.REJECT,
    "KeyU": Action.UNSURE,
    "KeyZ": Action.UNDO,
    "KeyJ": Action.NEXT,
    "ArrowDown": Action.NEXT,
    "KeyK": Action.PREVIOUS,
    "ArrowUp": Action.PREVIOUS,
    "KeyO": Action.DRAWING,
    "KeyB": Action.COMPARE,
    "Equal": Action.ZOOM_IN,
    "NumpadAdd": Action.ZOOM_IN,
    "Minus": Action.ZOOM_OUT,
    "NumpadSubtract": Action.ZOOM_OUT,
    "Digit0": Action.FIT,
    "Numpad0": Action.FIT,
    "KeyE": Action.CORRECT,
    "Enter": Action.CLOSE_OUTLINE,
    "Backspace": Action.REMOVE_POINT,
    "Delete": Action.REMOVE_POINT,
    "Escape": Action.LEAVE_OUTLINE,
    "KeyP": Action.PLAY,
    "Comma": Action.FRAME_BACK,
    "Period": Action.FRAME_ON,
    "KeyL": Action.BATCH,
}
"""By the key's place on the keyboard, not its letter: a Chinese input method hides the letter."""

STEP_OF = {Action.CONFIRM: Step.CONFIRM, Action.UNSURE: Step.DOUBT, Action.UNDO: Step.UNDO}
"""The steps that a key takes at once; rejecting asks for a reason first."""
LOCAL = frozenset(
    {
        *(Action.DRAWING, Action.COMPARE, Action.ZOOM_IN, Action.ZOOM_OUT, Action.FIT, Action.CORRECT),
        *(Action.CLOSE_OUTLINE, Action.REMOVE_POINT, Action.LEAVE_OUTLINE),
        *(Action.PLAY, Action.FRAME_BACK, Action.FRAME_ON),
    }
)
"""What the browser does by itself: it concerns the picture or the clip alone."""
REPEATABLE = frozenset(
    {Action.NEXT, Action.PREVIOUS, Action.ZOOM_IN, Action.ZOOM_OUT, Action.FRAME_BACK, Action.FRAME_ON}
)
"""What may go on while the key is held down; a decision must be pressed for each case."""

HELP = (
    ("C", N_("Confirm the violation and go to the next case")),
    ("R", N_("Reject it; then choose the reason by its number")),
    ("U", N_("Unsure: leave it to a reviewer and go to the next case")),
    ("Z", N_("Take your last decision back")),
    ("J ↓", N_("Next case")),
    ("K ↑", N_("Previous case")),
    ("O", N_("Show or hide the drawing on the picture")),
    ("B", N_("Compare with the picture beside it: side by side, by a slider, not at all")),
    ("+ - 0", N_("Zoom in, out, and back; the wheel or two fingers zoom, dragging moves")),
    ("E", N_("Correct the model: draw on the picture what is really there")),
    ("P", N_("Play or pause the clip")),
    (", .", N_("One frame of the clip back or on")),
    ("L", N_("Decide look-alikes together")),
    ("?", N_("Show or hide this help")),
)
