"""A process that plays a file for ever as many RTSP cameras, cheaply: RTP packets are cut once and only numbered again.

Usage: python -m benchmarks.rtsp_player FILE PORT [ADDRESS]. Speaks RTP over TCP with H.264. Any path is its own camera;
`?offset=S` begins S seconds into the file; with `&live=1` the film runs whether anybody looks or not, and began S
seconds before 1970, so that who connects again sees what goes on there now. Each PLAY prints
a line of JSON: the path, and the Unix time at which
the file's beginning was, or would have been, sent.
"""

import asyncio
import base64
import contextlib
import json
import struct
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from streams.addresses import VideoSource
from streams.sources import OpenVideo

RTP_CLOCK = 90_000
PAYLOAD_TYPE = 96
PAYLOAD_BYTES = 1400
"""What fits into one packet of a network, as cameras send over TCP too."""
FRAGMENT = 28
"""The type of a unit of which a packet holds only a part (FU-A, RFC 6184)."""
SEQUENCE_SET, PICTURE_SET = 7, 8
LARGEST_BACKLOG_BYTES = 4_000_000


@dataclass(frozen=True)
class SentPicture:
    """One picture as RTP packets, interleaved for TCP; `headers` are the places of the RTP headers in `data`."""

    data: bytes
    headers: tuple[int, ...]
    is_keyframe: bool


def units_of(annex_b: bytes) -> list[bytes]:
    """Return the units (NAL units without start codes) of one picture."""
    parts = annex_b.replace(b"\x00\x00\x00\x01", b"\x00\x00\x01").split(b"\x00\x00\x01")
    return [part for part in parts if part]


def rtp_payloads(unit: bytes) -> list[bytes]:
    """Return the payloads that carry one unit: itself, or its fragments."""
    if len(unit) <= PAYLOAD_BYTES:
        return [unit]
    indicator, kind = (unit[0] & 0xE0) | FRAGMENT, unit[0] & 0x1F
    body = unit[1:]
    pieces = [body[at : at + PAYLOAD_BYTES] for at in range(0, len(body), PAYLOAD_BYTES)]
    last = len(pieces) - 1
    return [
        bytes([indicator, kind | (0x80 if index == 0 else 0) | (0x40 if index == last else 0)]) + piece
        for index, piece in enumerate(pieces)
    ]


def cut_picture(annex_b: bytes, is_keyframe: bool) -> SentPicture:
    """Return the picture's packets; sequence numbers and timestamps are left 0."""
    payloads = [payload for unit in units_of(annex_b) for payload in rtp_payloads(unit)]
    data, headers = bytearray(), []
    for index, payload in enumerate(payloads):
        marker = 0x80 if index == len(payloads) - 1 else 0
        data += struct.pack(">cBH", b"$", 0, 12 + len(payload))
        headers.append(len(data))
        data += struct.pack(">BBHII", 0x80, PAYLOAD_TYPE | marker, 0, 0, 1) + payload
    return SentPicture(bytes(data), tuple(headers), is_keyframe)


class Film:
    """A file, cut into packets."""

    def __init__(self, path: Path) -> None:
        with OpenVideo(VideoSource(str(path))) as video:
            packets = list(video.packets())
            self.rate = video.format.frame_rate or 25.0
        self.pictures = [cut_picture(packet.data, packet.is_keyframe) for packet in packets]
        sets = [unit for unit in units_of(packets[0].data) if unit[0] & 0x1F in {SEQUENCE_SET, PICTURE_SET}]
        self.parameter_sets = ",".join(base64.b64encode(unit).decode() for unit in sets)

    def first_at(self, offset_s: float) -> int:
        """Return the number of the last keyframe up to `offset_s` seconds."""
        wanted = int(offset_s * self.rate) % len(self.pictures)
        return max(number for number in range(wanted + 1) if self.pictures[number].is_keyframe)

    def describe(self) -> str:
        """Return the session's description (SDP)."""
        return (
            "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=camera\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\na=control:*\r\n"
            f"m=video 0 RTP/AVP {PAYLOAD_TYPE}\r\na=rtpmap:{PAYLOAD_TYPE} H264/{RTP_CLOCK}\r\n"
            f"a=fmtp:{PAYLOAD_TYPE} packetization-mode=1;sprop-parameter-sets={self.parameter_sets}\r\n"
            f"a=framerate:{self.rate:g}\r\na=control:track\r\n"
        )


class Viewer:
    """One client's connection."""

    def __init__(self, film: Film, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._film = film
        self._reader = reader
        self._writer = writer
        self._url = ""
        self._sending: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        """Answer until the client goes."""
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                while await self._answer_one():
                    pass
        finally:
            if self._sending:
                self._sending.cancel()
            self._writer.close()

    async def _answer_one(self) -> bool:
        first = await self._reader.readexactly(1)
        if first == b"$":  # the client's own reports
            _, length = struct.unpack(">BH", await self._reader.readexactly(3))
            await self._reader.readexactly(length)
            return True
        request = (first + await self._reader.readuntil(b"\r\n\r\n")).decode()
        method, url, *_ = request.split()
        fields = {"CSeq": _field(request, "CSeq"), "Session": "1"}
        body = ""
        if method == "OPTIONS":
            fields["Public"] = "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN"
        elif method == "DESCRIBE":
            body = self._film.describe()
            fields |= {"Content-Type": "application/sdp", "Content-Base": url.split("?")[0] + "/"}
        elif method == "SETUP":
            fields["Transport"] = "RTP/AVP/TCP;unicast;interleaved=0-1"
        elif method == "PLAY":
            fields["Range"] = "npt=0-"
        fields["Content-Length"] = str(len(body))
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self._writer.write(f"RTSP/1.0 200 OK\r\n{lines}\r\n{body}".encode())
        if method == "DESCRIBE":
            self._url = url
        if method == "PLAY" and self._sending is None:
            self._sending = asyncio.create_task(self._send())
        return method != "TEARDOWN"

    async def _send(self) -> None:
        film, parts = self._film, urlsplit(self._url)
        asked = parse_qs(parts.query)
        began, offset_s = time.time(), float(asked.get("offset", ["0"])[0])
        if "live" in asked:
            offset_s += began % (len(film.pictures) / film.rate)
        first = number = film.first_at(offset_s)
        print(json.dumps({"path": parts.path, "film_began_at": began - first / film.rate}), flush=True)
        sequence = 0
        while True:
            await asyncio.sleep(max(0.0, began + (number - first) / film.rate - time.time()))
            picture = film.pictures[number % len(film.pictures)]
            data = bytearray(picture.data)
            ticks = round(number * RTP_CLOCK / film.rate) & 0xFFFFFFFF
            for place in picture.headers:
                struct.pack_into(">HI", data, place + 2, sequence, ticks)
                sequence = (sequence + 1) & 0xFFFF
            self._writer.write(data)
            if self._writer.transport.get_write_buffer_size() > LARGEST_BACKLOG_BYTES:
                await self._writer.drain()
            number += 1


def _field(request: str, name: str) -> str:
    for line in request.split("\r\n"):
        if line.lower().startswith(f"{name.lower()}:"):
            return line.split(":", 1)[1].strip()
    return ""


async def play(path: Path, port: int, address: str = "127.0.0.1") -> None:
    """Serve the file at the address until the process ends."""
    film = Film(path)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await Viewer(film, reader, writer).serve()

    server = await asyncio.start_server(serve, address, port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(play(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:4]))
