"""Reads plates beside the judging, in one thread of its own: evidence never waits for it and never fails by it."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

import structlog

from vision.plates.plate_reading import PlateReading
from vision.plates.reader import BgrImage

log = structlog.get_logger(__name__)

MOST_WAITING = 8
"""Trucks whose pictures wait in memory; of those beyond, the plate stays unread."""
PlateOf = Callable[[Sequence[BgrImage]], PlateReading | None]
"""Reads the plate from pictures of one truck."""


class PlatesInBackground:
    """Begins a reading with the violation's key and tells later what came of it. Used by one thread."""

    def __init__(self, plate_of: PlateOf) -> None:
        self._plate_of = plate_of
        self._readings: dict[str, Future[PlateReading | None]] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="plates")

    def begin(self, key: str, pictures: Sequence[BgrImage]) -> None:
        """Read the truck's plate when it is its turn; `pictures` must not change any more."""
        if sum(not reading.done() for reading in self._readings.values()) >= MOST_WAITING:
            log.warning("plate.left_out", key=key, waiting=MOST_WAITING)
            return
        self._readings[key] = self._thread.submit(self._read, key, pictures)

    def take(self, key: str) -> PlateReading | None:
        """Return what was read, and forget it; None where nothing was, or where the reading is not done yet."""
        reading = self._readings.pop(key, None)
        if reading is None:
            return None
        if not reading.done():
            reading.cancel()
            log.warning("plate.not_in_time", key=key)
            return None
        return reading.result()

    def finish(self) -> None:
        """Wait until all that was begun is read."""
        wait(self._readings.values())

    def close(self) -> None:
        """Begin no reading that waits; what is taken from here on is unread."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._readings.clear()

    def _read(self, key: str, pictures: Sequence[BgrImage]) -> PlateReading | None:
        try:
            return self._plate_of(pictures)
        except Exception:
            log.exception("plate.not_read", key=key)
            return None
