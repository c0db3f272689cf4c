"""Opens a case where a dust monitor is above its limit, and notes when that has ended; one open case a monitor."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from service.clock import Clock
from service.domain.cases import Case, CaseState
from service.dust.averages import WindowAverage, window_averages
from service.dust.beside import LIMITS
from service.dust.evidence import CameraFrame, DustEvidence, dust_evidence
from service.dust.exceedance import DustExceedance, LimitParameters, WatchSpan, find_exceedances, span_to_watch
from service.dust.opening import MonitorCase, to_end, to_open
from service.dust.reading import DustReading, Instrument, Period
from service.storage.camera_store import CameraStore
from service.storage.case_store import CaseStore
from service.storage.dust_store import DustStore
from service.storage.evidence_folder import EvidenceFolder
from service.storage.package_records import finding_of, later_package_of
from service.storage.regional_dust_store import RegionalDustStore
from service.storage.tables import CaseRow, CaseStepRow, LaterPackageRow
from vision.evidence.manifest import DustRule, Follows, Stage

KNOWN_FOR = timedelta(hours=6)
"""How far back readings are looked through; what came later than that opens nothing."""
ENDED_NUMBER = 1
"""The number of the picture of the end, the only later one that the service makes."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Measured:
    """What is known of some hours, from `start` to `end` (UTC): a monitor's readings, and the region's values."""

    readings: Sequence[DustReading]
    regional_ug_m3: Mapping[datetime, float]
    start: datetime
    end: datetime

    def averages(self, instrument: Instrument, limit: LimitParameters) -> tuple[WindowAverage, ...]:
        """Return the averages that the limit is about."""
        return tuple(
            window_averages(
                self.readings,
                limit.factor,
                minutes=limit.average_minutes,
                minutes_per_record=instrument.minutes_per_record,
                start=self.start,
                end=self.end,
            )
        )


class DustCases:
    """Looks through the newest readings of all monitors. Two that look at once open one case, by its key."""

    def __init__(
        self, cases: CaseStore, dust: DustStore, cameras: CameraStore, evidence: EvidenceFolder, clock: Clock
    ) -> None:
        self._cases, self._dust, self._cameras = cases, dust, cameras
        self._regional = RegionalDustStore(cases.engine)
        self._evidence, self._clock = evidence, clock

    def look(self) -> tuple[Case, ...]:
        """Open the cases that are to be opened, and note what has ended; return the cases that are new.

        Raises:
            StorageFull: there is no room for evidence; the same exceedance is found again by the next look.
        """
        now = self._clock()
        opened = []
        for state in self._dust.instruments():
            newest = state.last_measured_at
            if state.instrument.site_id and newest is not None and newest > now - KNOWN_FOR:
                case = self._look_at(state.instrument, now)
                opened += [] if case is None else [case]
        return tuple(opened)

    def _look_at(self, instrument: Instrument, now: datetime) -> Case | None:
        start = now - KNOWN_FOR
        readings = self._dust.readings(instrument.number, Period.MINUTE, start, now)
        measured = _Measured(readings, self._regional.between(start, now), start, now)
        opened = [self._judge(instrument, measured, limit) for limit in LIMITS]
        return next((case for case in opened if case is not None), None)

    def _judge(self, instrument: Instrument, measured: "_Measured", limit: LimitParameters) -> Case | None:
        averages = measured.averages(instrument, limit)
        found = find_exceedances(averages, instrument, limit, measured.regional_ug_m3)
        if not found:
            return None
        newest = newest_case(self._cases.engine, instrument)
        if newest is not None and limit.measure in self._cases.get(newest.case_id).measures:
            ended = to_end(found, newest)
            if ended is not None:
                self._end(newest, ended, measured)
        new = to_open(found, newest, averages[0].started_at)
        return None if new is None else self._open(new, measured)

    def _open(self, exceedance: DustExceedance, measured: "_Measured") -> Case | None:
        now = measured.end
        frames = self._frames(span_to_watch(exceedance, now))
        made = dust_evidence(exceedance, measured.readings, frames, now, regional_ug_m3=measured.regional_ug_m3)
        if self._cases.by_key(made.package.key) is not None:  # another service on this database was quicker
            return None
        finding = finding_of(made.package, self._keep(made), now)
        case, is_new = self._cases.add_or_get(finding)
        if is_new:
            log.info("dust.case_found", case=case.id, instrument=exceedance.instrument.number, frames=len(frames))
        return case if is_new else None

    def _end(self, newest: MonitorCase, exceedance: DustExceedance, measured: "_Measured") -> None:
        now, case = measured.end, self._cases.get(newest.case_id)
        follows = Follows(key=case.key, number=ENDED_NUMBER, stage=Stage.ENDED)
        frames = self._frames(span_to_watch(exceedance, now))
        made = dust_evidence(exceedance, measured.readings, frames, now, follows, measured.regional_ug_m3)
        later = later_package_of(made.package, follows, self._keep(made), now)
        self._cases.add_later(case.id, later)
        log.info("dust.case_ended", case=case.id, instrument=exceedance.instrument.number)

    def _keep(self, made: DustEvidence) -> str:
        return self._evidence.receive(made.package, {name: io.BytesIO(each) for name, each in made.files.items()})

    def _frames(self, span: WatchSpan) -> list[CameraFrame]:
        """Return the newest picture of each camera of the site that was taken in the time."""
        frames = []
        for camera in self._cameras.of_site(span.site_id):
            if camera.picture is not None and span.start <= camera.picture.captured_at <= span.end:
                facts, jpeg = self._cameras.picture(camera.key)
                frames.append(CameraFrame(camera.key.camera_id, camera.news.camera_name, facts.captured_at, jpeg))
        return frames


def newest_case(engine: Engine, instrument: Instrument) -> MonitorCase | None:
    """Return the monitor's newest case, None where it has none."""
    query = (
        select(CaseRow.id, CaseRow.state, CaseRow.received_at)
        .where(CaseRow.camera_id == instrument.number, CaseRow.site_id == instrument.site_id)
        .where(CaseRow.rule == DustRule.DUST_EXCEEDANCE.value)
        .order_by(CaseRow.id.desc())
        .limit(1)
    )
    with Session(engine) as session:
        row = session.execute(query).one_or_none()
        if row is None:
            return None
        moved_at = session.scalar(select(func.max(CaseStepRow.at)).where(CaseStepRow.case_id == row.id))
        is_end = (LaterPackageRow.case_id == row.id) & (LaterPackageRow.stage == Stage.ENDED.value)
        has_ended = session.scalar(select(func.count()).select_from(LaterPackageRow).where(is_end))
    return MonitorCase(row.id, CaseState(row.state), moved_at or row.received_at, bool(has_ended))
