"""Keeps on the edge's disk what each camera's watch remembers, and tells whether it still fits what is configured."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from service.edge.cameras import CameraOrder
from vision.evidence.durable import replace_durably
from vision.evidence.manifest import MANIFEST_NAME, DustRule, Manifest
from vision.told_since import Told, ToldPicture, with_all_told_since
from vision.violations import RuleName, Violation
from vision.watch_memory import WatchMemory

log = structlog.get_logger(__name__)

NOT_JUDGED_BY = frozenset({"privacy"})
"""What is drawn beside what the rules look at."""


def memory_path(data: Path, camera: str) -> Path:
    """Return where, in an edge's data folder, a camera's watch keeps its memory."""
    return data / "watches" / f"{camera}.json"


class Fitting(BaseModel):
    """What a rule's memory belongs to, as hashes: what is drawn, and the thresholds and networks that judge it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    drawn: str
    judged_by: str


class Fittings(BaseModel):
    """What the memories of both rules belong to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    soil: Fitting | None = None
    hoarding: Fitting | None = None

    @property
    def drawn(self) -> dict[RuleName, str]:
        """What is drawn for each rule, as hashes."""
        both = {RuleName.UNCOVERED_SOIL: self.soil, RuleName.MISSING_HOARDING: self.hoarding}
        return {rule: fitting.drawn for rule, fitting in both.items() if fitting is not None}


class StoredWatch(BaseModel):
    """What a camera's file holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    fittings: Fittings
    memory: WatchMemory


def fittings_of(order: CameraOrder, models: Sequence[str]) -> Fittings:
    """Return what memories of this camera belong to; `models` are the hashes of the networks that look at it."""
    zones, ground = order.camera.zones, order.camera.ground_points
    soil = hoarding = None
    if order.yard is not None:
        drawn = zones.model_dump_json(exclude={"perimeter", *NOT_JUDGED_BY})
        soil = Fitting(drawn=_hash(drawn, repr(ground)), judged_by=_hash(repr(order.yard.parameters), *models))
    if order.perimeter is not None:
        drawn = zones.model_dump_json(exclude={"yard", *NOT_JUDGED_BY})
        judged_by = _hash(repr(order.perimeter.parameters), repr(order.perimeter.reference_sha256), *models)
        hoarding = Fitting(drawn=_hash(drawn, repr(ground)), judged_by=judged_by)
    return Fittings(soil=soil, hoarding=hoarding)


def what_is_shown(order: CameraOrder, fittings: Fittings) -> dict[RuleName, str]:
    """Return what a picture of before has to show, as a hash for each rule: what is drawn, and what is painted over."""
    painted = order.camera.zones.model_dump_json(include=set(NOT_JUDGED_BY))
    return {rule: _hash(drawn, painted) for rule, drawn in fittings.drawn.items()}


def what_fits(stored: StoredWatch, fittings: Fittings) -> WatchMemory:
    """Return what of a memory still holds.

    Where a rule looks elsewhere than before, nothing does. Where it looks at the same by other thresholds or networks,
    the violations that are open do: the problem is still the one that a case was made of. What was counted towards
    other ones is not, since it was counted by another measure.
    """
    memory, soil, hoarding = stored.memory, None, None
    if memory.soil is not None and _is_same_place(stored.fittings.soil, fittings.soil):
        soil = memory.soil if stored.fittings.soil == fittings.soil else memory.soil.open_alone()
    if memory.hoarding is not None and _is_same_place(stored.fittings.hoarding, fittings.hoarding):
        is_same = stored.fittings.hoarding == fittings.hoarding
        hoarding = memory.hoarding if is_same else memory.hoarding.open_alone()
    fitting = WatchMemory(soil=soil, hoarding=hoarding)
    followed = tuple(each for each in memory.followed if each.violation.key in fitting.open_keys)
    return fitting.model_copy(update={"followed": followed})


@dataclass(frozen=True)
class CameraMemory:
    """One camera's file. Written and read by the thread that judges."""

    path: Path
    fittings: Fittings
    told: Sequence[Told] = ()
    """Violations and later pictures whose evidence was found: the file may be older than they are."""

    def load(self) -> WatchMemory:
        """Return what fits the camera as it is set up now; a file that can't be read is set aside."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return with_all_told_since(WatchMemory(), self.told)
        except OSError as error:
            log.warning("watch.memory_unreadable", file=str(self.path), problem=str(error))
            return WatchMemory()
        try:
            stored = StoredWatch.model_validate_json(content)
        except ValidationError as error:
            self._set_aside(error.errors()[0]["msg"])
            return WatchMemory()
        fitting = what_fits(stored, self.fittings)
        forgotten = stored.memory.open_keys - fitting.open_keys
        if fitting != stored.memory:
            log.info("watch.memory_dropped", camera=self.path.stem, reason="configuration", forgotten=len(forgotten))
        same = {rule for rule, drawn in stored.fittings.drawn.items() if self.fittings.drawn.get(rule) == drawn}
        return with_all_told_since(fitting, (each for each in self.told if each.rule in same))

    def save(self, memory: WatchMemory) -> None:
        """Put the memory in the place of the one before, durably. Raises OSError."""
        stored = StoredWatch(fittings=self.fittings, memory=memory)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        replace_durably(self.path, stored.model_dump_json().encode())

    def _set_aside(self, problem: str) -> None:
        aside = self.path.with_suffix(".damaged")
        log.warning("watch.memory_damaged", file=str(self.path), set_aside=str(aside), problem=problem)
        try:
            self.path.replace(aside)
        except OSError as error:
            log.warning("watch.memory_unreadable", file=str(self.path), problem=str(error))


def told_by(package: Path) -> Told | None:
    """Return what a package tells: a violation, or a later picture of one; None where it can't be read."""
    try:
        manifest = Manifest.model_validate_json((package / MANIFEST_NAME).read_bytes())
    except (OSError, ValidationError):
        return None
    if isinstance(manifest.rule, DustRule):
        return None
    if manifest.follows is not None:
        return ToldPicture(manifest.rule, manifest.place.camera_id, manifest.follows, manifest.opened_at)
    return Violation(
        manifest.rule,
        manifest.place.camera_id,
        manifest.opened_at,
        manifest.track_id,
        manifest.bbox_xyxy,
        dict(manifest.measures),
    )


def _is_same_place(before: Fitting | None, now: Fitting | None) -> bool:
    return before is not None and now is not None and before.drawn == now.drawn


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
