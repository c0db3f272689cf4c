"""Keeps what a watch remembers: at once when a violation opens or ends, and now and then in between."""

import time
from typing import Protocol

import structlog

from vision.watch import Watch
from vision.watch_memory import WatchMemory

log = structlog.get_logger(__name__)

KEPT_EVERY_S = 60.0
"""How much of the counting towards a grace time a kill may cost."""


class MemoryStore(Protocol):
    """Where one camera's memory is kept between processes."""

    def load(self) -> WatchMemory:
        """Return what fits the camera as it is set up now; an empty memory where nothing does."""

    def save(self, memory: WatchMemory) -> None:
        """Put the memory in the place of the one before. Raises OSError."""


class KeptMemory:
    """The memory of one watch and its place on the disk; without a store nothing is kept."""

    def __init__(self, camera: str, watch: Watch, store: MemoryStore | None) -> None:
        self._camera = camera
        self._watch = watch
        self._store = store
        self._kept = WatchMemory()
        self._kept_at = time.monotonic()

    def recall(self) -> None:
        """Let the watch go on from what is kept."""
        if self._store is None:
            return
        memory = self._store.load()
        self._watch.recall(memory)
        self._kept = memory
        if memory.open_keys:
            log.info("watch.recalled", camera=self._camera, open=len(memory.open_keys))

    def keep(self, *, at_once: bool = False) -> None:
        """Keep what is worth it; what the disk refuses is tried again next time."""
        if self._store is None:
            return
        memory = self._watch.memory()
        is_due = at_once or time.monotonic() - self._kept_at >= KEPT_EVERY_S
        told, told_before = [(each.open_keys, each.followed) for each in (memory, self._kept)]
        if memory == self._kept or not (is_due or told != told_before):
            return
        try:
            self._store.save(memory)
        except OSError as error:
            log.warning("watch.not_kept", camera=self._camera, problem=str(error))
            return
        self._kept, self._kept_at = memory, time.monotonic()
