"""A watch: judges what the networks saw in one camera's pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import supervision as sv

from models.inference.surfaces import SurfaceMap
from vision.best_view import BestView
from vision.evidence.manifest import Follows
from vision.evidence.scene import Scene
from vision.geometry import BboxXyxy
from vision.look_back import LookBackOrder
from vision.reference import View
from vision.spray import Grey
from vision.violations import RuleName, Violation
from vision.watch_memory import WatchMemory


class Sight(StrEnum):
    """What a watch may ask the networks for."""

    VEHICLES = "vehicles"
    """Cars, buses and trucks as the gate counts them."""
    MACHINES = "machines"
    """What stands or works on a site: vehicles and excavators (`vision.surface_samples.MACHINE_CLASSES`)."""
    SURFACES = "surfaces"
    VIEW = "view"
    """The picture's grey levels, small, to be held against a reference: no network sees to it."""
    MUD = "mud"
    """How muddy, and how sharply seen, the vehicles are that the watch wants to have looked at closely."""
    GREY = "grey"
    """A small grey copy of a picture that shows vehicles, by which spray is told."""


@dataclass(frozen=True)
class Seen:
    """What the networks saw in one picture of `width` x `height` pixels, captured at `captured_at` (UTC).

    `vehicles` are boxes in its pixels; where mud was asked for, their data hold `MUD` and `SHARPNESS`
    (`vision.close_look`). `machines` are boxes too, of `vision.surface_samples.MACHINE_CLASSES`. `view` is its grey
    levels, `grey` those of `vision.spray.GREY_SIZE`. What was not asked for is None. `brightness` is
    the picture's mean luma (0..255), by which night is told. `cpu_s` is the processor time it took.
    """

    captured_at: datetime
    width: int
    height: int
    vehicles: sv.Detections | None = None
    machines: sv.Detections | None = None
    surfaces: SurfaceMap | None = None
    view: View | None = None
    grey: Grey | None = None
    brightness: float = 128.0
    cpu_s: float = 0.0


@dataclass(frozen=True)
class Finding:
    """A new violation, and what its evidence tells beside it; `best_view` is when its truck was seen best.

    With `follows` it is a later picture of an earlier one: `violation` is what was measured in it, and its `opened_at`
    when it was captured.
    """

    violation: Violation
    scene: Scene
    best_view: BestView | None = None
    follows: Follows | None = None

    @property
    def key(self) -> str:
        """The key of its evidence package."""
        return self.violation.key if self.follows is None else self.follows.package_key


class Watch(Protocol):
    """Judges one camera. Called by one thread at a time."""

    @property
    def needs(self) -> frozenset[Sight]:
        """All that may have to be looked for in a picture."""

    def needs_at(self, at: datetime) -> frozenset[Sight]:
        """Return what has to be looked for in the picture captured at `at` (UTC); asked once a picture, in order."""

    def looks_closely_at(self, bbox_xyxy: BboxXyxy) -> bool:
        """Tell whether the mud of a vehicle at this relative box is wanted. Called from several threads."""

    @property
    def figures(self) -> Mapping[str, float]:
        """What was counted or measured so far, by names that tell the unit."""

    @property
    def lawful(self) -> frozenset[RuleName]:
        """The rules by which all was well in the last look, seen clearly."""

    def see(self, seen: Seen) -> list[Finding]:
        """Take in what was seen in a new picture, and return what was found."""

    def see_unchanged(self, at: datetime) -> list[Finding]:
        """Take in that at `at` (UTC) nothing had changed since the last picture, and return what was found."""

    def look_back(self, orders: Sequence[LookBackOrder], *, sees_clearly: bool) -> None:
        """Take the look-backs as they are asked for now, before a look; later looks answer them.

        While the camera is known not to see clearly, nothing that it shows answers one.
        """

    def memory(self) -> WatchMemory:
        """Return what a watch of the same camera goes on from, in another process if need be."""

    def recall(self, memory: WatchMemory) -> None:
        """Go on from what another watch remembered; to be called before the first look."""
