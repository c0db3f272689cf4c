"""Does what is due by the clock alone, though nobody sends anything: once a minute, and what is too old by and by."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import structlog
from starlette.concurrency import run_in_threadpool

from service.clock import Clock
from service.domain.maintenance import MaintenanceRule
from service.storage.dust_cases import DustCases
from service.storage.live_view_store import LiveViewStore
from service.storage.look_back_store import LookBackStore
from service.storage.maintenance_store import MaintenanceStore
from service.storage.pruning_store import PruningStore
from service.storage.reminder_store import ReminderStore

EVERY = timedelta(seconds=60)
PRUNE_EVERY = timedelta(hours=6)
WATCH_DUST_EVERY = timedelta(minutes=3)
"""An average of 15 min is known a few minutes late at most."""
SHARE_LOOKS_EVERY = timedelta(seconds=1)
"""Edges ask each 2 s what is looked at live."""

log = structlog.get_logger(__name__)


async def keep_up(store: MaintenanceStore, clock: Clock, stop: asyncio.Event, every: timedelta = EVERY) -> None:
    """Advance the cases at once and then after each `every`, until `stop`; a failure is logged and tried again."""
    rule = MaintenanceRule()
    await _repeat(lambda: advance(store, clock, rule), "maintenance.failed", stop, every)


async def keep_reminding(store: ReminderStore, clock: Clock, stop: asyncio.Event, every: timedelta = EVERY) -> None:
    """Write the reminders that are due at once and then after each `every`, until `stop`."""
    await _repeat(lambda: remind(store, clock), "reminders.failed", stop, every)


async def keep_looking_back(store: LookBackStore, clock: Clock, stop: asyncio.Event, every: timedelta = EVERY) -> None:
    """Give up the look-backs that no camera answered, at once and then after each `every`, until `stop`."""
    await _repeat(lambda: give_up(store, clock), "look_backs.failed", stop, every)


async def keep_pruning(store: PruningStore, clock: Clock, stop: asyncio.Event, every: timedelta = PRUNE_EVERY) -> None:
    """Delete what is too old at once and then after each `every`, until `stop`."""
    await _repeat(lambda: prune(store, clock), "pruning.failed", stop, every)


async def keep_watching_dust(cases: DustCases, stop: asyncio.Event, every: timedelta = WATCH_DUST_EVERY) -> None:
    """Open the cases of dust exceedances at once and then after each `every`, until `stop`."""
    await _repeat(cases.look, "dust_cases.failed", stop, every)


async def keep_sharing_looks(
    store: LiveViewStore, clock: Clock, stop: asyncio.Event, every: timedelta = SHARE_LOOKS_EVERY
) -> None:
    """Tell other services what is looked at live here, and learn it from them, after each `every`, until `stop`."""
    await _repeat(lambda: store.exchange(clock()), "live_views.failed", stop, every)


async def _repeat(what: Callable[[], object], failure: str, stop: asyncio.Event, every: timedelta) -> None:
    while not stop.is_set():
        try:
            await run_in_threadpool(what)
        except Exception:
            log.exception(failure)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), every.total_seconds())


def advance(store: MaintenanceStore, clock: Clock, rule: MaintenanceRule) -> None:
    """Advance the cases once, and log what changed."""
    progress = store.advance(clock(), rule)
    for case in progress.opened:
        log.info("maintenance.opened", case=case.id, camera=case.camera_id, kind=case.kind.value)
    for case in progress.closed:
        log.info("maintenance.closed_itself", case=case.id, camera=case.camera_id, kind=case.kind.value)


def remind(store: ReminderStore, clock: Clock) -> None:
    """Write the reminders once, and log how many there were."""
    written = store.remind(clock())
    if written:
        log.info("reminders.written", count=written)


def give_up(store: LookBackStore, clock: Clock) -> None:
    """Give up the look-backs that no camera answered, and log them."""
    for note in store.give_up(clock()):
        log.info("look_back.unanswered", case=note.case_id, camera=note.actor.name)


def prune(store: PruningStore, clock: Clock) -> None:
    """Delete what is too old once, and log how much it was."""
    gone = store.prune(clock())
    if gone.notices or gone.requests:
        log.info("pruned", notices=gone.notices, requests=gone.requests)
