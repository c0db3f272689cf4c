"""Takes what is to be told from the outbox to the channels, a thread a channel, for as long as the service runs."""

import time
from collections.abc import Sequence

import structlog

from service.clock import Clock
from service.delivery.sending import SendingThread
from service.notices.senders import OpenChannel
from service.notices.sending import delivery_number, failure_text
from service.storage.notice_store import LEASE, NoticeStore, Outgoing

TURN_S = LEASE.total_seconds() / 4
"""After this long a turn ends, well before anybody else might begin one."""
LAST_TRY_S = 2.0

log = structlog.get_logger(__name__)


class ChannelTurns:
    """The turns of one channel."""

    def __init__(self, channel: OpenChannel, store: NoticeStore, clock: Clock) -> None:
        self._channel, self._store, self._clock = channel, store, clock
        self._is_registered = False

    def take(self) -> bool:
        """Send what waits for the channel, as far as one turn goes; return whether nothing failed."""
        name = self._channel.name
        if not self._is_registered:
            self._store.register(name, self._clock())
            self._is_registered = True
        if not self._store.has_work(name, self._clock()):
            return True
        started = time.monotonic()
        for outgoing in self._store.take_turn(name, self._channel.only.passes, self._clock()):
            if time.monotonic() - started > TURN_S:
                break
            if not self._send(outgoing):
                return True  # the store knows how long the channel rests
        self._store.end_turn(name, self._clock())
        return True

    def _send(self, outgoing: Outgoing) -> bool:
        name, notice = self._channel.name, outgoing.notice.notice
        try:
            self._channel.sender.send(notice, delivery_number(name, notice))
        except Exception as error:  # noqa: BLE001 - it is told, and must not keep other notices from being sent
            problem = failure_text(error)
            self._store.note_failure(name, outgoing.delivery_id, problem, self._clock())
            log.warning("notices.failed", channel=name, notice=outgoing.notice.id, problem=problem)
            return False
        # A crash right here sends the notice once more, with the number that the receiver knows.
        self._store.note_sent(name, outgoing.delivery_id, self._clock())
        log.info("notices.sent", channel=name, notice=outgoing.notice.id, kind=notice.kind)
        return True


class Dispatch:
    """All channels' turns in the background."""

    def __init__(self, channels: Sequence[OpenChannel], store: NoticeStore, clock: Clock) -> None:
        turns = [(channel.name, ChannelTurns(channel, store, clock)) for channel in channels]
        self._threads = [SendingThread(f"notices to {name}", each.take) for name, each in turns]

    def start(self) -> None:
        """Begin to send."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop; what was not sent waits for the next start."""
        for thread in self._threads:
            thread.stop(LAST_TRY_S)
