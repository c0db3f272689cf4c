"""News, pictures and layouts of cameras, as an edge would tell them."""

from typing import Any

GROUND = {
    "points": [
        {"at": [0.2, 0.9], "metres": [0.0, 0.0]},
        {"at": [0.8, 0.9], "metres": [12.0, 0.0]},
        {"at": [0.65, 0.5], "metres": [12.0, 20.0]},
        {"at": [0.35, 0.5], "metres": [0.0, 20.0]},
    ]
}
YARD = [[0.2, 0.6], [0.8, 0.6], [0.9, 0.9], [0.1, 0.9]]


def layout(**zones: Any) -> dict[str, Any]:
    return {"zones": zones or {"yard": YARD}, "ground": None}


def news(**changes: Any) -> dict[str, Any]:
    told = {
        "site_name": "滨江一号地块",
        "camera_name": "东门出口",
        "state": "live",
        "watches": ["uncovered_soil"],
        "figures": {"bare_soil_share": 0.42},
        "layout": layout(),
        "layout_version": None,
        "refused": None,
    }
    return {**told, **changes}
