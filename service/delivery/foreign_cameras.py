"""Cameras that the queue refuses since the token is for other sites: told once each, tried again now and then."""

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
    """What one edge's posters know of such cameras. Safe to call from several threads.

    A camera counts by its site, too: what was found before the site was corrected must not hold up what comes after.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def is_held(self, site_id: str, camera_id: str) -> bool:
        """Tell whether nothing of the camera at this site is to be sent for now."""
        with self._lock:
            until = self._until.get((site_id, camera_id))
            return until is not None and self._clock() < until

    def refused(self, site_id: str, camera_id: str, answer: httpx.Response) -> None:
        """Note the queue's refusal; the first one is told to the edge's user."""
        with self._lock:
            is_new = (site_id, camera_id) not in self._until
            self._until[site_id, camera_id] = self._clock() + AGAIN_AFTER_S
        if is_new:
            log.error("queue.foreign_site", site=site_id, camera=camera_id, problem=detail_of(answer))

    def taken(self, site_id: str, camera_id: str) -> None:
        """Note that the queue took something of the camera."""
        with self._lock:
            was_refused = self._until.pop((site_id, camera_id), None) is not None
        if was_refused:
            log.info("queue.own_site", site=site_id, camera=camera_id)
