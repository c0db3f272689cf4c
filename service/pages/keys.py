"""Which key does what on the queue page."""

from enum import StrEnum

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
    PLAY = "play"
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
    "KeyP": Action.PLAY,
}
"""By the key's place on the keyboard, not its letter: a Chinese input method hides the letter."""

HELP = (
    ("C", N_("Confirm the violation and go to the next case")),
    ("R", N_("Reject it; then choose the reason by its number")),
    ("U", N_("Unsure: leave it to a reviewer and go to the next case")),
    ("Z", N_("Take your last decision back")),
    ("J ↓", N_("Next case")),
    ("K ↑", N_("Previous case")),
    ("O", N_("Show or hide the drawing on the picture")),
    ("P", N_("Play or pause the clip")),
    ("?", N_("Show or hide this help")),
)

REPEATABLE = frozenset({Action.NEXT, Action.PREVIOUS})
"""What may go on while the key is held down; a decision must be pressed for each case."""


def action_of(code: str, *, shift: bool, repeat: bool) -> Action | None:
    """Return what a key (its `KeyboardEvent.code`) asks for, None when nothing."""
    if code == "Slash" and shift:
        return None if repeat else Action.HELP
    action = KEY_CODES.get(code)
    return None if repeat and action not in REPEATABLE else action


def digit_of(code: str) -> int | None:
    """Return the digit of a key, also of the number pad, None when it is none."""
    for prefix in ("Digit", "Numpad"):
        if code.startswith(prefix) and code.removeprefix(prefix).isdecimal():
            return int(code.removeprefix(prefix))
    return None
