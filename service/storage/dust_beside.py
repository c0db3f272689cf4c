"""Fetches the dust that was measured around a case at its site."""

from datetime import datetime

from service.domain.cases import Case
from service.dust.beside import DustBeside, dust_beside, span_beside
from service.dust.reading import Period
from service.storage.dust_store import DustStore
from service.storage.regional_dust_store import RegionalDustStore


def dust_of_case(store: DustStore, case: Case, now: datetime) -> tuple[DustBeside, ...]:
    """Return what each instrument of the case's site measured, those left out that measured nothing."""
    last_seen_at = case.ended_at or case.lasting_at or case.opened_at
    span = span_beside(case.opened_at, last_seen_at, now)
    regional = RegionalDustStore(store.engine).between(*span)
    found = []
    for state in store.instruments(case.site_id):
        readings = store.readings(state.instrument.number, Period.MINUTE, *span)
        if readings:
            found.append(dust_beside(state.instrument, readings, span, case.opened_at, regional))
    return tuple(found)
