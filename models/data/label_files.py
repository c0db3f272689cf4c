"""Label files, a line an object: YOLO polygons (class, then points) and YOLO boxes (class, centre, size)."""

import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from shapely import Polygon

from models.data.problems import DataSetProblems, Problem, ProblemKind

LEAST_POINTS = 3
TOLERANCE = 0.001
"""A coordinate this far outside of the picture is rounding, and is moved to its border."""


@dataclass(frozen=True)
class LabelPolygon:
    """One labelled area: the class's number, and its outline in relative coordinates (0..1 from the top left)."""

    class_id: int
    points: tuple[tuple[float, float], ...]

    @property
    def area(self) -> float:
        """Its share of the picture."""
        return float(Polygon(self.points).area)


@dataclass(frozen=True)
class LabelBox:
    """One labelled object: the class's number, and its box in relative coordinates (0..1 from the top left)."""

    class_id: int
    bbox_xyxy: tuple[float, float, float, float]


Label = TypeVar("Label", LabelPolygon, LabelBox)


class _LineProblem(Exception):
    def __init__(self, kind: ProblemKind, detail: str) -> None:
        self.kind, self.detail = kind, detail
        super().__init__(detail)


def parse_polygons(text: str, class_ids: Collection[int], where: str) -> tuple[list[LabelPolygon], list[Problem]]:
    """Return a polygon file's polygons, and what is wrong with its other lines; `where` names the file."""
    return _parse_lines(text, class_ids, where, _polygon)


def parse_boxes(
    text: str, class_ids: Collection[int], where: str, tolerance: float = TOLERANCE
) -> tuple[list[LabelBox], list[Problem]]:
    """Return a box file's boxes, and what is wrong with its other lines; `where` names the file.

    Boxes that reach over the border by up to `tolerance` are cut off there.
    """
    return _parse_lines(text, class_ids, where, partial(_box, tolerance=tolerance))


def read_polygons(path: Path, class_ids: Collection[int]) -> list[LabelPolygon]:
    """Read a polygon file; an empty one means that nothing is to be seen. Raises DataSetProblems, OSError."""
    return _whole(path, *parse_polygons(read_text(path), class_ids, str(path)))


def read_boxes(path: Path, class_ids: Collection[int]) -> list[LabelBox]:
    """Read a box file; an empty one means that nothing is to be seen. Raises DataSetProblems, OSError."""
    return _whole(path, *parse_boxes(read_text(path), class_ids, str(path)))


def read_text(path: Path) -> str:
    """Return a label file's text; bytes that are no UTF-8 become marks that no label is made of. Raises OSError."""
    return path.read_text(encoding="utf-8-sig", errors="replace")


def format_polygons(polygons: Iterable[LabelPolygon]) -> str:
    """Return the text of a polygon file; coordinates keep six decimals."""
    return "".join(
        f"{polygon.class_id} {' '.join(f'{number:.6f}' for point in polygon.points for number in point)}\n"
        for polygon in polygons
    )


def format_boxes(boxes: Iterable[LabelBox]) -> str:
    """Return the text of a box file (`class cx cy w h`); coordinates keep six decimals."""
    lines = []
    for box in boxes:
        left, top, right, bottom = box.bbox_xyxy
        numbers = ((left + right) / 2, (top + bottom) / 2, right - left, bottom - top)
        lines.append(f"{box.class_id} {' '.join(f'{number:.6f}' for number in numbers)}\n")
    return "".join(lines)


def _whole(path: Path, labels: list[Label], problems: list[Problem]) -> list[Label]:
    if problems:
        raise DataSetProblems(path, problems)
    return labels


def _parse_lines(
    text: str, class_ids: Collection[int], where: str, parse: Callable[[int, list[float]], Label]
) -> tuple[list[Label], list[Problem]]:
    labels: list[Label] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            class_id, numbers = _numbers(line.split(), class_ids)
            labels.append(parse(class_id, numbers))
        except _LineProblem as problem:
            problems.append(Problem(problem.kind, f"{where}:{number}", problem.detail))
    return labels, problems


def _numbers(words: list[str], class_ids: Collection[int]) -> tuple[int, list[float]]:
    class_id = {str(known): known for known in class_ids}.get(words[0])
    if class_id is None:
        raise _LineProblem(ProblemKind.UNKNOWN_CLASS, words[0][:40])
    try:
        numbers = [float(word) for word in words[1:]]
    except ValueError:
        raise _LineProblem(ProblemKind.BAD_LABEL, "coordinates have to be numbers") from None
    if not all(map(math.isfinite, numbers)):
        raise _LineProblem(ProblemKind.OUTSIDE, "a coordinate is no finite number")
    return class_id, numbers


def _polygon(class_id: int, numbers: list[float]) -> LabelPolygon:
    if len(numbers) % 2 or len(numbers) < 2 * LEAST_POINTS:
        raise _LineProblem(ProblemKind.BAD_LABEL, f"a polygon needs at least {LEAST_POINTS} points of two numbers each")
    inside = [_inside(number, "polygon", TOLERANCE) for number in numbers]
    points = tuple(zip(inside[::2], inside[1::2], strict=True))
    if not Polygon(points).is_valid:
        raise _LineProblem(ProblemKind.BAD_LABEL, "the outline crosses itself")
    return LabelPolygon(class_id, points)


def _box(class_id: int, numbers: list[float], tolerance: float) -> LabelBox:
    if len(numbers) != 4:
        raise _LineProblem(ProblemKind.BAD_LABEL, "a box needs four numbers: centre x and y, width and height")
    x, y, width, height = numbers
    edges = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    left, top, right, bottom = (_inside(edge, "box", tolerance) for edge in edges)
    if left >= right or top >= bottom:
        raise _LineProblem(ProblemKind.BAD_LABEL, "a box needs a width and a height above 0")
    return LabelBox(class_id, (left, top, right, bottom))


def _inside(number: float, what: str, tolerance: float) -> float:
    if not -tolerance <= number <= 1 + tolerance:
        raise _LineProblem(ProblemKind.OUTSIDE, f"{what} with a coordinate of {number:.4g}, not 0..1")
    return min(max(number, 0.0), 1.0)
