"""Label files are read, and what is wrong with one is told by file and line."""

from pathlib import Path

import pytest

from models.classes import class_names
from models.data.label_files import read_polygons
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
