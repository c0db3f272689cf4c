"""The simulated cameras: what they send is the film, picture by picture, and they begin where they are told."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.camera_servers import CameraServers
from benchmarks.rtsp_player import PAYLOAD_BYTES, rtp_payloads, units_of
from streams.addresses import VideoSource
from streams.frames import DecodeMode, decode_all
from streams.packets import Packet
from streams.sources import OpenVideo
from tests.made_video import make_video, read_number


@given(st.binary(min_size=1, max_size=5 * PAYLOAD_BYTES))
def test_a_unit_can_be_put_together_from_its_payloads(unit: bytes) -> None:
    payloads = rtp_payloads(unit)

    if len(payloads) == 1:
        assert payloads == [unit]
        return
    assert [payload[1] >> 6 for payload in payloads] == [2, *[0] * (len(payloads) - 2), 1]
    first = bytes([(payloads[0][0] & 0xE0) | (payloads[0][1] & 0x1F)])
    assert first == bytes([(unit[0] & 0xE0) | (unit[0] & 0x1F)])
    assert b"".join(payload[2:] for payload in payloads) == unit[1:]


def test_start_codes_of_both_lengths_part_units() -> None:
    assert units_of(b"\x00\x00\x00\x01ab\x00\x00\x01cd") == [b"ab", b"cd"]


def first_packets(url: str, count: int) -> list[Packet]:
    with OpenVideo(VideoSource(url)) as video:
        return [packet for packet, _ in zip(video.packets(), range(count), strict=False)]


@pytest.mark.slow
def test_cameras_send_the_film_and_tell_when_it_began(tmp_path: Path) -> None:
    film = make_video(tmp_path / "film.mp4", frames=100, gop=25)

    with CameraServers(film, 3, tmp_path / "logs", a_process=2, phase_s=1.0) as servers:
        packets = [first_packets(url, 60) for url in servers.urls]
        began = servers.film_began_at()

    numbers = [[read_number(frame.image) for frame in decode_all(each, DecodeMode.FULL)] for each in packets]
    assert [each[0] for each in numbers] == [0, 25, 50]
    assert numbers[0] == list(range(60))
    assert numbers[2] == [number % 100 for number in range(50, 110)]
    assert sorted(began) == [0, 1, 2]
