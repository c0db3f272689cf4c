"""The map of sites: a dot a site, over the office's own tiles, or over a plain grid where it has none."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from nicegui import ui
from nicegui.elements.leaflet.leaflet_layer import Layer
from nicegui.events import GenericEventArguments

from service.domain.office.levels import ControlLevel
from service.pages.map_view import Place, graticule, nearest, view_of

COLOURS = {"overdue": "#c4281c", "open": "#e07b00", "quiet": "#1a8a44"}
"""By how a site stands."""
RING_PX = {ControlLevel.A: 4, ControlLevel.B: 2, ControlLevel.C: 1}
_GRID = {"color": "#8f9aa7", "weight": 1, "opacity": 0.35, "interactive": False}
_RADIUS_PX = 9


@dataclass(frozen=True)
class Dot:
    """A site on the map; `look` is one of `COLOURS`."""

    site_id: str
    place: Place
    look: str
    level: ControlLevel


class SiteMap:
    """Built once for all sites; `show` puts the dots of some of them onto it. Dots bear no text."""

    def __init__(self, places: Sequence[Place], tiles: str, on_site: Callable[[str], Awaitable[None]]) -> None:
        self._on_site = on_site
        self._dots: Sequence[Dot] = ()
        self._drawn: list[Layer] = []
        view = view_of(places)
        self._map = ui.leaflet(view.centre, view.zoom, options={"attributionControl": bool(tiles)})
        self._map.classes("dw-map")
        self._map.clear_layers()  # NiceGUI's own choice of tiles comes from outside
        if tiles:
            self._map.tile_layer(url_template=tiles, options={"maxZoom": 19})
        else:
            for line in graticule(view):
                self._map.generic_layer(name="polyline", args=[line, _GRID])
        self._map.on("map-click", self._clicked)

    def show(self, dots: Sequence[Dot]) -> None:
        """Show these sites."""
        if dots == self._dots:
            return
        for layer in self._drawn:
            self._map.remove_layer(layer)
        self._dots = dots
        self._drawn = [self._map.generic_layer(name="circleMarker", args=[dot.place, _look(dot)]) for dot in dots]

    async def _clicked(self, event: GenericEventArguments) -> None:
        at = (float(event.args["latlng"]["lat"]), float(event.args["latlng"]["lng"]))
        found = nearest([dot.place for dot in self._dots], at, int(event.args["zoom"]))
        if found is not None:
            await self._on_site(self._dots[found].site_id)


def _look(dot: Dot) -> dict[str, object]:
    return {
        "radius": _RADIUS_PX,
        "fillColor": COLOURS[dot.look],
        "fillOpacity": 0.9,
        "color": "#64707d",  # stands out on light and on dark
        "weight": RING_PX[dot.level],
    }
