"""Sends health reports to the case queue until it has them."""

import httpx
import structlog

from service.delivery.foreign_cameras import ForeignCameras
from service.delivery.health_outbox import HealthOutbox
from service.delivery.sending import Delivery, SendingThread, authorization, delivery_of
from service.domain.health import HealthReport
from streams.backoff import Backoff

log = structlog.get_logger(__name__)


class HealthPoster:
    """A thread that empties the outbox. The same report sent twice changes nothing at the queue."""

    def __init__(
        self,
        outbox: HealthOutbox,
        queue: str,
        *,
        token: str = "",
        timeout_s: float = 30.0,
        backoff: Backoff | None = None,
        foreign: ForeignCameras | None = None,
    ) -> None:
        """Send to the queue at this address; `token` is what it lets the edge in by, empty where it asks for none."""
        self._outbox = outbox
        self._foreign = foreign or ForeignCameras()
        self._client = httpx.Client(base_url=queue, timeout=timeout_s, headers=authorization(token))
        self._thread = SendingThread("health-poster", self.deliver_all, backoff)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self, last_try_s: float = 5.0) -> None:
        """Stop; what has not been delivered stays on disk for the next start."""
        self._thread.stop(last_try_s)
        self._client.close()

    def deliver_all(self) -> bool:
        """Try every waiting report once, and return whether none is left for a later try.

        Those of cameras of foreign sites stay, and hold up nothing.
        """
        for report in self._outbox.waiting():
            if self._foreign.is_held(report.site_id, report.camera_id):
                continue
            outcome = self._put(report)
            if outcome in {Delivery.RETRY, Delivery.NOT_YET}:
                return False
            if outcome is Delivery.FOREIGN:
                continue
            self._outbox.settle(report, refused=outcome is Delivery.REFUSED)
        return True

    def _put(self, report: HealthReport) -> Delivery:
        headers = {"Content-Type": "application/json"}
        address = f"/api/v1/health-observations/{report.key}"
        try:
            answer = self._client.put(address, content=report.model_dump_json(), headers=headers)
        except httpx.TransportError as error:
            log.warning("health.unreachable", key=report.key, problem=type(error).__name__)
            return Delivery.RETRY
        outcome = delivery_of(answer)
        if outcome is Delivery.DELIVERED:
            self._foreign.taken(report.site_id, report.camera_id)
        elif outcome is Delivery.FOREIGN:
            self._foreign.refused(report.site_id, report.camera_id, answer)
        else:
            log.warning("health.not_taken", key=report.key, status=answer.status_code, answer=answer.text[:500])
        return outcome
