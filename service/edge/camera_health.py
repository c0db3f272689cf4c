"""Keeps a health watch for every camera of the edge, and hands what begins and ends to the outbox."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import cv2
import numpy as np
import structlog

from service.delivery.health_outbox import HealthOutbox
from service.domain.health import HealthReport
from service.edge.cameras import CameraOrder
from streams.feed import FeedStatus
from streams.frames import BgrImage
from streams.health.observation import HealthKind, HealthObservation
from streams.health.parameters import HealthParameters
from streams.health.watch import HealthWatch
from streams.looks import SMALL_HEIGHT
from vision.evidence.manifest import Place

log = structlog.get_logger(__name__)


class CamerasHealth:
    """The health of all cameras. Safe to call from several threads."""

    def __init__(self, outbox: HealthOutbox) -> None:
        self._outbox = outbox
        self._watches: dict[str, tuple[Place, HealthWatch]] = {}
        self._lock = threading.Lock()

    def begin(self, order: CameraOrder, parameters: HealthParameters) -> HealthWatch:
        """Watch a camera, anew if it was watched before, and return its watch."""
        self.end(order.camera.id)
        reference = None if order.camera.reference is None else cv2.imread(str(order.camera.reference))
        reduced = None if reference is None else _reduced(np.asarray(reference, dtype=np.uint8))
        watch = HealthWatch(order.camera.id, parameters, reduced)
        with self._lock:
            self._watches[order.camera.id] = (order.place, watch)
        return watch

    def end(self, camera_id: str) -> None:
        """Watch a camera no longer: what ails it is not known from now on, and told to have ended."""
        with self._lock:
            place, watch = self._watches.pop(camera_id, (None, None))
        if place is None or watch is None:
            return
        now = datetime.now(UTC)
        ended = [replace(ongoing, ended_at=max(now, ongoing.started_at)) for ongoing in watch.ongoing()]
        self._tell(place, [*watch.take_changes(), *ended])

    def look(self, connections: Mapping[str, FeedStatus]) -> None:
        """Look at every camera's connection, and tell what began and what ended."""
        with self._lock:
            watches = dict(self._watches)
        for camera_id, (place, watch) in watches.items():
            if camera_id in connections:
                watch.see_connection(connections[camera_id], datetime.now(UTC))
            self._tell(place, watch.take_changes())

    def ongoing(self, camera_id: str) -> dict[HealthKind, datetime]:
        """Return what ails the camera now, by kind, and since when (UTC)."""
        with self._lock:
            _, watch = self._watches.get(camera_id, (None, None))
        return {} if watch is None else {one.kind: one.started_at for one in watch.ongoing()}

    def _tell(self, place: Place, changes: list[HealthObservation]) -> None:
        for one in changes:
            event = "camera.ails" if one.ended_at is None else "camera.recovered"
            log.warning(
                event, camera=one.camera_id, kind=one.kind.value, since=one.started_at.isoformat(), **one.figures
            )
            self._outbox.put(
                HealthReport(
                    key=one.key,
                    kind=one.kind,
                    started_at=one.started_at,
                    ended_at=one.ended_at,
                    figures=one.figures,
                    **place.model_dump(include={"site_id", "site_name", "camera_id", "camera_name"}),
                )
            )


def _reduced(picture: BgrImage) -> BgrImage:
    """Return a reference picture as small as the pictures are that it is compared with."""
    height, width = picture.shape[:2]
    if height <= SMALL_HEIGHT:
        return picture
    size = (round(width * SMALL_HEIGHT / height), SMALL_HEIGHT)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
