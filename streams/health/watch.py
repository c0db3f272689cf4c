"""Watches one camera's health: pictures and connection in, observations that begin and end out."""

import threading
from datetime import datetime, timedelta

from streams.feed import FeedStatus
from streams.frames import BgrImage
from streams.health.connection import ConnectionHealth
from streams.health.debounce import Debounce
from streams.health.judgement import (
    NO_JUDGEMENT,
    is_good_reference,
    judge_light,
    judge_sharpness_alone,
    judge_structure,
)
from streams.health.observation import CONNECTION_KINDS, Finding, HealthKind, HealthObservation
from streams.health.parameters import HealthParameters
from streams.health.picture import PictureMeasures, grey, is_daylight, measure_picture, reduce
from streams.health.stillness import Stillness
from streams.health.view import ViewWatch, find_points


class HealthWatch:
    """The health of one camera. Pure, and safe to call from several threads.

    `reference` is the picture that the camera was commissioned with. Without one, the first good picture (by day,
    sharp, with structure) serves, for `moved` too; the figure `commissioned` then is 0. A camera that had moved before
    that picture is not noticed.
    """

    def __init__(self, camera_id: str, parameters: HealthParameters, reference: BgrImage | None = None) -> None:
        self._parameters = parameters
        self._lock = threading.Lock()
        self._connection = ConnectionHealth(parameters)
        self._stillness = Stillness(parameters)
        self._reference: PictureMeasures | None = None
        self._view: ViewWatch | None = None
        self._viewed_at: datetime | None = None
        self._changes: list[HealthObservation] = []
        self._debounces = {
            kind: Debounce(
                camera_id,
                kind,
                hold_s=parameters.hold_s.of(kind),
                release_s=parameters.release_s,
                longest_gap_s=parameters.longest_gap_s,
            )
            for kind in HealthKind
        }
        if reference is not None:
            self._adopt(reference, measure_picture(reduce(grey(reference))), commissioned=True)

    def see_picture(self, image: BgrImage, at: datetime) -> None:
        """Look at a picture (BGR, reduced to 360 lines or fewer) taken `at` (UTC)."""
        with self._lock:
            self._note(self._judge(image, at), at)

    def see_connection(self, status: FeedStatus, now: datetime) -> None:
        """Look at how the connection stands `now` (UTC)."""
        with self._lock:
            self._note(self._connection.look(status, now), now)

    def ongoing(self) -> tuple[HealthObservation, ...]:
        """Return what ails the camera now."""
        with self._lock:
            return tuple(debounce.open for debounce in self._debounces.values() if debounce.open)

    def take_changes(self) -> list[HealthObservation]:
        """Return the observations that began or ended since last asked, in that order."""
        with self._lock:
            changes, self._changes = self._changes, []
            return changes

    @property
    def is_moved(self) -> bool:
        """Whether the camera looks elsewhere: then places drawn on its picture do not hold."""
        with self._lock:
            return self._debounces[HealthKind.MOVED].open is not None

    @property
    def sees_clearly(self) -> bool:
        """Whether nothing is known to ail its pictures."""
        with self._lock:
            return not any(each.open for kind, each in self._debounces.items() if kind not in CONNECTION_KINDS)

    def _note(self, findings: dict[HealthKind, Finding], at: datetime) -> None:
        for kind, finding in findings.items():
            change = self._debounces[kind].look(finding, at)
            if change:
                self._changes.append(change)

    def _judge(self, image: BgrImage, at: datetime) -> dict[HealthKind, Finding]:
        reduced = reduce(grey(image))
        measures = measure_picture(reduced)
        findings = judge_light(measures, self._parameters)
        still = self._stillness.look(reduced, by_day=is_daylight(image))
        if any(finding.faulty for finding in findings.values()):
            return findings  # nothing more can be told of a picture without light or with too much
        findings[HealthKind.FROZEN] = still
        if self._reference is None and is_good_reference(measures):
            self._adopt(image, measures, commissioned=False)
        if self._reference is None or self._view is None:
            return findings | {HealthKind.BLURRED_OR_DIRTY: judge_sharpness_alone(measures)}
        return findings | self._compare(image, measures, self._reference, self._view, at)

    def _compare(
        self, image: BgrImage, measures: PictureMeasures, reference: PictureMeasures, view: ViewWatch, at: datetime
    ) -> dict[HealthKind, Finding]:
        structure = judge_structure(measures, reference, self._parameters)
        blurred = structure[HealthKind.BLURRED_OR_DIRTY]
        out_of_focus = blurred.figures.get("sharpness", 1.0) < self._parameters.blur_share
        if structure[HealthKind.COVERED].faulty or out_of_focus:
            return structure  # too little is seen to tell the view
        if not blurred.faulty and not self._is_view_due(at):
            return structure
        self._viewed_at = at
        moved = view.look(image, at)
        if moved.faulty:  # then the tiles are compared with the wrong ones
            structure = dict.fromkeys(structure, NO_JUDGEMENT)
        return structure | {HealthKind.MOVED: moved}

    def _is_view_due(self, at: datetime) -> bool:
        if self._viewed_at is None:
            return True
        return not timedelta(0) <= at - self._viewed_at < timedelta(seconds=self._parameters.view_interval_s)

    def _adopt(self, image: BgrImage, measures: PictureMeasures, *, commissioned: bool) -> None:
        self._reference = measures
        self._view = ViewWatch(find_points(image), self._parameters, commissioned=commissioned)
