"""The line to the object store: it passes on, answers with errors itself, is slow, or refuses."""

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum

PIECE = 65536
SLOW_S = (2.0, 6.0)
FAULTY = b"<?xml version='1.0'?><Error><Code>%s</Code><Message>not now</Message></Error>"
ANSWERS = ((b"500 Internal Server Error", b"InternalError"), (b"503 Service Unavailable", b"SlowDown"))


class Mood(StrEnum):
    """What the line does with a connection."""

    PASSES = "passes"
    FAILS = "fails"
    SLOW = "slow"
    REFUSES = "refuses"


class StoreLine:
    """An open line: `port` is where it listens; `hit` counts the connections that met a fault."""

    def __init__(self, to_port: int, seed: int) -> None:
        self.port = 0
        self.hit = 0
        self._to_port = to_port
        self._random = random.Random(seed)
        self._mood = Mood.PASSES
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._is_open = threading.Event()

    def turn(self, mood: Mood) -> None:
        """Change what is done; connections that are open are cut, so that the next request meets it."""
        self._loop.call_soon_threadsafe(self._turn, mood)

    def _turn(self, mood: Mood) -> None:
        self._mood = mood
        for writer in list(self._open):
            writer.transport.abort()

    def run(self) -> None:
        """Listen until `end`."""
        self._loop.run_until_complete(self._serve())

    def wait_until_open(self) -> None:
        """Wait until it listens."""
        self._is_open.wait(30)

    def end(self) -> None:
        """Listen no more."""
        self._loop.call_soon_threadsafe(self._stop.set)

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._is_open.set()
        await self._stop.wait()
        server.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mood = self._mood
        self.hit += mood is not Mood.PASSES
        if mood is Mood.REFUSES:
            writer.transport.abort()
            return
        self._open.add(writer)
        to: asyncio.StreamWriter | None = None
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                if mood is Mood.FAILS:
                    await self._fail(reader, writer)
                    return
                there, to = await asyncio.open_connection("127.0.0.1", self._to_port)
                delay_s = self._random.uniform(*SLOW_S) if mood is Mood.SLOW else 0.0
                ways = [
                    asyncio.ensure_future(_pipe(reader, to, 0.0)),
                    asyncio.ensure_future(_pipe(there, writer, delay_s)),
                ]
                _, waiting = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                for way in waiting:
                    way.cancel()
        finally:
            self._open.discard(writer)
            for end in (writer, to):
                if end is not None:
                    end.close()

    async def _fail(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read the request's head, and answer it with an error."""
        await reader.readuntil(b"\r\n\r\n")
        status, code = self._random.choice(ANSWERS)
        body = FAULTY % code
        head = b"HTTP/1.1 %s\r\nContent-Type: application/xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
        writer.write(head % (status, len(body)) + body)
        await writer.drain()
        with suppress(TimeoutError):  # what is still being sent, so that the answer is read and not reset
            async with asyncio.timeout(1.0):
                while await reader.read(PIECE):
                    pass


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay_s: float) -> None:
    with suppress(OSError):
        while piece := await reader.read(PIECE):
            if delay_s:
                await asyncio.sleep(delay_s)
            writer.write(piece)
            await writer.drain()


@contextmanager
def store_line(to_port: int, seed: int) -> Iterator[StoreLine]:
    """Open a line to a port of this machine while the block runs."""
    line = StoreLine(to_port, seed)
    thread = threading.Thread(target=line.run, name="store line", daemon=True)
    thread.start()
    line.wait_until_open()
    try:
        yield line
    finally:
        line.end()
        thread.join(10)
