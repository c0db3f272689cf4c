"""What a training is run with: a frozen model with defaults for each of the three models."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from models.classes import Task
from models.errors import BadSettings

Freeze = Literal["nothing", "backbone", "all_but_head"]

CHANGEABLE = frozenset({"workers", "threads", "device", "patience"})
"""Fields that may differ when an unfinished run goes on: they don't change what is learned from a picture."""


class Augmentation(BaseModel):
    """How pictures are varied while training; the names and meanings are ultralytics' own.

    Pictures are never turned upside down: the ground is below in every camera's picture.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    scale: float = Field(default=0.4, ge=0, lt=1)
    """Size varies by up to this share in both directions (mud: up to this share of the area is cropped away)."""
    translate: float = Field(default=0.1, ge=0, le=1)
    degrees: float = Field(default=3.0, ge=0, le=180)
    fliplr: float = Field(default=0.5, ge=0, le=1)
    hsv_h: float = Field(default=0.01, ge=0, le=1)
    """Small: colour tells a green net from brown soil."""
    hsv_s: float = Field(default=0.5, ge=0, le=1)
    hsv_v: float = Field(default=0.4, ge=0, le=1)
    mosaic: float = Field(default=0.0, ge=0, le=1)
    """Chance that four pictures are put together; the last tenth of the epochs goes without."""
    erasing: float = Field(default=0.0, ge=0, lt=1)
    """Chance that a rectangle is blanked out (mud only)."""


class TrainingSettings(BaseModel):
    """The settings of one training. `default_settings` gives those of a task."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: Task
    epochs: int = Field(default=40, ge=1, le=10_000)
    imgsz: int = Field(default=512, ge=32, le=4096, multiple_of=32)
    """Surfaces: pixels of the picture's shorter side while training, of the longer one when validating. Vehicles: of
    the longer side. Mud: of both."""
    batch: int = Field(default=8, ge=1, le=1024)
    lr: float = Field(default=1e-3, gt=0, le=1)
    """AdamW's first learning rate; it falls to a twentieth along a cosine."""
    warmup_epochs: float = Field(default=1.0, ge=0)
    weight_decay: float = Field(default=5e-4, ge=0, le=1)
    freeze: Freeze = "nothing"
    patience: int = Field(default=100, ge=1)
    """Stop after so many epochs without a better figure on the validation split."""
    kind_weights: dict[str, int] = Field(default_factory=dict)
    """How many times a training picture of a kind (rendered, real, reviewed) is shown in an epoch; 1 if not listed."""
    class_weight_power: float = Field(default=0.0, ge=0, le=1)
    """Surfaces and vehicles: how strongly rare classes are weighted up; 0 = not."""
    blank_share: float = Field(default=0.0, ge=0, le=1)
    """Surfaces: how many blank pictures (see `blanks`) are shown in an epoch, as a share of the others."""
    repaint_share: float = Field(default=0.0, ge=0, le=1)
    """Surfaces: how many of the pictures are shown in other paints as well (see `repainted`), where there is any."""
    ground_textures: Path | None = None
    """Surfaces: a folder with `plants/` and `soil/`, tileable pictures of ground (see `laid_ground`)."""
    ground_share: float = Field(default=0.0, ge=0, le=1)
    """Surfaces: how many of the pictures are shown with such ground laid into them as well."""
    seed: int = Field(default=0, ge=0)
    workers: int = Field(default=0, ge=0, le=64)
    """Processes that read pictures; on a CPU ultralytics reads in the training process."""
    threads: int | None = Field(default=None, ge=1)
    """CPU threads; None leaves it to the libraries."""
    device: str | None = None
    """`cpu`, `0` for the first GPU; None takes a GPU where there is one."""
    augmentation: Augmentation = Augmentation()

    @model_validator(mode="after")
    def _weights_are_positive(self) -> Self:
        if any(weight < 1 for weight in self.kind_weights.values()):
            message = "kind_weights must be 1 or more"
            raise ValueError(message)
        return self


def default_settings(task: Task) -> TrainingSettings:
    """Return the settings that a training of this task starts from."""
    if task == "surfaces":
        return TrainingSettings(
            task=task,
            imgsz=384,
            class_weight_power=0.25,
            kind_weights={"real": 4, "reviewed": 4},
            blank_share=0.05,
        )
    if task == "vehicles":
        return TrainingSettings(
            task=task,
            imgsz=640,
            lr=5e-4,
            freeze="all_but_head",
            augmentation=Augmentation(mosaic=0.3, scale=0.5, degrees=0, hsv_h=0.015, hsv_s=0.7),
        )
    return TrainingSettings(
        task=task, imgsz=224, batch=32, augmentation=Augmentation(scale=0.2, hsv_h=0.0, hsv_s=0.2, hsv_v=0.3)
    )


def read_settings(task: Task, path: Path | None = None, given: Mapping[str, Any] | None = None) -> TrainingSettings:
    """Return the task's settings with those of the YAML file over the defaults, and those `given` over both.

    Raises:
        BadSettings: the file can't be read, or a setting has an unknown name or a value that is not allowed.
    """
    chosen = default_settings(task).model_dump()
    try:
        if path is not None:
            listed = YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}
            chosen["augmentation"] |= listed.pop("augmentation", {})
            chosen |= listed
        return TrainingSettings.model_validate(chosen | dict(given or {}) | {"task": task})
    except ValidationError as error:
        first = error.errors()[0]
        raise BadSettings(detail=f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (OSError, UnicodeDecodeError, YAMLError, AttributeError, TypeError) as error:
        raise BadSettings(detail=f"{path}: it must be YAML with a setting a line") from error


def differing_fields(before: TrainingSettings, now: TrainingSettings) -> list[str]:
    """Name the settings that differ and would make an unfinished run another one."""
    old, new = before.model_dump(), now.model_dump()
    return sorted(name for name in new if old[name] != new[name] and name not in CHANGEABLE)
