"""A saved version of what is drawn on a camera's picture, and how two of them differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.config.layout import CameraLayout
from service.domain.camera_news import CameraKey


@dataclass(frozen=True)
class KeptLayout:
    """One version, counted from 1 for each camera; `at` is UTC, `by` a person, `note` why."""

    key: CameraKey
    version: int
    at: datetime
    by: str
    note: str
    layout: CameraLayout


@dataclass(frozen=True)
class Difference:
    """A thing that two layouts draw differently: `change` is added, removed or changed."""

    thing: str
    change: str
    points_before: int
    points_after: int


def differences(before: CameraLayout, after: CameraLayout) -> tuple[Difference, ...]:
    """Return what differs, by the things' names in the file (`yard`, `mask_out_2`, `ground`)."""
    old, new = _things(before), _things(after)
    found = []
    for thing in dict.fromkeys([*old, *new]):
        was, now = old.get(thing), new.get(thing)
        if was == now:
            continue
        change = "added" if was is None else "removed" if now is None else "changed"
        found.append(Difference(thing, change, _count(was), _count(now)))
    return tuple(found)


def _things(layout: CameraLayout) -> Mapping[str, object]:
    zones = layout.zones
    single = {
        "exit_line": zones.exit_line and (*zones.exit_line.points, zones.exit_line.outward),
        "wash_bay": zones.wash_bay,
        "yard": zones.yard,
        "perimeter": zones.perimeter and tuple(zones.perimeter.line),
        "gates": zones.perimeter and tuple(zones.perimeter.gates),
        "height": zones.perimeter and (zones.perimeter.height,),
        "ground": layout.ground and tuple((each.at, each.metres) for each in layout.ground.correspondences()),
    }
    several = {"mask_out": zones.mask_out, "privacy": zones.privacy}
    numbered = {f"{name}_{at}": area for name, areas in several.items() for at, area in enumerate(areas, 1)}
    return {name: thing for name, thing in {**single, **numbered}.items() if thing}


def _count(thing: object) -> int:
    return len(thing) if isinstance(thing, (list, tuple)) else 0
