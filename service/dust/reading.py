"""What a dust monitor measured: factors, what marks a value as not to be relied on, and one reading."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Factor(StrEnum):
    """What is measured. Dust in µg/m³; the others in the unit that the standard gives them."""

    TSP = "tsp"
    PM10 = "pm10"
    PM25 = "pm25"
    TEMPERATURE = "temperature"
    """°C"""
    HUMIDITY = "humidity"
    """% relative"""
    PRESSURE = "pressure"
    """kPa"""
    WIND_SPEED = "wind_speed"
    """m/s"""
    WIND_DIRECTION = "wind_direction"
    """degrees from north, clockwise"""
    NOISE = "noise"
    """dB(A)"""


DUST = frozenset({Factor.TSP, Factor.PM10, Factor.PM25})


class Mark(StrEnum):
    """How the instrument stood when it measured (the field Flag)."""

    NORMAL = "N"
    STOPPED = "F"
    MAINTAINED = "M"
    ENTERED_BY_HAND = "S"
    FAULTY = "D"
    CALIBRATED = "C"
    BEYOND_RANGE = "T"
    NO_CONNECTION = "B"
    UNKNOWN = "?"
    """Something that the standard does not name."""


class Period(StrEnum):
    """The time that a reading stands for."""

    REALTIME = "realtime"
    MINUTE = "minute"
    """One or several minutes, as the instrument is set (`minutes_per_record`)."""
    HOUR = "hour"
    DAY = "day"


class Measured(BaseModel):
    """One factor's values; None is what was not sent. Without a mark the value counts as normal."""

    model_config = ConfigDict(frozen=True)

    now: float | None = None
    mean: float | None = None
    lowest: float | None = None
    highest: float | None = None
    mark: Mark | None = None

    @property
    def counts(self) -> bool:
        """Whether the values may be judged: the instrument said that it worked as it should, or nothing else."""
        return self.mark in {None, Mark.NORMAL}

    @property
    def value(self) -> float | None:
        """The mean, or where there is none the value of the moment."""
        return self.now if self.mean is None else self.mean


@dataclass(frozen=True)
class DustReading:
    """All factors of one instrument at one time.

    `instrument` is its MN. `measured_at` is UTC; for a period it is the period's beginning.
    """

    instrument: str
    period: Period
    measured_at: datetime
    factors: dict[Factor, Measured]


@dataclass(frozen=True)
class Instrument:
    """A dust monitor at a site; `number` is its MN. A minute reading stands for `minutes_per_record` minutes."""

    number: str
    name: str
    site_id: str
    site_name: str
    minutes_per_record: int = 1
