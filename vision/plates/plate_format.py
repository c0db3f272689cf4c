"""What a Chinese number plate may say (GA 36): tidies what was read and tells whether it can be a plate. Pure.

Nothing is guessed: a character that no plate has at its place makes the text invalid, it is never replaced by one that
looks alike. The standard leaves out I and O because they look like 1 and 0.
"""

import re
from enum import StrEnum

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
LARGE_NEW_ENERGY_LETTERS = "ABCDEFGHJK"
"""A to E for battery electric vehicles, F to K for others."""

_SEPARATORS = re.compile(r"[\s·•∙⋅・･‧﹒。.\-–—]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LEAST_DIGITS = 2
"""Serials have some letters, never letters nearly alone; painted slogans do."""


class PlateKind(StrEnum):
    """What a plate's text tells of its vehicle."""

    ORDINARY = "ordinary"
    """Yellow on lorries and buses, blue on cars."""
    LARGE_NEW_ENERGY = "large_new_energy"
    """Yellow-green, on lorries and buses."""
    SMALL_NEW_ENERGY = "small_new_energy"
    """Green, on cars and vans."""
    TRAILER = "trailer"
    LEARNER = "learner"
    POLICE = "police"
    CONSULATE = "consulate"
    HONG_KONG = "hong_kong"
    MACAU = "macau"


_HEAD = f"[{PROVINCES}][{LETTERS}]"
_CHARACTER = f"[{LETTERS}0-9]"
_FORMATS = {
    PlateKind.ORDINARY: rf"{_HEAD}(?=(?:\D*\d){{{_LEAST_DIGITS}}}){_CHARACTER}{{5}}",
    PlateKind.LARGE_NEW_ENERGY: rf"{_HEAD}[0-9]{{5}}[{LARGE_NEW_ENERGY_LETTERS}]",
    PlateKind.SMALL_NEW_ENERGY: rf"{_HEAD}[{LARGE_NEW_ENERGY_LETTERS}]{_CHARACTER}[0-9]{{4}}",
    PlateKind.TRAILER: rf"{_HEAD}{_CHARACTER}{{4}}挂",
    PlateKind.LEARNER: rf"{_HEAD}{_CHARACTER}{{4}}学",
    PlateKind.POLICE: rf"{_HEAD}{_CHARACTER}{{4}}警",
    PlateKind.CONSULATE: rf"{_HEAD}{_CHARACTER}{{4}}领",
    PlateKind.HONG_KONG: rf"粤Z{_CHARACTER}{{4}}港",
    PlateKind.MACAU: rf"粤Z{_CHARACTER}{{4}}澳",
}
_HEAD_PATTERN = re.compile(_HEAD)
_PATTERNS = {kind: re.compile(pattern, re.ASCII) for kind, pattern in _FORMATS.items()}


def tidy(read: str) -> str:
    """Return what was read without spaces and dots, full-width characters made narrow; no letter or digit changes."""
    return _SEPARATORS.sub("", read.translate(_FULL_WIDTH))


def kind_of(text: str) -> PlateKind | None:
    """Return the kind of plate that a tidied text can be; None when no plate says that."""
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.fullmatch(text)), None)


def is_head(text: str) -> bool:
    """Whether a tidied text can be a plate's beginning: the province and the letter, the upper line of rear plates."""
    return _HEAD_PATTERN.fullmatch(text) is not None


def is_serial(text: str) -> bool:
    """Whether a tidied text can be the lower line of a lorry's rear plate: what follows the province and the letter."""
    return kind_of(f"{PROVINCES[0]}{LETTERS[0]}{text}") in {PlateKind.ORDINARY, PlateKind.TRAILER}


def resembles(text: str) -> bool:
    """Whether a tidied text may be a plate of which something was missed or misread, so that it is worth telling."""
    digits = sum(character.isascii() and character.isdigit() for character in text)
    return 6 <= len(text) <= 8 and text.isalnum() and _LEAST_DIGITS <= digits < len(text)
