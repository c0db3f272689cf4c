"""What is fuzzed: for each target the good input that is damaged, and what takes it; only its own errors are right."""

import hashlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import av
from av.video.stream import VideoStream

from benchmarks.fuzz.boundary import Boundary, answers
from service.config.document import ConfigError
from service.config.file import load_config
from service.dust.hj212.packet import Packet as DustPacket
from service.dust.hj212.stream import PacketStream, encode
from service.errors import ServiceError
from service.storage.attachment import make_attachment
from service.storage.package import open_package
from streams.addresses import VideoSource
from streams.errors import StreamError
from streams.frames import FrameDecoder
from streams.packets import Packet
from streams.parameter_sets import parameter_sets, picture_size
from streams.sources import OpenVideo

ROOT = Path(__file__).parents[2]
FRAMES = 30


@dataclass(frozen=True)
class Target:
    """`samples` are good inputs; `take` is given damaged ones, and what it raises is a finding."""

    samples: Sequence[bytes]
    take: Callable[[bytes], None]
    figures: Callable[[], Mapping[str, int]] = dict
    """What is told of the target itself when the time is over."""


def _hj212() -> Target:
    content = "DataTime=20260301120000;a34001-Rtd=0.123,a34001-Flag=N;a34002-Avg=0.1,a34002-Flag=N"
    samples = [
        encode(DustPacket("20260301120000123", "22", command, "123456", "MN0001", content, wants_answer=True))
        for command in ("2011", "2051")
    ]

    def take(data: bytes) -> None:
        stream = PacketStream()
        for at in range(0, len(data), 100):
            stream.feed(data[at : at + 100])

    return Target(samples, take)


def _config() -> Target:
    path = Path(tempfile.mkdtemp(prefix="fuzz-config-")) / "dustwatch.yaml"

    def take(data: bytes) -> None:
        path.write_bytes(data)
        try:
            load_config(path, {})
        except ConfigError:
            return

    return Target([(ROOT / "docs/dustwatch.example.yaml").read_bytes()], take)


def _manifest() -> Target:
    schema = (ROOT / "docs/evidence-manifest.schema.json").read_bytes()
    point = (
        b'{"schema_version":1,"key":"00000000-0000-0000-0000-000000000000","rule":"uncovered_soil",'
        b'"opened_at":"2026-03-01T04:00:00Z","measures":{"share":0.4},"files":[]}'
    )

    def take(data: bytes) -> None:
        try:
            open_package(data, f"{hashlib.sha256(data).hexdigest()}  manifest.json\n".encode())
        except ServiceError:
            return

    return Target([point, schema], take)


def _attachment() -> Target:
    picture = (ROOT / "benchmarks/results/judgement-failures.jpg").read_bytes()[:60_000]
    drawn = next((ROOT / "benchmarks/results").glob("*.png")).read_bytes()

    def take(data: bytes) -> None:
        try:
            make_attachment("photo", data)
        except ServiceError:
            return

    return Target([picture, drawn], take)


def _decoder(encoder: str) -> Target:
    packets = _made_packets(encoder)
    format_before = packets[0].format

    def take(data: bytes) -> None:
        codec = format_before.codec
        picture_size(data, codec)
        parameter_sets(data, codec)
        stream_format = replace(format_before, extradata=data[:64] if data[:1] == b"\xff" else b"")
        decoder = FrameDecoder()
        for number, packet in enumerate([replace(packets[0], data=data), *packets[1:6]]):
            for picture in decoder.decode(replace(packet, format=stream_format, pts=number, dts=number)):
                picture.thumbnail()
                picture.to_frame()

    return Target([packet.data for packet in packets], take)


def _boundary(encoder: str) -> Target:
    packets = _made_packets(encoder)[:10]
    boundary = Boundary(packets)
    return Target([packet.data for packet in packets], boundary.take, lambda: {"deaths": boundary.deaths})


def _container() -> Target:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-video-"))
    good, path = _made_video("libx264", folder), folder / "damaged.mp4"

    def take(data: bytes) -> None:
        path.write_bytes(data)
        try:
            with OpenVideo(VideoSource(str(path))) as video:
                for _ in video.packets():
                    pass
        except StreamError:
            return

    return Target([good.read_bytes()], take)


def _made_video(encoder: str, folder: Path) -> Path:
    path = folder / f"{encoder}.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(encoder, rate=25, options={"preset": "ultrafast"})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        for number in range(FRAMES):
            picture = av.VideoFrame(160, 96, "yuv420p")
            for plane in picture.planes:
                plane.update(bytes((number * 7 + place // 5) % 256 for place in range(plane.buffer_size)))
            picture.pts = number
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def _made_packets(encoder: str) -> list[Packet]:
    path = _made_video(encoder, Path(tempfile.mkdtemp(prefix="fuzz-video-")))
    with OpenVideo(VideoSource(str(path)), started_at=datetime(2026, 3, 1, tzinfo=UTC)) as video:
        return list(video.packets())


TARGETS: Mapping[str, Callable[[], Target]] = {
    "hj212": _hj212,
    "config": _config,
    "manifest": _manifest,
    "attachment": _attachment,
    "h264": lambda: _decoder("libx264"),
    "hevc": lambda: _decoder("libx265"),
    "container": _container,
    "boundary-h264": lambda: _boundary("libx264"),
    "boundary-hevc": lambda: _boundary("libx265"),
    "boundary-answers": lambda: Target(*answers()),
}
