"""What all deliveries to the queue share: what an answer means, and the thread that tries until all is sent."""

import threading
from collections.abc import Callable
from enum import StrEnum

import httpx
import structlog

from streams.backoff import Backoff

log = structlog.get_logger(__name__)

REFUSED_FOR_GOOD = frozenset({400, 409, 413, 415, 422})
"""Answers that sending the same thing again can't change."""
NOT_YET = 424
"""The queue misses something that comes before this; others need not wait for it."""
SUPERSEDED = "urn:dustwatch:problem:lease-superseded"
"""The problem by which the queue refuses what a camera's owner before found."""
FOREIGN = "urn:dustwatch:problem:foreign-"
"""How the problems begin by which the queue refuses what is of a site that the token is not for."""
POLL_S = 0.5


class Delivery(StrEnum):
    """What became of one try."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    RETRY = "retry"
    NOT_YET = "not yet"
    SUPERSEDED = "superseded"
    """Refused for good: another node of the cluster has the camera, and tells what lasts there."""
    FOREIGN = "foreign"
    """Refused until somebody sets the token or the configuration right; others need not wait for it."""


def authorization(token: str) -> dict[str, str]:
    """Return the headers that show a machine's token; none for an empty one."""
    return {"Authorization": f"Bearer {token}"} if token else {}


def delivery_of(answer: httpx.Response) -> Delivery:
    """Return what the queue's answer means for the thing that was sent."""
    if answer.is_success:
        return Delivery.DELIVERED
    if answer.status_code == NOT_YET:
        return Delivery.NOT_YET
    if answer.status_code == httpx.codes.CONFLICT and SUPERSEDED in answer.text:
        return Delivery.SUPERSEDED
    if answer.status_code == httpx.codes.FORBIDDEN and FOREIGN in answer.text:
        return Delivery.FOREIGN
    return Delivery.REFUSED if answer.status_code in REFUSED_FOR_GOOD else Delivery.RETRY


def detail_of(answer: httpx.Response) -> str:
    """Return the line by which the queue says what is wrong, or the beginning of an answer that has none."""
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return answer.text[:500]


class SendingThread:
    """Calls `send_all` again and again, and waits longer each time that it did not get everything sent.

    `send_all` returns whether nothing is left for a later try.
    """

    def __init__(self, name: str, send_all: Callable[[], bool], backoff: Backoff | None = None) -> None:
        self._send_all = send_all
        self._backoff = backoff or Backoff(first_s=0.5, longest_s=15.0)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._send_for_ever, name=name, daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self, last_try_s: float) -> None:
        """Stop after one more try, for which it waits that long at most."""
        self._stopping.set()
        self._thread.join(last_try_s)

    def _send_for_ever(self) -> None:
        while not self._stopping.is_set():
            went_well = self._try()
            if went_well:
                self._backoff.reset()
            self._stopping.wait(POLL_S if went_well else self._backoff.next_delay_s())
        self._try()

    def _try(self) -> bool:
        try:
            return self._send_all()
        except Exception:
            log.exception("delivery.failed", thread=self._thread.name)
            return False
