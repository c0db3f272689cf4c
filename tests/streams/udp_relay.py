"""Stands between a camera and its reader on UDP, and loses packets."""

import asyncio
import random
from collections.abc import Callable
from functools import partial
from typing import Any, cast


class UdpRelay:
    """A pair of ports (RTP, RTCP) that passes packets between a camera and a reader on this machine, both ways.

    `is_lost` is asked for each RTP packet from the camera.
    """

    def __init__(self, is_lost: Callable[[], bool]) -> None:
        self._is_lost = is_lost
        self._legs: list[_Leg] = []
        self.ports = self.reader_ports = (0, 0)

    async def open(self, reader_ports: tuple[int, int]) -> tuple[int, int]:
        """Begin to relay for a reader that listens on `reader_ports`, and return the relay's own ports."""
        loop = asyncio.get_running_loop()
        self.reader_ports = reader_ports
        for _ in range(100):
            self.close()
            port = random.randrange(20_000, 60_000, 2)
            try:
                for place, reader_port in enumerate(reader_ports):
                    leg = _Leg(reader_port, self._is_lost if place == 0 else lambda: False)
                    await loop.create_datagram_endpoint(partial(_same, leg), local_addr=("127.0.0.1", port + place))
                    self._legs.append(leg)
            except OSError:
                continue
            self.ports = port, port + 1
            return self.ports
        raise OSError("no pair of free ports")

    def to_camera(self, camera_ports: tuple[int, int]) -> None:
        """Send on to `camera_ports` what the reader sends."""
        for leg, port in zip(self._legs, camera_ports, strict=True):
            leg.camera_port = port

    def close(self) -> None:
        """Give the ports back."""
        for leg in self._legs:
            if leg.transport is not None:
                leg.transport.close()
        self._legs.clear()


class _Leg(asyncio.DatagramProtocol):
    """One of the two ports."""

    def __init__(self, reader_port: int, is_lost: Callable[[], bool]) -> None:
        self.transport: asyncio.DatagramTransport | None = None
        self.camera_port: int | None = None
        self._reader_port = reader_port
        self._is_lost = is_lost

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, address: tuple[str | Any, int]) -> None:
        assert self.transport is not None
        if address[1] != self._reader_port:
            if not self._is_lost():
                self.transport.sendto(data, ("127.0.0.1", self._reader_port))
        elif self.camera_port is not None:
            self.transport.sendto(data, ("127.0.0.1", self.camera_port))


def _same(leg: _Leg) -> _Leg:
    return leg
