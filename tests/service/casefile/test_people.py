"""People are found, the small ones too, and every part of a picture is looked at."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.stories import perimeter_story
from service.casefile.people import LARGEST_TILE, tiles


def overlap(box, truth):
    """The share of the truth's box that lies in the other."""
    width = min(box[2], truth[2]) - max(box[0], truth[0])
    height = min(box[3], truth[3]) - max(box[1], truth[1])
    return max(0, width) * max(0, height) / ((truth[2] - truth[0]) * (truth[3] - truth[1]))


@given(st.integers(1, 3000), st.integers(1, 3000))
def test_tiles_cover_every_pixel_and_stay_inside(width, height):
    seen = np.zeros((-(-height // 10), -(-width // 10)), bool)
    for left, top, right, bottom in tiles(width, height):
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        assert max(right - left, bottom - top) <= LARGEST_TILE
        seen[top // 10 : -(-bottom // 10), left // 10 : -(-right // 10)] = True
    assert seen.all()


def test_the_worker_is_found(street, worker, finder):
    boxes = finder.find(street)
    assert max(overlap(box, worker) for box in boxes) > 0.8
    assert len(boxes) == 1


def test_a_worker_far_away_is_found_in_a_tile(street, worker, finder):
    # About 30 pixels high in a picture of 1920 x 1080, which is a third of that as the network sees the whole.
    far = cv2.resize(street, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    picture = np.full((1080, 1920, 3), 128, np.uint8)
    picture[700 : 700 + far.shape[0], 1100 : 1100 + far.shape[1]] = far
    truth = np.array(worker) * 0.6 + [1100, 700, 1100, 700]
    assert truth[3] - truth[1] < 32
    assert max((overlap(box, truth) for box in finder.find(picture)), default=0) > 0.6


def test_nobody_is_found_where_nobody_is(finder):
    assert finder.find(np.full((360, 640, 3), 90, np.uint8)).shape == (0, 4)


@pytest.mark.slow
def test_nearly_every_view_of_the_walking_worker_is_found(finder):
    import av

    truth = {seen.frame: seen.xyxy for o in perimeter_story().occluders if o.class_ == "person" for seen in o.boxes}
    found = []
    with av.open(str(perimeter_story().clip)) as clip:
        for number, frame in enumerate(clip.decode(video=0)):
            if number in truth and number % 10 == 0:
                box = np.array(truth[number]) * [640, 360, 640, 360]
                boxes = finder.find(frame.to_ndarray(format="bgr24"))
                found.append(max((overlap(each, box) for each in boxes), default=0) > 0.7)
    assert len(found) >= 15
    assert np.mean(found) >= 0.85
