"""Label files are read and written, and what is wrong with one is told by file and line."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.classes import class_names
from models.data.label_files import (
    LabelBox,
    LabelPolygon,
    format_boxes,
    format_polygons,
    parse_boxes,
    parse_polygons,
    read_boxes,
    read_polygons,
)
from models.data.problems import DataSetProblems

SURFACES = class_names("surfaces")


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "7.txt"
    path.write_text(text)
    return path


def test_polygons_are_read_with_their_classes(tmp_path: Path) -> None:
    polygons = read_polygons(_file(tmp_path, "0 0 0 0.5 0 0.5 1 0 1\n\n2 0.6 0.6 0.9 0.6 0.9 0.9\n"), SURFACES)
    assert [polygon.class_id for polygon in polygons] == [0, 2]
    assert polygons[0].area == pytest.approx(0.5)


def test_an_empty_file_says_that_nothing_is_there(tmp_path: Path) -> None:
    assert read_polygons(_file(tmp_path, ""), SURFACES) == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("9 0 0 1 0 1 1", "unknown class 9"),
        ("soil 0 0 1 0 1 1", "unknown class soil"),
        ("0 0 0 1 0 1", "two numbers each"),
        ("0 0 0 1 0", "at least 3 points"),
        ("0 0 0 1.2 0 1 1", "outside the picture"),
        ("0 0 0 nan 0 1 1", "outside the picture"),
        ("0 0 0 a 0 1 1", "have to be numbers"),
        ("0 0 0 1 1 1 0 0 1", "crosses itself"),
    ],
)
def test_what_is_wrong_is_told_by_file_and_line(tmp_path: Path, line: str, problem: str) -> None:
    with pytest.raises(DataSetProblems, match=rf"7\.txt:2: .*{problem}"):
        read_polygons(_file(tmp_path, f"0 0 0 1 0 1 1\n{line}\n"), SURFACES)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("0 0.5 0.5 0.5", "four numbers"),
        ("0 0.5 0.5 0.5 0", "above 0"),
        ("0 0.5 0.5 -0.5 0.5", "above 0"),
        ("0 0.9 0.5 0.5 0.5", "outside the picture"),
        ("0 inf 0.5 0.5 0.5", "outside the picture"),
        ("4 0.5 0.5 0.5 0.5", "unknown class 4"),
    ],
)
def test_what_is_wrong_with_a_box_is_told_by_file_and_line(tmp_path: Path, line: str, problem: str) -> None:
    with pytest.raises(DataSetProblems, match=rf"7\.txt:2: .*{problem}"):
        read_boxes(_file(tmp_path, f"0 0.5 0.5 1 1\n{line}\n"), SURFACES)


def test_every_bad_line_of_a_file_is_told(tmp_path: Path) -> None:
    path = _file(tmp_path, "9 0 0 1 0 1 1\n0 0 0 1 0 1 1\n0 1 2\n")
    with pytest.raises(DataSetProblems) as raised:
        read_polygons(path, SURFACES)
    assert [problem.where for problem in raised.value.problems] == [f"{path}:1", f"{path}:3"]


def test_rounding_over_the_border_is_moved_onto_it() -> None:
    (box,), problems = parse_boxes("0 0.5 0.5 1.0005 0.5", SURFACES, "a.txt")
    assert problems == []
    assert box.bbox_xyxy == (0, 0.25, 1, 0.75)


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    path = tmp_path / "7.txt"
    path.write_bytes(b"\xff\xfe\x00\x00\n")
    with pytest.raises(DataSetProblems, match=r"7\.txt:1: unknown class"):
        read_polygons(path, SURFACES)


NUMBERS = st.sampled_from(sorted(SURFACES))
PLACES = st.floats(0, 1)


@st.composite
def triangles(draw: st.DrawFn) -> LabelPolygon:
    """A triangle that is wide enough to stay one when its coordinates are rounded."""
    left, top = draw(st.floats(0, 0.9)), draw(st.floats(0, 0.9))
    side = draw(st.floats(0.01, 0.1))
    return LabelPolygon(draw(NUMBERS), ((left, top), (left + side, top), (left, top + side)))


@st.composite
def boxes(draw: st.DrawFn) -> LabelBox:
    left, right = sorted((draw(st.floats(0, 0.45)), draw(st.floats(0.5, 1))))
    top, bottom = sorted((draw(st.floats(0, 0.45)), draw(st.floats(0.5, 1))))
    return LabelBox(draw(NUMBERS), (left, top, right, bottom))


@settings(deadline=None)
@given(st.lists(triangles()))
def test_polygons_come_back_as_they_were_written(polygons: list[LabelPolygon]) -> None:
    read, problems = parse_polygons(format_polygons(polygons), SURFACES, "a.txt")
    assert problems == []
    assert [each.class_id for each in read] == [each.class_id for each in polygons]
    for each, written in zip(read, polygons, strict=True):
        flat = [number for point in written.points for number in point]
        assert [number for point in each.points for number in point] == pytest.approx(flat, abs=1e-6)


@settings(deadline=None)
@given(st.lists(boxes()))
def test_boxes_come_back_as_they_were_written(written: list[LabelBox]) -> None:
    read, problems = parse_boxes(format_boxes(written), SURFACES, "a.txt")
    assert problems == []
    assert [each.class_id for each in read] == [each.class_id for each in written]
    for each, before in zip(read, written, strict=True):
        assert each.bbox_xyxy == pytest.approx(before.bbox_xyxy, abs=2e-6)


WORDS = st.sampled_from(["0", "1", "9", "-1", "0.5", "0.2", "1e309", "nan", "x", "٣", "1_0", "0x1"])
LINE_LIKE = st.lists(WORDS).map(" ".join)


@settings(deadline=None)
@given(st.text() | st.lists(LINE_LIKE).map("\n".join))
def test_garbage_is_told_line_by_line_and_never_crashes(text: str) -> None:
    lines = [line for line in text.split("\n") if line.strip()]
    for parse in (parse_polygons, parse_boxes):
        labels, problems = parse(text, SURFACES, "a.txt")
        assert len(labels) + len(problems) == len(lines)
