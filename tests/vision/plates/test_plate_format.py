"""Plates are told by GA 36, and nothing is guessed."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vision.plates.plate_format import (
    LARGE_NEW_ENERGY_LETTERS,
    LETTERS,
    PROVINCES,
    PlateKind,
    is_head,
    kind_of,
    resembles,
    tidy,
)

HEADS = st.tuples(st.sampled_from(PROVINCES), st.sampled_from(LETTERS)).map("".join)
CHARACTERS = LETTERS + string.digits
NEVER = sorted(set(string.ascii_lowercase + "IO?*_北京¥０１" + "٣") - set(CHARACTERS))


@st.composite
def ordinary(draw: st.DrawFn) -> str:
    """Two digits at least, at any places."""
    serial = draw(st.lists(st.sampled_from(string.digits), min_size=2, max_size=2))
    serial += draw(st.lists(st.sampled_from(CHARACTERS), min_size=3, max_size=3))
    return draw(HEADS) + "".join(draw(st.permutations(serial)))


@given(ordinary())
def test_an_ordinary_plate_is_one(text: str) -> None:
    assert kind_of(text) is PlateKind.ORDINARY


@given(HEADS, st.text(string.digits, min_size=5, max_size=5), st.sampled_from(LARGE_NEW_ENERGY_LETTERS))
def test_a_new_energy_lorry_has_its_letter_last(head: str, digits: str, letter: str) -> None:
    assert kind_of(head + digits + letter) is PlateKind.LARGE_NEW_ENERGY


@given(
    HEADS,
    st.sampled_from(LARGE_NEW_ENERGY_LETTERS),
    st.sampled_from(CHARACTERS),
    st.text(string.digits, min_size=4, max_size=4),
)
def test_a_new_energy_car_has_its_letter_first(head: str, letter: str, second: str, digits: str) -> None:
    assert kind_of(head + letter + second + digits) is PlateKind.SMALL_NEW_ENERGY


@given(ordinary(), st.integers(0, 6), st.sampled_from(NEVER))
def test_a_character_that_is_not_allowed_makes_it_no_plate(text: str, place: int, character: str) -> None:
    assume(place > 0 or character not in PROVINCES)
    assert kind_of(text[:place] + character + text[place + 1 :]) is None


@given(ordinary(), st.integers(0, 7))
def test_a_plate_that_lost_or_gained_a_digit_is_never_taken_for_the_same_kind(text: str, place: int) -> None:
    assert kind_of(text[:place] + text[place + 1 :]) is not PlateKind.ORDINARY or place == 7
    assert kind_of(text[:place] + "7" + text[place:]) is not PlateKind.ORDINARY


@given(ordinary(), st.lists(st.tuples(st.integers(0, 7), st.sampled_from(" ·•.-　\t")), max_size=4), st.booleans())
def test_spaces_dots_and_full_width_characters_do_not_matter(
    text: str, separators: list[tuple[int, str]], is_wide: bool
) -> None:
    read = text
    if is_wide:
        read = "".join(chr(ord(each) + 0xFEE0) if each in CHARACTERS else each for each in read)
    for place, separator in separators:
        read = read[:place] + separator + read[place:]
    assert tidy(read) == text


@given(st.text())
def test_tidying_changes_no_letter_into_another(read: str) -> None:
    kept = iter(read)
    for character in tidy(read):
        assert any(each == character or ord(each) - 0xFEE0 == ord(character) for each in kept)
    assert tidy(tidy(read)) == tidy(read)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("苏A1234挂", PlateKind.TRAILER),
        ("京A1234学", PlateKind.LEARNER),
        ("京A1234警", PlateKind.POLICE),
        ("沪A1234领", PlateKind.CONSULATE),
        ("粤Z1234港", PlateKind.HONG_KONG),
        ("粤ZA123澳", PlateKind.MACAU),
        ("苏A1234港", None),
        ("苏A12345挂", None),
        ("苏AO1234", None),
        ("苏I12345", None),
        ("苏a12345", None),
        ("苏AABCD1", None),
        ("A12345", None),
        ("", None),
        ("苏A12345\n", None),
    ],
)
def test_plates_of_all_kinds(text: str, kind: PlateKind | None) -> None:
    assert kind_of(text) is kind


def test_what_resembles_a_plate_is_told_from_other_writing() -> None:
    assert all(resembles(text) for text in ("A12345", "苏AO1234"))
    assert not any(resembles(text) for text in ("苏A1?345", "20260301", "安全生产", "12吨", ""))
    assert is_head("苏A")
    assert not is_head("苏I")
    assert not is_head("苏A1")
