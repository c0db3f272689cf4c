"""Reads the reader's own measurements: `dustwatch capacity --json`, `benchmarks.city`, or plain names and numbers."""

import json
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from service.errors import BadPlanFigures
from service.first_problem import first_problem
from service.plan.inputs import COSTS_OF_A_REQUEST

_Number = Annotated[float, Field(allow_inf_nan=False)]
_PLAIN = TypeAdapter(dict[str, _Number])


class _Camera(BaseModel):
    mode: str
    cores: _Number
    bits_per_s: _Number


class _Watched(BaseModel):
    cores: _Number
    base_bytes: _Number
    cameras: Annotated[list[_Camera], Field(min_length=1)]


class _Reckoned(BaseModel):
    bytes_per_camera: _Number


class _Capacity(BaseModel):
    measured: _Watched
    estimate: _Reckoned


class _City(BaseModel):
    kinds: dict[str, dict[str, Any]]


def read_measurements(path: Path) -> dict[str, float]:
    """Return the inputs that the file tells, by name. Raises BadPlanFigures where it tells none."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadPlanFigures(what=path, detail=" ".join(str(error).split())) from error
    try:
        return _values(told)
    except ValidationError as error:
        raise BadPlanFigures(what=path, detail=first_problem(error)) from error


def _values(told: object) -> dict[str, float]:
    if isinstance(told, Mapping) and "estimate" in told:
        return _of_capacity(_Capacity.model_validate(told))
    if isinstance(told, Mapping) and "kinds" in told:
        kinds = _City.model_validate(told).kinds
        costs = ((f"{kind}_{what}", each.get(what)) for kind, each in kinds.items() for what in COSTS_OF_A_REQUEST)
        return _PLAIN.validate_python({name: value for name, value in costs if value is not None})
    return _PLAIN.validate_python(told)


def _of_capacity(capacity: _Capacity) -> dict[str, float]:
    """Return what cameras cost; what the process does for all of them is shared out by what each costs itself."""
    watched = capacity.measured
    own = sum(camera.cores for camera in watched.cameras)
    share = watched.cores / own if own > 0 else 1.0
    found = {
        "camera_mbit": fmean(camera.bits_per_s for camera in watched.cameras) / 1e6,
        "camera_memory_mb": capacity.estimate.bytes_per_camera / 1e6,
        "process_memory_mb": watched.base_bytes / 1e6,
    }
    for mode in ("gate", "patrol"):
        cores = [camera.cores * share for camera in watched.cameras if camera.mode == mode]
        if cores:
            found[f"{mode}_cores"] = fmean(cores)
    return found
