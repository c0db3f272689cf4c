"""What administrators are told of each model: versions, cards, figures, hashes and history. Reads files alone."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from models.cards import ModelCard, load_verified
from models.errors import ModelError
from models.evaluation.frozen import read_metrics
from models.registry.history import Change, version_before
from models.registry.registry import Registry

SHADOW_SUMMARY = "shadow.json"


@dataclass(frozen=True)
class ClassLine:
    """One class on one frozen test set: its figure (IoU, AP50 or F1), precision and recall; None: not measured."""

    data_set: str
    class_name: str
    score: float | None
    precision: float | None
    recall: float | None


@dataclass(frozen=True)
class VersionRow:
    """One version; without a card, `problem` tells what is wrong with it, such as another hash than the card's."""

    version: str
    in_production: bool
    card: ModelCard | None
    problem: ModelError | None
    classes: tuple[ClassLine, ...]


@dataclass(frozen=True)
class ModelRow:
    """One model; `before` is the version that going back leads to, None where there is none."""

    name: str
    versions: tuple[VersionRow, ...]
    history: tuple[Change, ...]
    before: str | None


class ShadowFound(BaseModel):
    """What a shadow run found; shares from 0 to 1. More is in its folder."""

    production_sha256: str
    candidate_sha256: str
    pictures: int
    different: int
    mean_amount: float
    by_class: Mapping[str, float]


def model_rows(registry: Registry) -> tuple[ModelRow, ...]:
    """Return every model with its versions, the newest first, each hash checked. Raises ModelError."""
    rows = []
    for name in registry.names():
        versions = tuple(_version(registry, name, version) for version in reversed(registry.versions(name)))
        history = registry.history(name)
        rows.append(ModelRow(name, versions, tuple(reversed(history)), version_before(history)))
    return tuple(rows)


def shadow_found(folder: Path | None) -> ShadowFound | None:
    """Return what the shadow run in the folder found; None where there is none, or its summary can't be read."""
    if folder is None:
        return None
    try:
        return ShadowFound.model_validate(json.loads((folder / SHADOW_SUMMARY).read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError):
        return None


def _version(registry: Registry, name: str, version: str) -> VersionRow:
    in_production = version == registry.production(name)
    folder = registry.folder(name, version)
    try:
        return VersionRow(version, in_production, load_verified(folder).card, None, tuple(_classes(folder)))
    except ModelError as error:
        return VersionRow(version, in_production, None, error, ())


def _classes(folder: Path) -> Iterator[ClassLine]:
    measured = read_metrics(folder)
    for report in measured.reports if measured else ():
        for name, figures in report.classes.items():
            yield ClassLine(report.data_set, name, figures.score, figures.precision, figures.recall)
