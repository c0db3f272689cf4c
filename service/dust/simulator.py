"""Plays dust monitors over TCP, well behaved or not: cut packets, garbage, wrong checksums, lost connections."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from service.dust.hj212.answers import DATA_ANSWER
from service.dust.hj212.data import COMMANDS, write_data
from service.dust.hj212.packet import Packet, Part
from service.dust.hj212.stream import PacketStream, encode
from service.dust.instruments import InstrumentConfig
from service.dust.reading import DustReading, Factor, Mark, Measured, Period

_COMMANDS = {period: command for command, period in COMMANDS.items()}
_DUST_SYSTEM = "39"
"""ST of dust at construction sites."""


@dataclass(frozen=True)
class Mischief:
    """How often (0 to 1) things go wrong around a packet."""

    cut: float = 0.0
    """It is sent in several pieces."""
    garbage: float = 0.0
    """Bytes of no packet come before it."""
    bad_checksum: float = 0.0
    """It is sent with a wrong checksum first."""
    resend: float = 0.0
    """It is sent again although it was acknowledged."""
    disconnect: float = 0.0
    """The connection is lost before the acknowledgement is read, or in the midst of the packet."""
    parts: float = 0.0
    """It is split into two (PNUM, PNO)."""


@dataclass
class Played:
    """What an instrument did."""

    sent: int = 0
    acknowledged: int = 0
    connections: int = 0


class SimulatedInstrument:
    """One dust monitor: sends readings one after another, each until it is acknowledged."""

    def __init__(
        self, config: InstrumentConfig, zone: ZoneInfo, mischief: Mischief | None = None, seed: int = 0
    ) -> None:
        self._config, self._zone = config, zone
        self._mischief = mischief or Mischief()
        self._random = random.Random(f"{config.mn} {seed}")  # noqa: S311 - a play, no secret
        self._stream = PacketStream()
        self._connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._request = 0
        self.played = Played()

    async def play(
        self, host: str, port: int, readings: Sequence[DustReading], *, pause_s: float = 0.0, answer_s: float = 5.0
    ) -> Played:
        """Send the readings; each is tried again when no acknowledgement came within `answer_s`, for ever."""
        try:
            for reading in readings:
                acknowledged = await self._try(host, port, reading, answer_s)
                while not acknowledged:
                    await asyncio.sleep(0.05 + self._random.random() * 0.1)
                    acknowledged = await self._try(host, port, reading, answer_s)
                self.played.acknowledged += 1
                await asyncio.sleep(pause_s)
        finally:
            self._hang_up()
        return self.played

    async def _try(self, host: str, port: int, reading: DustReading, answer_s: float) -> bool:
        try:
            async with asyncio.timeout(answer_s):
                reader, writer = await self._connect(host, port)
                for packet in self._packets(reading):
                    await self._send(writer, packet)
                    if self._happens(self._mischief.disconnect):
                        self._hang_up()
                        return False
                    await self._wait_for_answer(reader, packet)
                    if self._happens(self._mischief.resend):
                        await self._send(writer, packet)
        except (TimeoutError, OSError):
            self._hang_up()
            return False
        return True

    async def _connect(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._connection is None:
            self._connection = await asyncio.open_connection(host, port)
            self._stream = PacketStream()
            self.played.connections += 1
        return self._connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection[1].transport.abort()
            self._connection = None

    async def _send(self, writer: asyncio.StreamWriter, packet: Packet) -> None:
        data = encode(packet)
        self.played.sent += 1
        if self._happens(self._mischief.garbage):
            writer.write(self._random.randbytes(self._random.randint(1, 200)) + b"##0\r\n")
        if self._happens(self._mischief.bad_checksum):
            writer.write(data[:-6] + b"%04X\r\n" % (int(data[-6:-2], 16) ^ 1))
        if self._happens(self._mischief.cut):
            at = self._random.randrange(1, len(data))
            writer.write(data[:at])
            await writer.drain()
            await asyncio.sleep(0.01)
            if self._happens(self._mischief.disconnect):
                raise ConnectionError
            data = data[at:]
        writer.write(data)
        await writer.drain()

    async def _wait_for_answer(self, reader: asyncio.StreamReader, packet: Packet) -> None:
        while data := await reader.read(4096):
            for answer in self._stream.feed(data):
                if isinstance(answer, Packet) and (answer.command, answer.request) == (DATA_ANSWER, packet.request):
                    return
        raise ConnectionError

    def _packets(self, reading: DustReading) -> Iterator[Packet]:
        self._request += 1
        local = reading.measured_at.astimezone(self._zone)
        packet = Packet(
            request=f"{local:%Y%m%d%H%M%S}{self._request % 1000:03d}",
            system=_DUST_SYSTEM,
            command=_COMMANDS[reading.period],
            password=self._config.password.get_secret_value(),
            instrument=self._config.mn,
            content=write_data(reading, self._zone, self._config.dust_to_ug_m3),
            wants_answer=True,
        )
        if not self._happens(self._mischief.parts):
            yield packet
            return
        groups = packet.content.split(";")
        half = len(groups) // 2
        for number, part in enumerate((groups[:half], groups[half:]), start=1):
            yield replace(packet, content=";".join(part), part=Part(number, 2))

    def _happens(self, share: float) -> bool:
        return self._random.random() < share


def made_readings(config: InstrumentConfig, start: datetime, count: int, seed: int = 0) -> list[DustReading]:
    """Return `count` minute readings of a site from `start` (UTC) on: dust that drifts, weather, noise."""
    chance = random.Random(f"{config.mn} {seed} readings")  # noqa: S311 - a play, no secret
    pm10 = chance.uniform(30.0, 90.0)
    readings = []
    for number in range(count):
        pm10 = max(5.0, pm10 + chance.gauss(0.0, 4.0))
        levels = {Factor.TSP: pm10 * 1.6, Factor.PM10: pm10, Factor.PM25: pm10 * 0.4, Factor.NOISE: 60.0}
        weather = {Factor.TEMPERATURE: 18.0, Factor.HUMIDITY: 60.0, Factor.WIND_SPEED: 2.0, Factor.WIND_DIRECTION: 90.0}
        factors = {
            factor: Measured(
                mean=round(level, 1), lowest=round(level * 0.9, 1), highest=round(level * 1.1, 1), mark=Mark.NORMAL
            )
            for factor, level in {**levels, **weather}.items()
        }
        at = start + timedelta(minutes=number * config.minutes_per_record)
        readings.append(DustReading(config.mn, Period.MINUTE, at, factors))
    return readings
