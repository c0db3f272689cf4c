"""Which addresses of map tiles are taken, and what pages then have to allow."""

import pytest

from service.api.app import create_app
from service.api.map_tiles import tile_origins
from service.errors import BadMapTiles


@pytest.mark.parametrize(
    ("tiles", "origins"),
    [
        ("", ()),
        ("/tiles/{z}/{x}/{y}.png", ()),
        ("https://tiles.example:8443/{z}/{x}/{y}.png?key=a", ("https://tiles.example:8443",)),
        ("https://{s}.tiles.example/{z}/{x}/{y}.png", ("https://*.tiles.example",)),
    ],
)
def test_pictures_are_allowed_from_where_the_tiles_are(tiles, origins):
    assert tile_origins(tiles) == origins


@pytest.mark.parametrize(
    "tiles",
    [
        "tiles/{z}/{x}/{y}.png",
        "https://tiles.example/",
        "javascript:{z}{x}{y}",
        "//tiles.example/{z}/{x}/{y}.png",
        "https://a;script-src */{z}/{x}/{y}.png",
        "https://[/{z}/{x}/{y}",
    ],
)
def test_what_is_no_address_of_tiles_is_refused(tiles):
    with pytest.raises(BadMapTiles, match="no address of map tiles"):
        tile_origins(tiles)


def test_the_service_does_not_start_with_tiles_that_make_no_sense(tmp_path):
    with pytest.raises(BadMapTiles):
        create_app(f"sqlite:///{tmp_path}/cases.db", tmp_path / "evidence", pages=False, map_tiles="tiles")
