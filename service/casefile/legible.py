"""Turns any text into one that the case file's font can print, so that a hostile name can't break the document."""

import re
import unicodedata

MOST_CHARACTERS = 600
"""Longer texts are cut; the manifest, which is not, has them whole."""
LONGEST_WORD = 16
"""Runs of more characters without a place to break the line get such places."""
BREAK = "\u200b"
"""A zero-width space: a line may be broken here."""
NOT_IN_FONT = {"\u2252"}
"""Of what GBK and Latin-1 hold, what the font does not."""
LONG_WORD = re.compile(rf"[!-~\u00a1-\u00ff]{{{LONGEST_WORD + 1},}}")
DIGEST = re.compile(r"[0-9a-f]{64}")


def legible(text: str) -> str:
    """Return the text with what can't be printed written as its number (〔U+1F600〕), on one line, and not too long.

    That is emoji and rare characters, which the font does not hold, and control, direction and invisible characters,
    which would make it look like another text than it is.
    """
    shown = text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS] + "……"
    shown = "".join(_written(character) for character in shown)
    return shown if DIGEST.fullmatch(shown) else LONG_WORD.sub(lambda word: _breakable(word.group()), shown)


def is_printable(character: str) -> bool:
    """Whether the font has it, and it is seen where it stands: the font holds GBK and Latin-1 (ISO 8859-1)."""
    if unicodedata.category(character).startswith(("C", "Zl", "Zp")) or character in NOT_IN_FONT:
        return False
    return _is_in(character, "gbk") or _is_in(character, "latin-1")


def _written(character: str) -> str:
    if is_printable(character):
        return character
    return " " if character in "\t\n\r" else f"〔U+{ord(character):04X}〕"


def _breakable(word: str) -> str:
    return BREAK.join(word[start : start + LONGEST_WORD] for start in range(0, len(word), LONGEST_WORD))


def _is_in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
