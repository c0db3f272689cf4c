"""One instrument's connection, from its first byte to its last, with bounds on what a stranger could use up."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from service.dust.hj212.packet import Fault, Packet
from service.dust.hj212.stream import PacketStream, encode

READ_BYTES = 4096


@dataclass(frozen=True)
class ConnectionLimits:
    """What one connection may use."""

    idle_s: float = 1800.0
    """It is closed when no good packet came for so long."""
    packets_per_s: float = 50.0
    """Faster senders are read more slowly; nothing is thrown away."""
    faults: int = 100
    """It is closed after so many broken or refused packets without a good one between them."""
    garbage_bytes: int = 1 << 18
    """The same for bytes that belong to no packet."""
    send_s: float = 10.0
    """It is closed when the other side takes no answer for so long."""


class Ending(StrEnum):
    """Why a connection ended."""

    CLOSED = "closed"
    LOST = "lost"
    IDLE = "idle"
    TOO_BAD = "too_many_faults"


@dataclass(frozen=True)
class Taken:
    """What became of a packet: whether it was a good one of a known instrument, and the answer to send."""

    is_good: bool
    answer: Packet | None = None


Take = Callable[[Packet | Fault], Awaitable[Taken]]


class Connection:
    """Reads packets, hands each over to `take`, and sends the answers, one after another."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, take: Take, limits: ConnectionLimits
    ) -> None:
        self._reader, self._writer = reader, writer
        self._take, self._limits = take, limits
        self._stream = PacketStream()
        self._faults = 0
        self._skipped_before = 0
        self._idle_at = 0.0

    async def serve(self) -> Ending:
        """Serve until the connection ends; return why it did."""
        self._note_good()
        try:
            while True:
                async with asyncio.timeout_at(self._idle_at):
                    data = await self._reader.read(READ_BYTES)
                if not data:
                    return Ending.CLOSED
                for found in self._stream.feed(data):
                    await self._handle(found)
                if self._is_too_bad():
                    return Ending.TOO_BAD
        except TimeoutError:
            return Ending.IDLE
        except OSError:
            return Ending.LOST

    async def _handle(self, found: Packet | Fault) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        taken = await self._take(found)
        if taken.is_good:
            self._note_good()
        else:
            self._faults += 1
        if taken.answer is not None:
            self._writer.write(encode(taken.answer))
            async with asyncio.timeout(self._limits.send_s):
                await self._writer.drain()
        await asyncio.sleep(max(0.0, began + 1 / self._limits.packets_per_s - loop.time()))

    def _note_good(self) -> None:
        self._faults = 0
        self._skipped_before = self._stream.skipped_bytes
        self._idle_at = asyncio.get_running_loop().time() + self._limits.idle_s

    def _is_too_bad(self) -> bool:
        garbage = self._stream.skipped_bytes - self._skipped_before
        return self._faults > self._limits.faults or garbage > self._limits.garbage_bytes
