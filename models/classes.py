"""The classes that models learn, read from `classes.yaml`."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

CLASSES_PATH = Path(__file__).parent / "classes.yaml"
OTHER = "other"
"""The name of all that is no surface of ours."""


class SurfaceClass(BaseModel):
    """One kind of surface: its number in label files, its name in code and in Chinese, and what belongs to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int
    name: str
    zh: str
    what: str


@cache
def surface_classes() -> dict[int, SurfaceClass]:
    """Return the surfaces by their numbers."""
    listed = YAML(typ="safe").load(CLASSES_PATH.read_text(encoding="utf-8"))["surfaces"]
    return {surface.id: surface for surface in map(SurfaceClass.model_validate, listed)}
