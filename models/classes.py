"""The classes that models learn, read from `classes.yaml`."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

CLASSES_PATH = Path(__file__).parent / "classes.yaml"
OTHER = "other"
"""The name of all that is no surface of ours."""

Task = Literal["surfaces", "vehicles", "mud"]
"""What a model or a data set is about: surfaces by pixel, vehicles by box, mud by crop of a truck."""
TASKS: tuple[Task, ...] = ("surfaces", "vehicles", "mud")


class LearntClass(BaseModel):
    """One class: its number in label files, its name in code and in Chinese, and what belongs to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int
    name: str
    zh: str
    what: str = ""


@cache
def classes_of(task: Task) -> dict[int, LearntClass]:
    """Return the task's classes by their numbers."""
    listed = YAML(typ="safe").load(CLASSES_PATH.read_text(encoding="utf-8"))[task]
    return {learnt.id: learnt for learnt in map(LearntClass.model_validate, listed)}


def class_names(task: Task) -> dict[int, str]:
    """Return the names of the task's classes by their numbers."""
    return {learnt.id: learnt.name for learnt in classes_of(task).values()}


def class_id(task: Task, name: str) -> int:
    """Return the number of the task's class of this name. Raises KeyError."""
    return {learnt.name: learnt.id for learnt in classes_of(task).values()}[name]
