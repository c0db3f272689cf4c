"""The address of a map's tiles: what is taken, and what pages have to allow for it. Pure."""

import re
from urllib.parse import urlsplit

from service.errors import BadMapTiles

_HOST = re.compile(r"(\{s\}\.)?[A-Za-z0-9.-]+(:[0-9]{1,5})?")


def tile_origins(tiles: str) -> tuple[str, ...]:
    """Return the origins that pictures may come from, as a content security policy names them; none without tiles.

    Raises:
        BadMapTiles: it is no address of tiles, neither on another server nor a path on this one.
    """
    if not tiles:
        return ()
    try:
        parts = urlsplit(tiles)
    except ValueError as error:
        raise BadMapTiles(tiles=tiles) from error
    is_own = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    is_other = parts.scheme in {"http", "https"} and _HOST.fullmatch(parts.netloc) is not None
    if not (is_own or is_other) or not all(part in tiles for part in ("{z}", "{x}", "{y}")):
        raise BadMapTiles(tiles=tiles)
    return () if is_own else (f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}",)
