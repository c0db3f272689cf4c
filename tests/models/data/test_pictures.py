"""Pictures and masks are decoded upright, or refused with one reason."""

import io
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from models.data.pictures import BadPicture, picture_size, read_mask, read_picture
from tests.models.data.made_data_set import picture


def encoded(kind: str) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture(1)).save(file, kind)
    return file.getvalue()


def test_a_picture_taken_sideways_is_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(picture(1)).save(tmp_path / "a.jpg", exif=exif)
    assert read_picture(tmp_path / "a.jpg").shape == (64, 48, 3)
    assert picture_size(tmp_path / "a.jpg") == (48, 64)


def test_the_numbers_of_a_mask_with_a_palette_are_read(tmp_path: Path) -> None:
    mask = Image.fromarray(np.array([[0, 1], [2, 255]], np.uint8))
    mask.putpalette([colour for number in range(256) for colour in (number, 255 - number, 90)])
    assert mask.mode == "P"
    mask.save(tmp_path / "a.png")
    assert read_mask(tmp_path / "a.png").tolist() == [[0, 1], [2, 255]]


def test_a_mask_in_colours_is_refused(tmp_path: Path) -> None:
    Image.fromarray(picture(1)).save(tmp_path / "a.png")
    with pytest.raises(BadPicture, match="one 8-bit channel with class numbers, not RGB"):
        read_mask(tmp_path / "a.png")


def test_a_truncated_picture_is_refused(tmp_path: Path) -> None:
    for kind in ("JPEG", "PNG"):
        (tmp_path / "a.jpg").write_bytes(encoded(kind)[:-100])
        with pytest.raises(BadPicture, match=r"a\.jpg can't be used"):
            read_picture(tmp_path / "a.jpg")


def test_a_picture_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPicture, match="No such file"):
        read_mask(tmp_path / "a.png")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["JPEG", "PNG", "BMP", "WEBP", "TIFF"]), st.data())
def test_a_damaged_picture_is_read_or_refused_but_never_crashes(tmp_path: Path, kind: str, data: st.DataObject) -> None:
    damaged = bytearray(encoded(kind))
    for place in data.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=8)):
        damaged[place] = data.draw(st.integers(0, 255))
    path = tmp_path / "a.jpg"
    path.write_bytes(damaged[: data.draw(st.integers(0, len(damaged)))])
    for read in (read_picture, read_mask, picture_size):
        with suppress(BadPicture):
            read(path)
