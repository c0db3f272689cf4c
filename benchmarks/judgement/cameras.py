"""The configuration of each recording's camera: everything by default, calibrated by the rendering camera's ground."""

from pathlib import Path
from typing import Any

from benchmarks.judgement import gate_stories
from benchmarks.judgement.gate_stories import GateRecording
from benchmarks.judgement.stories import PatrolStory, fraction_along
from datasets.render.camera import Camera
from datasets.render.gate.truth import EXIT_LINE_Y
from datasets.render.judged import wall
from datasets.render.perimeter.site import GATE_X
from datasets.render.site import BAY_X, BAY_Y
from datasets.render.site import GATE_X as DRIVE_X
from datasets.render.yard.site import ZONE
from service.config.schema import Config
from service.edge.cameras import CameraOrder, orders
from vision.violations import RuleName

Ground = tuple[float, float]
"""A place on the ground, metres."""
GATE_GROUND = [*((x, EXIT_LINE_Y) for x in DRIVE_X), *((x, y) for x in BAY_X for y in BAY_Y)]
"""What one measures at a gate: the ends of its exit line and the corners of the wash bay."""


def configured(story: PatrolStory | GateRecording, reference: Path | None = None) -> tuple[CameraOrder, Config]:
    """Return what the edge builds the camera of a recording from; `reference` is the picture of its commissioning."""
    commissioned = {} if reference is None else {"reference": reference}
    return configured_with(story.name, _drawn(story) | commissioned)


def configured_with(name: str, drawn: dict[str, Any]) -> tuple[CameraOrder, Config]:
    """Return the same for a camera on whose picture something is drawn; all else is as it comes."""
    camera = {"id": name, "site": "judged", "name": name, "url": "rtsp://127.0.0.1:554/judged", **drawn}
    config = Config.model_validate({"sites": [{"id": "judged", "name": "judged"}], "cameras": [camera], "workers": 1})
    return orders(config)[name], config


def _drawn(story: PatrolStory | GateRecording) -> dict[str, Any]:
    if isinstance(story, GateRecording):
        return {"zones": gate_stories.zones(story.gate), "ground": _ground(story.gate.setup.camera, GATE_GROUND)}
    camera = story.setup.camera
    if story.rule is RuleName.UNCOVERED_SOIL:
        (left, right), (near, far) = ZONE
        corners = [(left, near), (right, near), (right, far), (left, far)]
        return {"zones": {"yard": _seen(camera, corners)}, "ground": _ground(camera, [*corners, (0.0, 12.0)])}
    line = wall.LINES_X[story.setup.number - wall.SETUPS[0].number]
    gate = [fraction_along(story.setup, line, x - line[0]) for x in GATE_X]
    perimeter = {"line": _seen(camera, [(line[0], 0.0), (line[1], 0.0)]), "gates": [gate]}
    measured = [(line[0], 0.0), (line[1], 0.0), (line[0] + 3.0, -5.0), (line[1] - 4.0, -5.0), (7.0, -2.0)]
    return {"zones": {"perimeter": perimeter}, "ground": _ground(camera, measured)}


def _seen(camera: Camera, places: list[Ground]) -> list[list[float]]:
    points = camera.project([(x, y, 0.0) for x, y in places]).tolist()
    return [[round(x, 4), round(y, 4)] for x, y in points]


def _ground(camera: Camera, places: list[Ground]) -> dict[str, Any]:
    """Return those of the places that are in sight, as one measures them at a site."""
    points = [
        {"at": at, "metres": list(place)}
        for at, place in zip(_seen(camera, places), places, strict=True)
        if 0 <= at[0] <= 1 and 0 <= at[1] <= 1
    ]
    return {"points": points}
