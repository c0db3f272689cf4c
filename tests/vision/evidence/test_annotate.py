"""Annotations are readable, also in Chinese, and leave the picture alone elsewhere."""

import numpy as np
import pytest
from fontTools.ttLib import TTFont

from vision.evidence.annotate import FONT_PATH, ZONE_COLOUR, Mark, annotate, box_mark


def test_the_font_has_the_characters_of_names_and_rules() -> None:
    characters = TTFont(FONT_PATH).getBestCmap()
    text = "车辆未冲洗裸土未覆盖围挡缺失星河湾二期堃喆翀镕郦圳滏阳邯郸·，：；（）㎡0123456789ABCxyz#%²"
    assert [letter for letter in text if ord(letter) not in characters] == []


@pytest.mark.parametrize(("height", "width"), [(120, 160), (360, 640), (1080, 1920), (1920, 1080)])
def test_any_size_of_picture_is_annotated(height: int, width: int) -> None:
    image = np.full((height, width, 3), 90, np.uint8)
    marks = [
        box_mark((0.9, 0.0, 1.0, 0.1), "#1"),
        Mark([(0, 0.5), (1, 0.5)], "出口线", ZONE_COLOUR, arrow_to=(0.5, 0.9)),
    ]
    annotated = annotate(image, marks, ["一行很长的说明文字" * 12, "second line"])
    assert annotated.shape[1] == width
    assert annotated.shape[0] > height
    assert (image == 90).all()


def test_only_the_marks_change_the_picture() -> None:
    image = np.full((360, 640, 3), 90, np.uint8)
    annotated = annotate(image, [box_mark((0.5, 0.5, 0.75, 0.75), "")], ["caption"])
    picture = annotated[-360:]
    assert (picture[:150] == 90).all()
    assert (picture[180:184, 330:470] != 90).any()
    assert tuple(picture[180, 400]) == (64, 64, 255)
