"""Findings whose evidence is not on the disk yet: kept, within bounds, while the disk refuses them."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from streams.frames import Frame
from vision.best_view import TruckPicture
from vision.seldom import Seldom
from vision.watch import Finding

log = structlog.get_logger(__name__)

MOST_UNSAVED = 100
"""Findings kept in memory; each holds one picture, some a part of another."""


@dataclass(frozen=True)
class Unsaved:
    """A finding, its picture, and the truck alone as it was seen best, where that is known."""

    finding: Finding
    frame: Frame
    best_view: TruckPicture | None = None


class UnsavedFindings:
    """A queue that is emptied in order; the oldest are given up when there are too many, and that is told."""

    def __init__(self) -> None:
        self._waiting: list[Unsaved] = []
        self._refusals = Seldom()

    def add(self, finding: Finding, frame: Frame | None, best_view: TruckPicture | None = None) -> None:
        """Keep a finding; one of which there is no picture at all is told and lost."""
        if frame is None:
            _tell_lost(finding)
            return
        self._waiting.append(Unsaved(finding, frame, best_view))

    def has_any_of(self, camera_id: str) -> bool:
        """Tell whether anything that this camera found is not on the disk yet."""
        return any(unsaved.finding.violation.camera_id == camera_id for unsaved in self._waiting)

    def store(self, store: Callable[[Unsaved], None]) -> None:
        """Hand each to `store`, until one raises OSError: that one and what follows it stay."""
        while self._waiting:
            try:
                store(self._waiting[0])
            except OSError as error:
                if self._refusals.is_due():
                    told = {"key": self._waiting[0].finding.key, "waiting": len(self._waiting)}
                    log.warning("evidence.not_stored", **told, problem=str(error))
                self._give_up_the_oldest()
                return
            self._waiting.pop(0)

    def _give_up_the_oldest(self) -> None:
        for lost in self._waiting[:-MOST_UNSAVED]:
            _tell_lost(lost.finding)
        self._waiting = self._waiting[-MOST_UNSAVED:]


def _tell_lost(finding: Finding) -> None:
    log.error("violation.lost", key=finding.key, camera=finding.violation.camera_id)
