"""Crops of trucks have their padding and stay inside the picture."""

from hypothesis import given, settings
from hypothesis import strategies as st

from models.data.crops import padded_crop


def test_a_tenth_is_added_on_each_side() -> None:
    assert padded_crop((100, 100, 200, 150), (640, 360)) == (90, 95, 210, 155)


@settings(deadline=None)
@given(st.floats(0, 600), st.floats(0, 300), st.floats(1, 700), st.floats(1, 400))
def test_the_crop_covers_the_box_and_stays_inside(left: float, top: float, width: float, height: float) -> None:
    right, bottom = min(640.0, left + width), min(360.0, top + height)
    crop = padded_crop((left, top, right, bottom), (640, 360))
    assert 0 <= crop[0] <= left
    assert right <= crop[2] <= 640
    assert 0 <= crop[1] <= top
    assert bottom <= crop[3] <= 360
