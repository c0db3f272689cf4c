"""An edge's decoding processes: which camera is decoded where, what happens when one dies, and who was to blame."""

import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from streams.backoff import Backoff
from streams.codecs import DecoderKilled, DecoderLost
from streams.decoding.process import DecodingProcess, ProcessDied
from streams.decoding.quarantine import Quarantine

log = structlog.get_logger(__name__)

MOST_PROCESSES = 8
LONGEST_WAIT_S = 1.0
"""How long a look waits for a process to be started anew; what would wait longer is lost."""
LIVES_WELL_S = 10.0
"""A process that lived so long is started anew at once."""


class Place:
    """Where one process lives, and after it the next: `lock` is held while it is asked for something."""

    def __init__(self, start: Callable[[], DecodingProcess]) -> None:
        self.lock = threading.Lock()
        self.sessions = 0
        self._start = start
        self._process: DecodingProcess | None = None
        self._backoff = Backoff(first_s=0.2, longest_s=30.0)
        self._started_at = 0.0
        self._not_before = 0.0

    @property
    def process(self) -> DecodingProcess | None:
        """The process that lives here now."""
        return self._process

    def living(self) -> DecodingProcess:
        """Return the process, started anew where it is dead. Raises DecoderLost."""
        if self._process is not None and not self._process.is_alive:
            log.warning("decoder.ended", detail=self._process.end())
            self.bury()
        if self._process is None:
            self._process = self._begin()
        return self._process

    def bury(self) -> None:
        """Take note that the process is dead."""
        self._process = None
        if time.monotonic() - self._started_at >= LIVES_WELL_S:
            self._backoff.reset()
            return
        self._not_before = time.monotonic() + self._backoff.next_delay_s()

    def end(self) -> None:
        """End the process."""
        with self.lock:
            if self._process is not None:
                self._process.end()
            self._process = None
            self._not_before = float("inf")

    def _begin(self) -> DecodingProcess:
        wait_s = self._not_before - time.monotonic()
        if wait_s > LONGEST_WAIT_S:
            raise DecoderLost
        time.sleep(max(0.0, wait_s))
        self._started_at = time.monotonic()
        try:
            process = self._start()
        except (ProcessDied, OSError) as error:
            log.warning("decoder.not_started", detail=str(error))
            self.bury()
            raise DecoderLost from None
        if not process.is_shut_in:
            log.warning("decoder.not_shut_in", detail="no seccomp here: the process has limits, and a network")
        return process


class DecoderPool:
    """Decoding processes, as many as are needed at once and at most `most`, each for many cameras."""

    def __init__(self, most: int = 0, start: Callable[[], DecodingProcess] = DecodingProcess) -> None:
        """`most` of 0 takes as many as there are processor cores; there are never more than 8."""
        self._most = min(MOST_PROCESSES, most or os.cpu_count() or 1)
        self._start = start
        self._places: list[Place] = []
        self._lock = threading.RLock()  # a codec that is thrown away leaves from within whatever runs just then
        self._sessions = itertools.count(1)
        self.quarantine = Quarantine()

    def new_session(self) -> tuple[Place, int]:
        """Return where to decode one more stream, and a number for it."""
        with self._lock:
            idle = [place for place in self._places if not place.lock.locked()]
            if not idle and len(self._places) < self._most:
                self._places.append(Place(self._start))
                idle = self._places[-1:]
            place = min(idle or self._places, key=lambda each: each.sessions)
            place.sessions += 1
            return place, next(self._sessions)

    def leave(self, place: Place) -> None:
        """Count one session less."""
        with self._lock:
            place.sessions -= 1

    @contextmanager
    def blaming(self, camera: str, place: Place) -> Iterator[None]:
        """Hold the camera to blame where the process dies in the block.

        Raises DecoderLost then; DecoderKilled where somebody else ended it, and nobody is to blame.
        """
        try:
            yield
        except ProcessDied as died:
            place.bury()
            if died.was_killed and self.quarantine.forgives(camera):
                log.warning("decoder.killed", camera=camera, detail=str(died))
                raise DecoderKilled from None
            pause_s = self.quarantine.put(camera)
            log.warning("decoder.died", camera=camera, detail=str(died), pause_s=round(pause_s))
            raise DecoderLost from None

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes that live now."""
        with self._lock:
            return [place.process.pid for place in self._places if place.process is not None]

    def close(self) -> None:
        """End all processes; what still asks is refused."""
        with self._lock:
            places = list(self._places)
        for place in places:
            place.end()
