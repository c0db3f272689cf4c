"""Listens to dust monitors: a TCP server for HJ 212-2017 that acknowledges readings once they are stored."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.clock import Clock, utc_now
from service.dust.connection import READ_BYTES, Connection, ConnectionLimits, Taken
from service.dust.hj212.packet import Fault, Packet
from service.dust.instruments import InstrumentsConfig
from service.dust.intake import DustIntake
from service.dust.reading import DustReading
from service.errors import ServiceError
from service.storage.dust_store import DustStore

log = structlog.get_logger(__name__)

MOST_CONNECTIONS = 1000
DEFAULT_PORT = 5212


class DustReceiver:
    """Stores what the instruments of a configuration send."""

    def __init__(
        self,
        config: InstrumentsConfig,
        store: DustStore,
        *,
        limits: ConnectionLimits | None = None,
        most_connections: int = MOST_CONNECTIONS,
        clock: Clock = utc_now,
    ) -> None:
        """Register the instruments in the store; `limits` hold for each connection."""
        self._intake = DustIntake(config)
        self._store = store
        self._limits = limits or ConnectionLimits()
        self._most_connections = most_connections
        self._clock = clock
        self._counts: Counter[str] = Counter()
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        # One writer at a time, since the database takes no more.
        self._storing = ThreadPoolExecutor(1, thread_name_prefix="dust-store")
        store.register(config.places())

    @property
    def counts(self) -> Mapping[str, int]:
        """What happened so far: readings `new`, `completed`, `known`, `not_stored`; what was refused, by reason."""
        return {**self._counts, **self._intake.counts}

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._connections)

    async def start(self, host: str, port: int) -> int:
        """Begin to listen; return the port, a free one where 0 was asked for. Raises OSError."""
        self._server = await asyncio.start_server(self._accept, host, port, limit=READ_BYTES)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Close all connections; instruments send again what was not acknowledged."""
        if self._server is not None:
            self._server.close()
        connections = list(self._connections)
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await asyncio.to_thread(self._storing.shutdown)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        peer = writer.get_extra_info("peername")
        if task is None or len(self._connections) >= self._most_connections:
            self._counts["too_many_connections"] += 1
            log.warning("dust.too_many_connections", peer=peer)
            writer.close()
            return
        self._connections.add(task)
        log.debug("dust.connected", peer=peer)

        async def take(found: Packet | Fault) -> Taken:
            return await self._take(found, peer)

        try:
            ending = await Connection(reader, writer, take, self._limits).serve()
            self._counts[ending.value] += 1
            log.debug("dust.disconnected", peer=peer, reason=ending.value)
        except asyncio.CancelledError:  # by stop(); asyncio would print a trace of it
            return
        finally:
            self._connections.discard(task)
            writer.close()

    async def _take(self, found: Packet | Fault, peer: object) -> Taken:
        if isinstance(found, Fault):
            self._intake.note(found)
            log.debug("dust.broken_packet", peer=peer, reason=found.value)
            return Taken(is_good=False)
        receipt = self._intake.take(found, self._clock())
        if receipt.refusal is not None:
            log.warning("dust.refused", peer=peer, instrument=found.instrument, reason=receipt.refusal.value)
        if receipt.reading is not None and not await self._put(receipt.reading):
            return Taken(is_good=True)  # not acknowledged, so that the instrument sends it again
        return Taken(receipt.refusal is None, receipt.answer)

    async def _put(self, reading: DustReading) -> bool:
        loop = asyncio.get_running_loop()
        try:
            stored = await loop.run_in_executor(self._storing, self._store.put, reading, self._clock())
        except (ServiceError, SQLAlchemyError) as error:
            self._counts["not_stored"] += 1
            log.warning("dust.not_stored", instrument=reading.instrument, detail=str(error))
            return False
        self._counts[stored.name.lower()] += 1
        return True
