"""Several views of one truck agree on a plate without mixing characters."""

from hypothesis import given
from hypothesis import strategies as st

from vision.plates.plate_reading import PlateReading, agree

BOX = (0.0, 0.0, 10.0, 5.0)
TEXTS = ("苏A12345", "苏A12346", "苏A1234S")


def reading(text: str, confidence: float, *, is_valid: bool = True) -> PlateReading:
    return PlateReading(text, confidence, BOX, is_valid)


READINGS = st.lists(
    st.builds(PlateReading, st.sampled_from(TEXTS), st.floats(0.0, 1.0), st.just(BOX), st.booleans()),
    max_size=6,
)


def test_two_views_that_read_alike_outvote_a_more_confident_third() -> None:
    agreed = agree([reading(TEXTS[0], 0.9), reading(TEXTS[1], 0.99), reading(TEXTS[0], 0.85)])
    assert agreed == PlateReading(TEXTS[0], 0.9, BOX, is_valid_format=True, views=2)


def test_views_that_differ_leave_the_most_confident() -> None:
    assert agree([reading(TEXTS[0], 0.9), reading(TEXTS[1], 0.95)]) == reading(TEXTS[1], 0.95)


def test_a_valid_view_goes_before_two_that_are_not() -> None:
    bad = reading("A12345", 0.99, is_valid=False)
    assert agree([bad, reading(TEXTS[0], 0.81), bad]) == reading(TEXTS[0], 0.81)


def test_no_view_is_no_plate() -> None:
    assert agree([]) is None


@given(READINGS)
def test_what_is_agreed_on_was_read(readings: list[PlateReading]) -> None:
    agreed = agree(readings)
    assert (agreed is None) == (not readings)
    if agreed is not None:
        assert agreed.text in [each.text for each in readings]
        assert agreed.views == sum(each.text == agreed.text for each in readings)
        assert agreed.is_valid_format == any(each.is_valid_format for each in readings)
