"""A TCP line between edges and queue that breaks now and then, at any byte and in either direction."""

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

PIECE = 4096


@dataclass
class BrokenLine:
    """A line that was opened: its port, and how many connections went over it and broke."""

    port: int = 0
    connections: int = 0
    broken: int = 0


@contextmanager
def broken_line(to_port: int, *, break_share: float, longest_bytes: int, seed: int = 1) -> Iterator[BrokenLine]:
    """Pass connections on to a port of this machine; a share of them is cut after so many bytes at the most.

    A cut is a reset, so that the sender sees a lost connection: before its request was whole, or before the answer.
    """
    line, draw = BrokenLine(), random.Random(seed)
    loop = asyncio.new_event_loop()
    is_open = threading.Event()
    stop = asyncio.Event()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line.connections += 1
        left = [draw.randrange(longest_bytes)] if draw.random() < break_share else [-1]
        try:
            there, to = await asyncio.open_connection("127.0.0.1", to_port)
        except OSError:
            writer.transport.abort()
            return
        ways = {asyncio.ensure_future(_pipe(reader, to, left)), asyncio.ensure_future(_pipe(there, writer, left))}
        done, waiting = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in waiting:
            way.cancel()
        if any(way.result() for way in done):
            line.broken += 1
        for end in (writer, to):
            end.transport.abort()

    async def serve() -> None:
        server = await asyncio.start_server(pass_on, "127.0.0.1", 0)
        line.port = server.sockets[0].getsockname()[1]
        is_open.set()
        await stop.wait()
        server.close()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), name="broken line", daemon=True)
    thread.start()
    is_open.wait(30)
    try:
        yield line
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: list[int]) -> bool:
    """Pass bytes on until an end, and return whether the line was cut; `left` is shared by both directions."""
    with suppress(OSError):
        while piece := await reader.read(PIECE):
            if left[0] >= 0:
                left[0] -= len(piece)
                if left[0] < 0:
                    return True
            writer.write(piece)
            await writer.drain()
    return False
