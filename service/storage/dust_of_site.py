"""Fetches the dust that a site's instruments measured over hours or weeks, as few points."""

from datetime import datetime, timedelta

from service.dust.downsampling import Point, downsample
from service.dust.reading import Instrument, Period
from service.storage.dust_store import DustStore

_BY_MINUTES = timedelta(days=2)
"""Longer spans are read by the hour, where the instrument sends that: a month of minutes is 43,200 readings."""


def dust_of_site(
    store: DustStore, site_id: str, start: datetime, end: datetime, step_s: int
) -> tuple[tuple[Instrument, tuple[Point, ...]], ...]:
    """Return each instrument of the site with a point for each `step_s` seconds of `start` <= time < `end` (UTC).

    Instruments that measured nothing are left out.
    """
    periods = (Period.MINUTE, Period.HOUR) if end - start <= _BY_MINUTES else (Period.HOUR, Period.MINUTE)
    found = []
    for state in store.instruments(site_id):
        for period in periods:
            readings = store.readings(state.instrument.number, period, start, end)
            if readings:
                found.append((state.instrument, tuple(downsample(readings, step_s))))
                break
    return tuple(found)
