"""Rendered scenes as samples: each scene's folder holds scene.json, and a picture and a mask for each view."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from datasets.build.draft import Boxes, Draft, MaskFile, Truth, WholePicture
from datasets.build.splits import split_of_seed
from models.classes import Task, class_id
from models.data.crops import padded_crop
from models.data.label_files import LabelBox
from models.data.problems import Problem, ProblemKind

SCENE_NAME = "scene.json"
LICENCE = "AGPL-3.0-or-later"
"""We render the scenes ourselves."""

LEAST_VISIBLE_SHARE = 0.25
LEAST_SIDE_PX = 8
"""Objects hidden more than that, or smaller, are not asked of a detector."""
LEAST_CROP_VISIBLE_SHARE = 0.6
LEAST_CROP_SIDE_PX = 32
"""Trucks hidden more than that, or smaller, show too little of their mud."""


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class SceneObject(_Read):
    """One object of a view."""

    id: int
    object_class: Literal["truck", "excavator", "car", "person"] = Field(alias="class")
    make: str = ""
    muddy: bool | None = None
    bbox_xyxy: tuple[float, float, float, float]
    """In pixels of the picture."""
    visible_share: float = Field(ge=0, le=1)
    """Of what lies in the picture, the share that nothing hides."""
    in_picture_share: float = Field(default=1.0, ge=0, le=1)
    """Of the whole object, the share that the picture's edges leave."""

    @field_validator("bbox_xyxy")
    @classmethod
    def _has_an_area(cls, bbox_xyxy: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        left, top, right, bottom = bbox_xyxy
        if not (left <= right and top <= bottom):
            raise ValueError("the box's corners are left, top, right, bottom")
        return bbox_xyxy


class SceneView(_Read):
    """One picture of a scene."""

    name: str = Field(pattern=r"^[\w-]+$")
    picture: str = Field(pattern=r"^[\w-][\w.-]*$")
    mask: str = Field(pattern=r"^[\w-][\w.-]*$")
    size: tuple[int, int]
    """Width and height in pixels."""
    objects: tuple[SceneObject, ...] = ()
    homography: list[list[float]] | None = None
    conditions: dict[str, Any] = Field(default_factory=dict)
    soil_area_m2: float | None = None
    net_area_m2: float | None = None
    hoarding_gaps_m: tuple[float, ...] = ()


class Scene(_Read):
    """A rendered site from several views."""

    seed: int = Field(ge=0)
    kind: str
    renderer: str = ""
    views: tuple[SceneView, ...]


@dataclass(frozen=True)
class SceneFolder:
    """A scene and the folder that its pictures are in."""

    folder: Path
    scene: Scene


def read_scenes(folders: Sequence[Path]) -> tuple[list[SceneFolder], list[Problem], int]:
    """Read the rendered scenes: those that are whole, what is wrong with others, how many are not finished yet."""
    scenes: dict[int, SceneFolder] = {}
    problems: list[Problem] = []
    unfinished = 0
    for path in (each for folder in folders for each in sorted(folder.iterdir()) if each.is_dir()):
        if not (path / SCENE_NAME).is_file():
            unfinished += 1
            continue
        try:
            scene = Scene.model_validate_json((path / SCENE_NAME).read_bytes())
            split_of_seed(scene.seed)
        except ValidationError as error:
            problems += [_bad(path, f"{'.'.join(map(str, each['loc']))}: {each['msg']}") for each in error.errors()]
        except ValueError as error:
            problems.append(_bad(path, str(error)))
        else:
            if scene.seed in scenes:
                problems.append(_bad(path, f"the same seed as {scenes[scene.seed].folder}"))
            scenes.setdefault(scene.seed, SceneFolder(path, scene))
            problems += _missing_files(path, scene)
    return [scenes[seed] for seed in sorted(scenes)], problems, unfinished


def rendered_drafts(scenes: Sequence[SceneFolder], task: Task) -> Iterator[Draft]:
    """Return what the scenes teach for the task."""
    for each in scenes:
        seed = each.scene.seed
        for view in each.scene.views:
            for suffix, truth, attributes in _truths(each, view, task):
                yield Draft(
                    id=f"rendered-{seed:06d}-{view.name}{suffix}",
                    split=split_of_seed(seed),
                    kind="rendered",
                    group=f"rendered/{seed:06d}",
                    source=f"seed {seed}, view {view.name}",
                    licence=LICENCE,
                    picture=each.folder / view.picture,
                    truth=truth,
                    attributes={
                        "site": each.scene.kind,
                        "conditions": view.conditions,
                        "renderer": each.scene.renderer,
                        **attributes,
                    },
                )


def _truths(each: SceneFolder, view: SceneView, task: Task) -> Iterator[tuple[str, Truth, dict[str, Any]]]:
    """Return the samples of one view: what its id ends with, what is to be seen, and its own attributes."""
    if task == "surfaces":
        measures = view.model_dump(
            include={"homography", "soil_area_m2", "net_area_m2", "hoarding_gaps_m"}, mode="json"
        )
        yield "", MaskFile(each.folder / view.mask), measures
    elif task == "vehicles":
        shown = [thing for thing in view.objects if _is_asked_for(thing)]
        boxes = [LabelBox(class_id("vehicles", thing.object_class), _relative(thing, view)) for thing in shown]
        yield "", Boxes(tuple(boxes)), {"makes": [thing.make for thing in shown]}
    else:
        for thing in view.objects:
            if _shows_mud(thing):
                crop = padded_crop(thing.bbox_xyxy, view.size)
                class_name = "muddy" if thing.muddy else "clean"
                yield f"-{thing.id}", WholePicture(class_name, crop), {"make": thing.make}


def _is_asked_for(thing: SceneObject) -> bool:
    return thing.visible_share >= LEAST_VISIBLE_SHARE and _shorter_side(thing) >= LEAST_SIDE_PX


def _shows_mud(thing: SceneObject) -> bool:
    return (
        thing.object_class == "truck"
        and thing.muddy is not None
        and thing.visible_share * thing.in_picture_share >= LEAST_CROP_VISIBLE_SHARE
        and _shorter_side(thing) >= LEAST_CROP_SIDE_PX
    )


def _shorter_side(thing: SceneObject) -> float:
    left, top, right, bottom = thing.bbox_xyxy
    return min(right - left, bottom - top)


def _relative(thing: SceneObject, view: SceneView) -> tuple[float, float, float, float]:
    width, height = view.size
    left, top, right, bottom = thing.bbox_xyxy
    return (_unit(left / width), _unit(top / height), _unit(right / width), _unit(bottom / height))


def _unit(number: float) -> float:
    return min(max(number, 0.0), 1.0)


def _missing_files(path: Path, scene: Scene) -> list[Problem]:
    names = [name for view in scene.views for name in (view.picture, view.mask)]
    return [Problem(ProblemKind.MISSING, str(path / name)) for name in names if not (path / name).is_file()]


def _bad(path: Path, detail: str) -> Problem:
    return Problem(ProblemKind.BAD_RECORD, str(path / SCENE_NAME), detail)
