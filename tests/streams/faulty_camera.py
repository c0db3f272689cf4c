"""Stands between a reader and a real RTSP camera, and does wrong what a test or a benchmark asks for."""

import asyncio
import random
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

from tests.streams.rtsp_wire import (
    MediaPacket,
    Message,
    read_part,
    rtp_timestamp,
    udp_ports,
    with_timestamp_moved,
    with_udp_ports,
)
from tests.streams.udp_relay import UdpRelay

LARGEST_PART = 1 << 20
CONNECTION_ENDED = (OSError, asyncio.IncompleteReadError, asyncio.CancelledError)


class FaultyCamera:
    """A proxy, in a thread of its own, to the camera at `url`; `url` of the proxy is what the reader is given.

    Faults are asked for by calls, from any thread and at any time; they are done to what flows at that moment. Over
    UDP only the messages and `drop_udp` pass through here, so the faults of the TCP stream do nothing to the video.
    """

    def __init__(self, camera_url: str, seed: int = 0) -> None:
        parts = urlsplit(camera_url)
        assert parts.port is not None
        self.camera_port = parts.port
        self._loop = asyncio.new_event_loop()
        self._random = random.Random(seed)
        self._faults: list[Callable[[MediaPacket], bytes | None]] = []
        self._writers: set[asyncio.StreamWriter] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._is_mute = False
        self._lost_share_tcp = self._lost_share_udp = 0.0
        self._ticks = 0
        self._first_timestamp: int | None = None
        self.connections = 0
        self._server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LARGEST_PART)
        )
        self.port = int(self._server.sockets[0].getsockname()[1])
        self.url = camera_url.replace(f":{parts.port}", f":{self.port}", 1)
        self._thread = threading.Thread(target=self._loop.run_forever, name="faulty-camera", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every connection and the thread."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def reset(self) -> None:
        """Break every connection by a TCP reset in the middle of the next packet of video."""

        def half(packet: MediaPacket) -> bytes:
            whole = packet.to_bytes()
            self._loop.call_soon(self._reset_all)
            return whole[: len(whole) // 2]

        self._do(lambda: self._faults.append(half))

    def reset_now(self) -> None:
        """Break every connection by a TCP reset at once, whether or not anything flows."""
        self._do(self._reset_all)

    def stall(self, seconds: float) -> None:
        """Pass nothing on for `seconds`, and then all that waited."""

        def hold() -> None:
            self._flowing.clear()
            self._loop.call_later(seconds, self._flowing.set)

        self._do(hold)

    def mute(self, is_mute: bool = True) -> None:
        """Accept connections and never say a word on them; False ends it for connections to come."""
        self._do(lambda: setattr(self, "_is_mute", is_mute))

    def garbage(self, size: int = 4096) -> None:
        """Put `size` random bytes into the stream, in front of the next packet of video."""
        noise = self._random.randbytes(size)
        self._do(lambda: self._faults.append(lambda packet: noise + packet.to_bytes()))

    def scramble(self, packets: int = 20) -> None:
        """Overwrite the second half of the next packets of video with random bytes; their frames stay whole."""

        def scrambled(packet: MediaPacket) -> bytes:
            keep = max(14, len(packet.payload) // 2)
            noise = self._random.randbytes(max(0, len(packet.payload) - keep))
            return MediaPacket(packet.channel, packet.payload[:keep] + noise).to_bytes()

        self._do(lambda: self._faults.extend([scrambled] * packets))

    def drop(self, share: float) -> None:
        """Lose this share (0 to 1) of the packets of video on TCP, as a camera that is too slow does."""
        self._do(lambda: setattr(self, "_lost_share_tcp", share))

    def drop_udp(self, share: float) -> None:
        """Lose this share (0 to 1) of the packets of video on UDP."""
        self._do(lambda: setattr(self, "_lost_share_udp", share))

    def jump_timestamps(self, ticks: int) -> None:
        """Move the timestamps from here on by `ticks` (90,000 a second), back where negative."""
        self._do(lambda: setattr(self, "_ticks", self._ticks + ticks))

    def begin_timestamps_at(self, first: int) -> None:
        """Let the timestamps of the next connection begin at `first`, of 2**32 after which they wrap."""
        self._do(lambda: setattr(self, "_first_timestamp", first))

    def _do(self, fault: Callable[[], object]) -> None:
        self._loop.call_soon_threadsafe(fault)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        relay = UdpRelay(lambda: self._random.random() < self._lost_share_udp)
        try:
            if self._is_mute:
                await reader.read()
                return
            camera = await asyncio.open_connection("127.0.0.1", self.camera_port, limit=LARGEST_PART)
            self._writers.add(camera[1])
            ways = [
                asyncio.create_task(self._pass_requests(reader, camera[1], relay)),
                asyncio.create_task(self._pass_answers(camera[0], writer, relay)),
            ]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
                camera[1].close()
                self._writers.discard(camera[1])
        except CONNECTION_ENDED:
            pass  # an end is what faults are about, and close() cancels
        finally:
            relay.close()
            writer.close()
            self._writers.discard(writer)

    async def _pass_requests(self, reader: asyncio.StreamReader, camera: asyncio.StreamWriter, relay: UdpRelay) -> None:
        while True:
            part = await read_part(reader)
            if isinstance(part, Message) and (ports := udp_ports(part, "client_port")):
                part = with_udp_ports(part, "client_port", await relay.open(ports))
            camera.write(part.to_bytes())
            await camera.drain()

    async def _pass_answers(self, camera: asyncio.StreamReader, reader: asyncio.StreamWriter, relay: UdpRelay) -> None:
        ticks: int | None = None
        while True:
            part = await read_part(camera)
            await self._flowing.wait()
            if isinstance(part, MediaPacket):
                if ticks is None and (timestamp := rtp_timestamp(part)) is not None:
                    ticks = 0 if self._first_timestamp is None else self._first_timestamp - timestamp
                reader.write(self._faulted(with_timestamp_moved(part, self._ticks + (ticks or 0))))
            else:
                reader.write(_through_relay(part, relay).to_bytes())
            await reader.drain()

    def _faulted(self, packet: MediaPacket) -> bytes:
        if not packet.is_rtp:
            return packet.to_bytes()
        if self._faults:
            return self._faults.pop(0)(packet) or b""
        return b"" if self._random.random() < self._lost_share_tcp else packet.to_bytes()

    def _reset_all(self) -> None:
        for writer in self._writers:
            connection = writer.get_extra_info("socket")
            with suppress(OSError):  # it was closed meanwhile
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    async def _end(self) -> None:
        self._server.close()
        self._reset_all()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _through_relay(answer: Message, relay: UdpRelay) -> Message:
    """Return the answer to SETUP with the relay's ports in place of the camera's; other answers as they are."""
    camera_ports = udp_ports(answer, "server_port")
    if camera_ports is None:
        return answer
    relay.to_camera(camera_ports)
    return with_udp_ports(with_udp_ports(answer, "client_port", relay.reader_ports), "server_port", relay.ports)
