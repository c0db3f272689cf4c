"""Writes a list of cases as GeoJSON (RFC 7946): a point where its site lies, for maps and GIS programs."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from service.storage.case_list import CaseLine

MEDIA_TYPE = "application/geo+json"
FEATURES_AT_ONCE = 500
_PROPERTIES = (
    *("key", "rule", "state", "site_id", "site_name", "camera_id", "camera_name"),
    *("district", "street", "category", "level", "assigned_to"),
)


def geojson_parts(lines: Iterable[CaseLine]) -> Iterator[bytes]:
    """Return the file in parts; the geometry of a case is null where its site's position is not known."""
    yield b'{"type":"FeatureCollection","features":['
    rest, comma = iter(lines), ""
    while portion := list(islice(rest, FEATURES_AT_ONCE)):
        yield (comma + ",\n".join(json.dumps(_feature(line), ensure_ascii=False) for line in portion)).encode()
        comma = ",\n"
    yield b"]}\n"


def _feature(line: CaseLine) -> dict[str, Any]:
    geometry = None
    if line.latitude is not None and line.longitude is not None:
        geometry = {"type": "Point", "coordinates": [line.longitude, line.latitude]}
    times = {"opened_at": line.opened_at, "received_at": line.received_at, "due_at": line.due_at}
    properties = {
        **{name: getattr(line, name) for name in _PROPERTIES},
        **{name: None if moment is None else moment.isoformat() for name, moment in times.items()},
        "measures": line.measures,
    }
    return {"type": "Feature", "id": line.id, "geometry": geometry, "properties": properties}
