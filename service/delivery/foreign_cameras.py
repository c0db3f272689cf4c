"""Cameras that the queue refuses since the edge's token is for other sites: told once each, tried again now and then."""

import threading
import time
from collections.abc import Callable

import httpx
import structlog

from service.delivery.sending import detail_of

AGAIN_AFTER_S = 600.0
"""The refusal lasts until somebody sets the token or a camera right, and asking costs a package each time."""

log = structlog.get_logger(__name__)


class ForeignCameras:
    """What one edge's posters know of such cameras. Safe to call from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait_s(self, camera: str) -> float:
        """Return for how many seconds nothing of the camera is to be sent, 0 for a camera that is not refused."""
        with self._lock:
            until = self._until.get(camera)
            return 0.0 if until is None else max(0.0, until - self._clock())

    def refused(self, camera: str, answer: httpx.Response) -> None:
        """Note the queue's refusal; the first one of a camera is told to the edge's user."""
        with self._lock:
            is_new = camera not in self._until
            self._until[camera] = self._clock() + AGAIN_AFTER_S
        if is_new:
            log.error("queue.foreign_site", camera=camera, problem=detail_of(answer))

    def taken(self, camera: str) -> None:
        """Note that the queue took something of the camera."""
        with self._lock:
            if self._until.pop(camera, None) is not None:
                log.info("queue.own_site", camera=camera)
