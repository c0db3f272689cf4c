"""Keeps dust monitors and what they measured, each reading once however often it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.accounts.scope import EVERYWHERE, Scope
from service.dust.reading import DustReading, Factor, Instrument, Measured, Period
from service.storage.database import lock_for_writing, storage_errors
from service.storage.scope_rows import in_scope
from service.storage.tables import DustInstrumentRow, DustReadingRow


class Stored(Enum):
    """What a reading was to the database."""

    NEW = auto()
    COMPLETED = auto()
    """It was there, and told more factors than before."""
    KNOWN = auto()


@dataclass(frozen=True)
class InstrumentState:
    """An instrument, and the time of its newest reading, as measured and as received (UTC)."""

    instrument: Instrument
    last_measured_at: datetime | None
    last_received_at: datetime | None


class DustStore:
    """The readings' only way to the database. Every method is one transaction and safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def engine(self) -> Engine:
        """The database."""
        return self._engine

    def register(self, instruments: Sequence[Instrument]) -> None:
        """Add instruments, or take over their newer names, sites and intervals; none is removed."""
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            rows = {row.number: row for row in session.scalars(select(DustInstrumentRow).with_for_update())}
            for instrument in instruments:
                row = rows.get(instrument.number)
                if row is None:
                    row = DustInstrumentRow(number=instrument.number)
                    session.add(row)
                row.name, row.site_id, row.site_name = instrument.name, instrument.site_id, instrument.site_name
                row.minutes_per_record = instrument.minutes_per_record

    def put(self, reading: DustReading, received_at: datetime) -> Stored:
        """Store a reading of a registered instrument.

        A reading of the same instrument, period and time only adds factors that were not told before: what was stored
        once never changes.
        """
        try:
            return self._put(reading, received_at)
        except IntegrityError:  # another process stored the same reading between our look and our write
            return self._put(reading, received_at)

    def instruments(self, site_id: str | None = None, scope: Scope = EVERYWHERE) -> tuple[InstrumentState, ...]:
        """Return the instruments of the scope's sites, or of one site, by site and then by number."""
        query = select(DustInstrumentRow).order_by(DustInstrumentRow.site_id, DustInstrumentRow.number)
        query = query.where(*in_scope(scope, DustInstrumentRow.site_id))
        if site_id is not None:
            query = query.where(DustInstrumentRow.site_id == site_id)
        with Session(self._engine) as session:
            return tuple(_state(row) for row in session.scalars(query))

    def instrument(self, number: str, scope: Scope = EVERYWHERE) -> Instrument | None:
        """Return the instrument of this number (MN), None where the scope has none."""
        query = select(DustInstrumentRow).where(DustInstrumentRow.number == number)
        query = query.where(*in_scope(scope, DustInstrumentRow.site_id))
        with Session(self._engine) as session:
            row = session.scalar(query)
            return None if row is None else _state(row).instrument

    def readings(
        self, number: str, period: Period, start: datetime, end: datetime, limit: int | None = None
    ) -> tuple[DustReading, ...]:
        """Return an instrument's readings of `start` <= time < `end`, the first `limit` of them, in order."""
        query = (
            select(DustReadingRow)
            .join(DustInstrumentRow)
            .where(DustInstrumentRow.number == number, DustReadingRow.period == period.value)
            .where(DustReadingRow.measured_at >= start, DustReadingRow.measured_at < end)
            .order_by(DustReadingRow.measured_at)
            .limit(limit)
        )
        with Session(self._engine) as session:
            return tuple(DustReading(number, period, row.measured_at, _factors(row)) for row in session.scalars(query))

    def _put(self, reading: DustReading, received_at: datetime) -> Stored:
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            number = DustInstrumentRow.number == reading.instrument
            instrument = session.scalars(select(DustInstrumentRow).where(number).with_for_update()).one()
            row = session.scalar(
                select(DustReadingRow).where(
                    DustReadingRow.instrument_id == instrument.id,
                    DustReadingRow.period == reading.period.value,
                    DustReadingRow.measured_at == reading.measured_at,
                )
            )
            instrument.last_received_at = received_at
            last = instrument.last_measured_at
            instrument.last_measured_at = reading.measured_at if last is None else max(last, reading.measured_at)
            told = {name.value: measured.model_dump(exclude_none=True) for name, measured in reading.factors.items()}
            if row is None:
                session.add(
                    DustReadingRow(
                        instrument_id=instrument.id,
                        period=reading.period.value,
                        measured_at=reading.measured_at,
                        received_at=received_at,
                        factors=told,
                    )
                )
                return Stored.NEW
            if told.keys() <= row.factors.keys():
                return Stored.KNOWN
            row.factors = {**told, **row.factors}
            return Stored.COMPLETED


def _state(row: DustInstrumentRow) -> InstrumentState:
    instrument = Instrument(row.number, row.name, row.site_id, row.site_name, row.minutes_per_record)
    return InstrumentState(instrument, row.last_measured_at, row.last_received_at)


def _factors(row: DustReadingRow) -> dict[Factor, Measured]:
    return {Factor(name): Measured.model_validate(values) for name, values in row.factors.items()}
