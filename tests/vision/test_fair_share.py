"""Nobody who waits is passed over for ever."""

import math

from hypothesis import given
from hypothesis import strategies as st

from vision.fair_share import FairShare


@given(st.integers(1, 40), st.integers(1, 8), st.lists(st.sets(st.integers(0, 39)), min_size=80, max_size=80))
def test_who_waits_is_served_after_the_others_at_the_latest(cameras: int, most: int, others: list[set[int]]) -> None:
    share, waited = FairShare(), 0
    for busy in others:
        waiting = {"patient", *(f"busy-{number}" for number in busy if number < cameras)}
        chosen = share.choose(waiting, most)
        assert len(chosen) == min(most, len(waiting))
        waited = 0 if "patient" in chosen else waited + 1
        assert waited <= math.ceil((cameras + 1) / most)


def test_a_camera_that_was_removed_begins_anew() -> None:
    share = FairShare()
    share.choose(["a"], 1)
    share.forget("a")
    assert share.choose(["a", "b"], 1) == ["a"]
