"""The ground plane of a camera: from points clicked on its picture to metres, areas and lengths, with their errors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, isfinite

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.geometry import RelativePoint

Array = NDArray[np.float64]
Size = tuple[int, int]
"""Width and height of a picture, pixels."""
MetrePoint = tuple[float, float]
"""A place on the ground, metres: seen from above, y points to the left of x (x to the right, y ahead)."""

CLICK_PX = 2.0
"""Standard deviation of a click in x and in y, pixels, where the points themselves tell of no larger one."""
FARTHEST = 10.0
"""Beyond this many times the depth of the farthest clicked point, the picture is taken to show no ground."""
LEAST_SPREAD = 0.002
"""Least singular value that the equations of a plane may have, as a share of the greatest."""
COARSE_WIDTH = 160
"""Columns to which a mask is reduced for the error of its area."""


USUAL_SIZE = (1920, 1080)
"""Size of the picture that clicks are taken to be made on, before a camera's own size is known."""


class AboveHorizon(ValueError):
    """What is to be measured reaches to the horizon or above it, where there is no ground."""

    def __init__(self) -> None:
        super().__init__("a point lies at or above the horizon, where there is no ground to measure")


@dataclass(frozen=True)
class Correspondence:
    """A point of the picture (relative, 0..1) and where it is on the ground (metres)."""

    at: RelativePoint
    metres: MetrePoint


@dataclass(frozen=True)
class Measured:
    """A length (m) or area (m²); the truth lies within `error` 19 times in 20, as far as the clicks are to blame."""

    value: float
    error: float

    def as_measures(self, name: str, digits: int) -> dict[str, float]:
        """Return the value as `name`, rounded, and its error as `name_error`; nothing where the error has no bound."""
        if not isfinite(self.error):
            return {}
        return {name: round(self.value, digits), f"{name}_error": round(self.error, digits + 1)}


@dataclass(frozen=True)
class PointError:
    """How far a clicked point is from where the plane has it: on the picture (pixels) and on the ground (metres)."""

    pixels: float
    metres: float


