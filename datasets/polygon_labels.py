"""Label files with polygons (YOLO segmentation): a line a polygon, its class and its relative points."""

import math
from dataclasses import dataclass
from pathlib import Path

from shapely import Polygon

from models.classes import surface_classes

LEAST_POINTS = 3


class LabelProblem(Exception):
    """A label file that can't be used; says which file, which line and what is wrong."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}")


@dataclass(frozen=True)
class LabelPolygon:
    """One labelled area: the class's number, and its outline in relative coordinates (0..1 from the top left)."""

    class_id: int
    points: tuple[tuple[float, float], ...]

    @property
    def area(self) -> float:
        """Its share of the picture."""
        return float(Polygon(self.points).area)


def read_labels(path: Path) -> list[LabelPolygon]:
    """Read one label file; an empty one means that nothing is to be seen. Raises LabelProblem, OSError."""
    polygons = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            polygons.append(_parse(path, number, line.split()))
    return polygons


def _parse(path: Path, line: int, words: list[str]) -> LabelPolygon:
    if words[0] not in {str(class_id) for class_id in surface_classes()}:
        raise LabelProblem(path, line, f"unknown class {words[0]}")
    try:
        numbers = [float(word) for word in words[1:]]
    except ValueError:
        raise LabelProblem(path, line, "coordinates have to be numbers") from None
    if len(numbers) % 2 or len(numbers) < 2 * LEAST_POINTS:
        raise LabelProblem(path, line, f"a polygon needs at least {LEAST_POINTS} points of two numbers each")
    if not all(math.isfinite(number) and 0 <= number <= 1 for number in numbers):
        raise LabelProblem(path, line, "the polygon reaches outside the picture")
    points = tuple(zip(numbers[::2], numbers[1::2], strict=True))
    if not Polygon(points).is_valid:
        raise LabelProblem(path, line, "the outline crosses itself")
    return LabelPolygon(int(words[0]), points)
