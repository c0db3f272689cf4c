"""A picture's memory is used again once nobody holds it, and not before."""

import numpy as np

from streams.decoding.spare_frames import MOST_SPARE, SpareFrames


def test_what_nobody_holds_is_used_again() -> None:
    spare = SpareFrames()
    address = spare.frame(64, 48, "yuv420p").planes[0].buffer_ptr
    assert spare.frame(64, 48, "yuv420p").planes[0].buffer_ptr == address


def test_what_somebody_holds_is_left_alone() -> None:
    spare = SpareFrames()
    held = [spare.frame(64, 48, "yuv420p") for _ in range(2 * MOST_SPARE)]
    assert len({frame.planes[0].buffer_ptr for frame in held}) == 2 * MOST_SPARE


def test_a_view_of_the_content_is_enough_to_hold_it() -> None:
    spare = SpareFrames()
    view = np.frombuffer(memoryview(spare.frame(64, 48, "yuv420p").planes[0]), dtype=np.uint8)
    address = view.__array_interface__["data"][0]
    assert spare.frame(64, 48, "yuv420p").planes[0].buffer_ptr != address


def test_another_size_or_format_is_another_frame() -> None:
    spare = SpareFrames()
    spare.frame(64, 48, "yuv420p")
    assert spare.frame(64, 64, "yuv420p").height == 64
    assert spare.frame(64, 48, "yuv444p").format.name == "yuv444p"