class GroundPlane:
    """A plane fitted to four or more points, least squares of their distances on the picture."""

    def __init__(self, points: Sequence[Correspondence], size: Size, click_px: float = CLICK_PX) -> None:
        """Fit to points clicked on a picture of this size. Raises ValueError where they tell no plane."""
        if len(points) < 4:
            raise ValueError("a ground plane needs at least four points")
        self.points = tuple(points)
        self.size = size
        at = np.array([point.at for point in points], dtype=np.float64)
        metres = np.array([point.metres for point in points], dtype=np.float64)
        _check_spread(at)
        _check_spread(metres)
        self.homography = _fitted(at, metres, size)
        """3x3, from relative places on the picture to metres; its third row is 1 at the farthest clicked point."""
        _check_sides(self.homography)
        self.errors = self._point_errors(at, metres)
        spread = sum(error.pixels**2 for error in self.errors) / max(1, 2 * len(points) - 8)
        self._click_px = max(click_px, spread**0.5)
        self._area_maps: dict[Size, NDArray[np.float32]] = {}

    @cached_property
    def _wiggled(self) -> list[tuple[Array, Array]]:
        # Only what measures needs them; a city's edges tell thousands of planes a second, which are only checked.
        at = np.array([point.at for point in self.points], dtype=np.float64)
        metres = np.array([point.metres for point in self.points], dtype=np.float64)
        return _wiggled(at, metres, self.size, self._click_px)

    @property
    def horizon(self) -> tuple[RelativePoint, RelativePoint] | None:
        """Where the horizon meets the picture's left and right edge, prolonged; None where it does not or far off."""
        a, b, c = self.homography[2]
        heights = [-c / b, -(a + c) / b] if abs(b) > 1e-9 else [inf, inf]
        if max(map(abs, heights)) > 100:
            return None
        return (0.0, float(heights[0])), (1.0, float(heights[1]))

    def to_ground(self, points: Sequence[RelativePoint] | Array) -> Array:
        """Return the metres (n, 2) of relative places on the picture; nan at and above the horizon."""
        return _to_ground(self.homography, np.asarray(points, dtype=np.float64))

    def to_picture(self, points: Sequence[MetrePoint] | Array) -> Array:
        """Return the relative places (n, 2), which may lie off the picture, of metres; nan behind the camera."""
        return _projected(np.asarray(np.linalg.inv(self.homography)), np.asarray(points, dtype=np.float64), 0.0)

    def length_m(self, line: Sequence[RelativePoint]) -> Measured:
        """Return the length on the ground of a line of two or more relative points. Raises AboveHorizon."""
        points = np.asarray(line, dtype=np.float64)
        return self._measured(lambda homography: _length(_to_ground(homography, points)))

    def area_m2(self, area: Sequence[RelativePoint] | NDArray[np.bool_]) -> Measured:
        """Return the ground's area within a polygon of relative points, or under a mask.

        A mask is bool, (height, width) of any picture of this camera; what of it lies above the horizon has no area.
        Raises AboveHorizon for a polygon that reaches there.
        """
        if isinstance(area, np.ndarray) and area.dtype == np.bool_:
            return self._mask_area(area)
        points = np.asarray(area, dtype=np.float64)
        return self._measured(lambda homography: _polygon_area(_to_ground(homography, points)))

    def area_map(self, size: Size) -> NDArray[np.float32]:
        """Return the ground's area in each pixel (height, width), m²; 0 above the horizon. Made once for each size."""
        if size not in self._area_maps:
            made = _area_map(self.homography, size).astype(np.float32)
            made.flags.writeable = False
            self._area_maps[size] = made
        return self._area_maps[size]

    def metres_per_pixel(self, at: RelativePoint) -> tuple[float, float]:
        """Return how much ground a pixel shows at a place: across and ahead, metres. Raises AboveHorizon."""
        width, height = self.size
        x, y = at
        across = self.length_m([(x - 0.5 / width, y), (x + 0.5 / width, y)])
        ahead = self.length_m([(x, y - 0.5 / height), (x, y + 0.5 / height)])
        return across.value, ahead.value

    def _mask_area(self, mask: NDArray[np.bool_]) -> Measured:
        height, width = mask.shape
        value = float(self.area_map((width, height))[mask].sum(dtype=np.float64))
        columns = min(width, COARSE_WIDTH)
        size = (columns, max(1, round(height * columns / width)))
        shares = cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        # A coarse mask tells how an area changes with the clicks as well as a fine one does, and is much cheaper.
        return Measured(value, self._error(lambda homography: float((_area_map(homography, size) * shares).sum())))

    def _measured(self, measure: Callable[[Array], float]) -> Measured:
        value = measure(self.homography)
        if np.isnan(value):
            raise AboveHorizon
        return Measured(value, self._error(measure))

    def _error(self, measure: Callable[[Array], float]) -> float:
        """Return two standard deviations: each click's part is half of what moving it forth and back changes."""
        parts = [(measure(forth) - measure(back)) / 2 for forth, back in self._wiggled]
        error = 2 * float(np.linalg.norm(parts))
        return inf if np.isnan(error) else error

    def _point_errors(self, at: Array, metres: Array) -> tuple[PointError, ...]:
        pixels = np.linalg.norm((self.to_picture(metres) - at) * self.size, axis=1)
        ground = np.linalg.norm(self.to_ground(at) - metres, axis=1)
        return tuple(PointError(float(p), float(m)) for p, m in zip(pixels, ground, strict=True))


def quadrangle(
    corners: Sequence[RelativePoint], sides_m: Sequence[float], diagonal_m: float
) -> tuple[Correspondence, ...]:
    """Return the points of a quadrangle of which its sides and the diagonal from first to third corner were measured.

    `corners` go around it, `sides_m` begin at the first corner. The first side becomes the x axis. Raises ValueError.
    """
    first, second, third, fourth = sides_m
    if not (_is_triangle(first, second, diagonal_m) and _is_triangle(third, fourth, diagonal_m)):
        raise ValueError("the sides and the diagonal make no quadrangle; the diagonal goes from the first to the third")
    turn = _turn(np.array(corners))
    if turn == 0:
        raise ValueError("the quadrangle's corners have to go around it, each in turn")
    x = (first**2 + diagonal_m**2 - second**2) / (2 * first)
    end = np.array([x, turn * (diagonal_m**2 - x**2) ** 0.5])
    along = (fourth**2 + diagonal_m**2 - third**2) / (2 * diagonal_m)
    off = turn * max(0.0, fourth**2 - along**2) ** 0.5
    ahead = end / diagonal_m
    last = along * ahead + off * np.array([-ahead[1], ahead[0]])
    metres = [(0.0, 0.0), (first, 0.0), (float(end[0]), float(end[1])), (float(last[0]), float(last[1]))]
    return tuple(Correspondence(at, place) for at, place in zip(corners, metres, strict=True))


def _is_triangle(a: float, b: float, c: float) -> bool:
    return a + b > c and b + c > a and c + a > b


