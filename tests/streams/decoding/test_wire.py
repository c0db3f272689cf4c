"""What a decoding process answers is believed only within limits, and nonsense ends the process, not the edge."""

import contextlib
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from streams.codecs import DecoderLost
from streams.decoding import wire
from streams.decoding.pool import DecoderPool, Place
from streams.decoding.process import DecodingProcess, ProcessDied
from streams.decoding.remote import CameraDecoders
from streams.decoding.wire import Asked, MalformedAnswer, PictureTold, Request
from streams.limits import MOST_PIXELS
from streams.packets import StreamFormat

GOOD = PictureTold(1, False, True, 64, 64, "yuv420p", (1, 1, 1, 1))
TICKS = st.integers(-wire.MAX_TICKS, wire.MAX_TICKS)
PICTURES = st.builds(
    PictureTold,
    pts=st.none() | TICKS,
    is_corrupt=st.booleans(),
    is_keyframe=st.booleans(),
    width=st.integers(1, 4096),
    height=st.integers(1, 4096),
    pixel_format=st.sampled_from(wire.PIXEL_FORMATS),
    colours=st.tuples(*(st.integers(0, most) for most in wire.COLOUR_LIMITS)),
)


@given(st.lists(PICTURES, max_size=wire.MOST_PICTURES), st.integers(0, 2**40))
def test_an_answer_is_read_as_it_was_written(pictures: list[PictureTold], cpu_ns: int) -> None:
    written = wire.write_answer(pictures, cpu_ns)
    assert wire.is_whole(written)
    assert not wire.is_whole(written[:-1])
    assert wire.read_answer(written) == (pictures, cpu_ns)


@given(st.binary(min_size=wire.PICTURE_BYTES, max_size=wire.PICTURE_BYTES))
def test_whatever_is_told_of_a_picture_it_fits_into_the_shared_memory(told: bytes) -> None:
    with contextlib.suppress(MalformedAnswer):
        ((picture,), _) = wire.read_answer(wire.write_answer([GOOD], 0)[: wire.ANSWER_BYTES] + told)
        last = wire.planes_of(picture.pixel_format, picture.width, picture.height)[-1]
        assert last.start + last.rows * last.row_bytes <= wire.SHARED_BYTES


@given(st.sampled_from(Request), st.integers(0, 2**32 - 1), TICKS, TICKS, st.integers(0, 255), st.binary(max_size=99))
def test_a_request_is_read_as_it_was_written(
    request: Request, session: int, pts: int, dts: int, number: int, data: bytes
) -> None:
    asked = Asked(request, session, pts, dts, number, data)
    written = wire.write_asked(asked)
    head, length = wire.read_asked(written[: wire.ASKED_BYTES])
    assert length == len(data)
    assert Asked(head.request, head.session, head.pts, head.dts, head.number, written[wire.ASKED_BYTES :]) == asked


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_format_is_opened_as_it_was_told(codec: str) -> None:
    told = StreamFormat(codec, 640, 360, b"\0\0\0\1sets", Fraction(1, 90000), 25.0)  # type: ignore[arg-type]
    opened = wire.opened_format(wire.opening(7, told))
    assert (opened.codec, opened.extradata, opened.time_base) == (told.codec, told.extradata, told.time_base)


def _answers(data: bytes, then: str = "edge.recv(99)") -> list[str]:
    """Return a command that answers its first request with these bytes."""
    script = (
        "import socket, sys; from streams.decoding import wire; edge = socket.socket(fileno=int(sys.argv[1]))\n"
        f"edge.sendall(wire.READY + bytes([1])); edge.recv(99); edge.sendall({data!r}); {then}"
    )
    return [sys.executable, "-c", script]


def _told(at: int, value: int) -> bytes:
    """Return an answer with one good picture of which one byte is another."""
    data = bytearray(wire.write_answer([GOOD], 0))
    data[wire.ANSWER_BYTES + at] = value
    return bytes(data)


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (b"\xff" * wire.ANSWER_BYTES, "255 pictures"),
        (_told(12, 0xFF), "a picture of"),
        (_told(17, 0xFF), "pixel format 255"),
        (_told(18, 0xFF), "colours"),
        (wire.write_answer([GOOD], 0) + b"x", "1 bytes too many"),
    ],
)
def test_a_malformed_answer_ends_the_process(answer: bytes, what: str) -> None:
    process = DecodingProcess(_answers(answer))
    with pytest.raises(ProcessDied, match=what):
        process.ask(Asked(Request.DRAIN, 1))
    assert not process.is_alive


def test_an_answer_that_is_cut_off_ends_the_process() -> None:
    process = DecodingProcess(_answers(wire.write_answer([GOOD], 0)[:-1], then="pass"))
    with pytest.raises(ProcessDied, match="ended with 0"):
        process.ask(Asked(Request.DRAIN, 1))


def test_a_process_that_could_not_shut_itself_in_is_told_of() -> None:
    script = "import socket, sys; from streams.decoding import wire; edge = socket.socket(fileno=int(sys.argv[1]))\n"
    command = [sys.executable, "-c", script + "edge.sendall(wire.READY + bytes([0])); edge.recv(99)"]
    place = Place(lambda: DecodingProcess(command))
    with capture_logs() as logs:
        place.living()
    place.end()
    assert [line["event"] for line in logs] == ["decoder.not_shut_in"]


def test_a_process_that_cannot_be_started_loses_looks_and_no_more() -> None:
    pool = DecoderPool(most=1, start=lambda: DecodingProcess(["/bin/false"]))
    decoders = CameraDecoders(pool, "gate")
    codec = decoders.open(StreamFormat("h264", 64, 64, b"", Fraction(1, 90000), 25.0))
    for _ in range(5):
        with pytest.raises(DecoderLost):
            codec.drain()
    assert decoders.deaths == 0


def test_the_largest_picture_fits() -> None:
    assert wire.SHARED_BYTES >= MOST_PIXELS * 6
