"""RTSP on the wire: what a camera sends taken apart, and the fields in it that a fault changes."""

import asyncio
import re
import struct
from dataclasses import dataclass

INTERLEAVED = b"$"
RTCP_SENDER_REPORT = 200
RTP_TIMESTAMP_AT = 4
SENDER_REPORT_TIMESTAMP_AT = 16
"""Bytes from the beginning of a packet to its 32-bit timestamp."""


@dataclass(frozen=True)
class MediaPacket:
    """One RTP packet (even `channel`) or RTCP packet (odd `channel`), as it lies between RTSP messages on TCP."""

    channel: int
    payload: bytes

    @property
    def is_rtp(self) -> bool:
        """Tell whether it carries video rather than a report."""
        return self.channel % 2 == 0

    def to_bytes(self) -> bytes:
        """Return it with its frame: "$", channel, length."""
        return INTERLEAVED + struct.pack(">BH", self.channel, len(self.payload)) + self.payload


@dataclass(frozen=True)
class Message:
    """One RTSP request or answer, header and body."""

    text: bytes

    def to_bytes(self) -> bytes:
        """Return it as it came."""
        return self.text


async def read_part(stream: asyncio.StreamReader) -> Message | MediaPacket:
    """Return what comes next. Raises asyncio.IncompleteReadError at the end."""
    first = await stream.readexactly(1)
    if first == INTERLEAVED:
        channel, length = struct.unpack(">BH", await stream.readexactly(3))
        return MediaPacket(channel, await stream.readexactly(length))
    header = first + await stream.readuntil(b"\r\n\r\n")
    length_field = re.search(rb"(?im)^content-length:\s*(\d+)", header)
    return Message(header + await stream.readexactly(int(length_field[1]) if length_field else 0))


def rtp_timestamp(packet: MediaPacket) -> int | None:
    """Return the 32-bit timestamp of an RTP packet; None of another one."""
    if not packet.is_rtp:
        return None
    return int(struct.unpack_from(">I", packet.payload, RTP_TIMESTAMP_AT)[0])


def with_timestamp_moved(packet: MediaPacket, ticks: int) -> MediaPacket:
    """Return the packet with its timestamp (RTP, or of a sender's report) moved by `ticks`, modulo 2**32."""
    if packet.is_rtp:
        place = RTP_TIMESTAMP_AT
    elif packet.payload[1] == RTCP_SENDER_REPORT:
        place = SENDER_REPORT_TIMESTAMP_AT
    else:
        return packet
    payload = bytearray(packet.payload)
    (ticks_before,) = struct.unpack_from(">I", payload, place)
    struct.pack_into(">I", payload, place, (ticks_before + ticks) % 2**32)
    return MediaPacket(packet.channel, bytes(payload))


def udp_ports(message: Message, name: str) -> tuple[int, int] | None:
    """Return the pair of ports that a SETUP's Transport states under `name` ("client_port", "server_port")."""
    ports = re.search(rb"%s=(\d+)-(\d+)" % name.encode(), message.text)
    return (int(ports[1]), int(ports[2])) if ports else None


def with_udp_ports(message: Message, name: str, ports: tuple[int, int]) -> Message:
    """Return the message with the pair of ports under `name` replaced."""
    return Message(re.sub(rb"%s=\d+-\d+" % name.encode(), b"%s=%d-%d" % (name.encode(), *ports), message.text))
