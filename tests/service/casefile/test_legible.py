"""Whatever a text holds, what is printed is visible, in the font, and breaks into lines."""

import unicodedata

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from service.casefile.legible import BREAK, LONGEST_WORD, MOST_CHARACTERS, is_printable, legible
from vision.evidence.annotate import FONT_PATH


@pytest.fixture(scope="module")
def font_characters():
    return set(TTFont(FONT_PATH).getBestCmap())


def test_the_font_holds_every_character_that_is_called_printable(font_characters):
    claimed = {number for number in range(0x110000) if is_printable(chr(number))}
    assert len(claimed) > 21_000
    assert claimed <= font_characters


@given(st.text(alphabet=st.characters(), max_size=300))
def test_what_is_printed_is_printable(text):
    shown = legible(text)
    assert all(is_printable(character) or character == BREAK for character in shown)
    assert not any(unicodedata.bidirectional(character) in {"R", "AL", "RLO", "RLE"} for character in shown)


@given(st.text(alphabet="星河湾二期工地东门（·）", max_size=100))
def test_chinese_names_stay_as_they_are(text):
    assert legible(text) == text


def test_what_the_font_does_not_hold_is_written_as_its_number():
    assert legible("王😀") == "王〔U+1F600〕"
    assert legible("a\u202eb\x07") == "a〔U+202E〕b〔U+0007〕"
    assert legible("𠮷") == "〔U+20BB7〕"
    assert legible("一行\n又一行") == "一行 又一行"


def test_long_words_can_be_broken_and_long_texts_are_cut():
    assert legible("x" * 40).split(BREAK) == ["x" * LONGEST_WORD, "x" * LONGEST_WORD, "x" * (40 - 2 * LONGEST_WORD)]
    assert legible("好" * 5000) == "好" * MOST_CHARACTERS + "……"


def test_hashes_can_be_copied_whole():
    assert legible("ab" * 32) == "ab" * 32
