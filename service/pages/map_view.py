"""Where a map of sites looks, and the lines of latitude and longitude that it shows where it has no tiles. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Place = tuple[float, float]
"""Latitude and longitude, WGS84 degrees."""
CHINA: Place = (34.0, 108.0)
WIDEST_ZOOM, CLOSEST_ZOOM = 4, 16
_SHOWN_PX = 480
"""About the shorter side of the map, less its margins."""
_TILE_PX = 256
_STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_LINES = 12
"""How many lines at most lie within what is shown."""


@dataclass(frozen=True)
class MapView:
    """What the map shows: its centre, its zoom as web maps count it, and degrees from the centre to the grid's end."""

    centre: Place
    zoom: int
    reach: float


def view_of(places: Sequence[Place]) -> MapView:
    """Return the view that holds all places, the whole country where there are none."""
    if not places:
        return MapView(CHINA, WIDEST_ZOOM, 30.0)
    latitudes, longitudes = zip(*places, strict=True)
    centre = ((min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2)
    # A degree of latitude is longer on the map than one of longitude, the more the farther from the equator.
    stretch = 1 / max(0.1, math.cos(math.radians(centre[0])))
    span = max((max(latitudes) - min(latitudes)) * stretch, max(longitudes) - min(longitudes), 1e-6)
    zoom = math.floor(math.log2(360 / span * _SHOWN_PX / _TILE_PX))
    zoom = min(CLOSEST_ZOOM, max(WIDEST_ZOOM, zoom))
    return MapView(centre, zoom, 360 / 2**zoom * 4)


def graticule(view: MapView) -> list[list[Place]]:
    """Return lines of latitude and longitude through what the view shows and around it, each by its two ends."""
    wanted = view.reach / _LINES
    step = next((step for step in _STEPS if step >= wanted), _STEPS[-1])
    south, north = max(-80.0, view.centre[0] - view.reach), min(80.0, view.centre[0] + view.reach)
    west, east = max(-180.0, view.centre[1] - view.reach), min(180.0, view.centre[1] + view.reach)
    parallels = [[(at, west), (at, east)] for at in _multiples(step, south, north)]
    meridians = [[(south, at), (north, at)] for at in _multiples(step, west, east)]
    return parallels + meridians


def nearest(places: Sequence[Place], at: Place, zoom: int, *, within_px: float = 24) -> int | None:
    """Return which place lies nearest to a point of the map, None where none is within so many pixels."""
    if not places:
        return None
    narrowing = math.cos(math.radians(at[0]))
    distances = [math.hypot(place[0] - at[0], (place[1] - at[1]) * narrowing) for place in places]
    best = min(range(len(places)), key=distances.__getitem__)
    degrees_per_px = 360 / (_TILE_PX * 2**zoom) * narrowing
    return best if distances[best] <= within_px * degrees_per_px else None


def _multiples(step: float, low: float, high: float) -> list[float]:
    return [round(number * step, 6) for number in range(math.ceil(low / step), math.floor(high / step) + 1)]
