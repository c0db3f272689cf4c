"""Keeps what others wrote from being more than text in a spreadsheet."""

import re

LONGEST = 32_000
"""Characters in a cell; Excel takes 32,767 at most."""
_BEGINS_A_FORMULA = frozenset("=+-@＝＋－＠")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = " \u00a0\u200b\u200c\u200d\u2060\u3000\ufeff"


def one_line(text: str) -> str:
    """Return the text without control characters, which cells and XML can't hold, and no longer than a cell."""
    return _CONTROL.sub(" ", text)[:LONGEST]


def defused(text: str) -> str:
    """Return the text for a CSV cell: what a spreadsheet would take for a formula has an apostrophe before it.

    CSV has no types, so that this is the only way; blanks and invisible characters before the sign count as well,
    since some programs drop them.
    """
    plain = one_line(text)
    return f"'{plain}" if plain.lstrip(_INVISIBLE)[:1] in _BEGINS_A_FORMULA else plain
