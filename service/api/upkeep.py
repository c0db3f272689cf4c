"""Goes over the maintenance cases once a minute, so that what is due opens though no edge sends anything."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import structlog
from starlette.concurrency import run_in_threadpool

from service.clock import Clock
from service.domain.maintenance import MaintenanceRule
from service.storage.maintenance_store import MaintenanceStore

EVERY = timedelta(seconds=60)

log = structlog.get_logger(__name__)


async def keep_up(store: MaintenanceStore, clock: Clock, stop: asyncio.Event, every: timedelta = EVERY) -> None:
    """Advance the cases at once and then after each `every`, until `stop`; a failure is logged and tried again."""
    rule = MaintenanceRule()
    while not stop.is_set():
        try:
            await run_in_threadpool(advance, store, clock, rule)
        except Exception:
            log.exception("maintenance.failed")
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every.total_seconds())


def advance(store: MaintenanceStore, clock: Clock, rule: MaintenanceRule) -> None:
    """Advance the cases once, and log what changed."""
    progress = store.advance(clock(), rule)
    for case in progress.opened:
        log.info("maintenance.opened", case=case.id, camera=case.camera_id, kind=case.kind.value)
    for case in progress.closed:
        log.info("maintenance.closed_itself", case=case.id, camera=case.camera_id, kind=case.kind.value)