def _turn(corners: Array) -> int:
    """Return 1 where the corners go to the left as seen, -1 to the right, 0 where they do not go around."""
    ways = np.roll(corners, -1, axis=0) - corners
    after = np.roll(ways, -1, axis=0)
    turns = np.sign(ways[:, 1] * after[:, 0] - ways[:, 0] * after[:, 1])  # y grows downwards on the picture
    return int(turns[0]) if np.all(turns == turns[0]) else 0


def _check_spread(points: Array) -> None:
    """Refuse points that leave a plane open: two in one place, or all but one on a line."""
    rows = []
    for x, y in _normalised(points):
        # The equations of the plane that takes the points to themselves: they have one solution unless it is open.
        rows += [[x, y, 1, 0, 0, 0, -x * x, -x * y, -x], [0, 0, 0, x, y, 1, -x * y, -y * y, -y]]
    values = np.linalg.svd(np.array(rows), compute_uv=False)
    if not values[7] > LEAST_SPREAD * values[0]:
        raise ValueError("the points lie on a line, or in one place; give four that span an area, no three in a row")


def _normalised(points: Array) -> Array:
    """Return the points about 0, with a mean distance of the square root of 2 (or 0 where all are one)."""
    centred = points - points.mean(axis=0)
    distance = float(np.linalg.norm(centred, axis=1).mean())
    return np.asarray(centred * (2**0.5 / distance if distance > 0 else 0.0))


def _fitted(at: Array, metres: Array, size: Size) -> Array:
    """Return the homography from picture to ground; nan where a point, as clicked or told, is not before the camera."""
    # OpenCV reckons in single precision: positions such as a map's have to be brought near 0.
    middle, reach = metres.mean(axis=0), float(np.ptp(metres, axis=0).max())
    seen, _ = cv2.findHomography((metres - middle) / reach, at * size, 0)
    if seen is None or not np.isfinite(seen).all() or np.linalg.det(seen) == 0:
        return np.full((3, 3), np.nan)
    to_metres = np.array([[reach, 0, middle[0]], [0, reach, middle[1]], [0, 0, 1]])
    back = to_metres @ np.linalg.inv(seen) @ np.diag([*size, 1.0])
    depths = _depths(back, at)
    back = back / depths[np.argmin(np.abs(depths))]
    before = np.all(_depths(back, at) > 0) and np.all(_depths(np.linalg.inv(back), metres) > 0)
    return np.asarray(back if before else np.full((3, 3), np.nan))


def _check_sides(homography: Array) -> None:
    if np.isnan(homography).any():
        raise ValueError("the horizon would pass between the points; two of them are probably confused")
    # A picture's y grows downwards, so that ground seen from above turns the other way round on it.
    if np.linalg.det(homography) > 0:
        raise ValueError("the ground is mirrored; two points are confused, or y does not point to the left of x")


def _wiggled(at: Array, metres: Array, size: Size, pixels: float) -> list[tuple[Array, Array]]:
    """Return the planes that come of moving one click in one direction, forth and back, for all of them."""
    planes = []
    for point in range(len(at)):
        for axis in (0, 1):
            step = np.zeros_like(at)
            step[point, axis] = pixels / size[axis]
            planes.append((_fitted(at + step, metres, size), _fitted(at - step, metres, size)))
    return planes


def _depths(homography: Array, at: Array) -> Array:
    """Return 1 at the farthest clicked point, more nearer to the camera, 0 at the horizon, less above it."""
    return np.asarray(at @ homography[2, :2] + homography[2, 2])


def _to_ground(homography: Array, points: Array) -> Array:
    return _projected(homography, points, 1 / FARTHEST)


def _projected(homography: Array, points: Array, least: float) -> Array:
    depths = _depths(homography, points)
    depths = np.where(depths > least, depths, np.nan)
    return np.asarray((points @ homography[:2, :2].T + homography[:2, 2]) / depths[:, None])


def _length(ground: Array) -> float:
    return float(np.linalg.norm(np.diff(ground, axis=0), axis=1).sum())


def _polygon_area(ground: Array) -> float:
    x, y = (ground - ground[0]).T
    return abs(float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum())) / 2


def _area_map(homography: Array, size: Size) -> Array:
    """Return each pixel's area: a homography enlarges areas by its determinant over the third power of the depth."""
    if np.isnan(homography).any():
        return np.full((size[1], size[0]), np.nan)
    width, height = size
    x, y = (np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height
    depths = x * homography[2, 0] + (y * homography[2, 1] + homography[2, 2])[:, None]
    seen = depths > 1 / FARTHEST
    density = abs(float(np.linalg.det(homography))) / np.where(seen, depths, 1.0) ** 3
    return np.asarray(np.where(seen, density / (width * height), 0.0))
