"""What every rule's figures have in common: all are told in the file, unknown ones are mistakes, each has a title."""

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


class Parameters(BaseModel):
    """A part of a rule set. No figure has a default: one that is not in the file could change with the software."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True)
class Parameter:
    """One figure as people read it: `path` is its place in the file, `title` tells it in Chinese and English."""

    path: str
    value: object
    title: str


def parameters_of(part: BaseModel, start: str = "") -> Iterator[Parameter]:
    """Give every figure of the part and of its parts, in the order of the file; `start` is the part's own path."""
    for name, field in type(part).model_fields.items():
        yield from _within(getattr(part, name), f"{start}.{name}".removeprefix("."), field.title or "")


def _within(value: object, path: str, title: str) -> Iterator[Parameter]:
    if isinstance(value, BaseModel):
        yield from parameters_of(value, path)
    elif isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _within(item, f"{path}.{key}", title)
    else:
        yield Parameter(path, value, title)
