"""Cameras and files are opened, and what is wrong with them is said in one line."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import av
import pytest

from streams.addresses import VideoSource
from streams.errors import (
    AccessRefused,
    BadAddress,
    CameraUnreachable,
    HostUnknown,
    NoSuchFile,
    NoSuchStream,
    NotVideo,
    StreamError,
    StreamStalled,
    TruncatedVideo,
    UnsupportedCodec,
)
from streams.frames import decode_all
from streams.sources import OpenVideo
from tests.conftest import RtspCamera, free_port
from tests.made_video import make_video


def _failure(address: str, timeout_s: float = 5.0) -> StreamError:
    with pytest.raises(StreamError) as caught, OpenVideo(VideoSource(address, timeout_s=timeout_s)) as video:
        for _ in video.packets():
            pass
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_file_gives_its_format_and_every_packet(video: Path) -> None:
    with OpenVideo(VideoSource(str(video))) as opened:
        packets = list(opened.packets())
        assert (opened.format.codec, opened.format.width, opened.format.height) == ("h264", 320, 240)
    assert len(packets) == 100
    assert [number for number, packet in enumerate(packets) if packet.is_keyframe] == [0, 25, 50, 75]
    assert (packets[-1].captured_at - packets[0].captured_at).total_seconds() == pytest.approx(99 / 25)


@pytest.mark.parametrize("address", ["http://camera/x", "rtsp://", "rtsp://host:99999/x", "rtsp:///path", "ftp://a/b"])
def test_what_is_no_camera_address_is_refused_before_anything_is_opened(address: str) -> None:
    assert isinstance(_failure(address), BadAddress)


def test_a_missing_file(tmp_path: Path) -> None:
    assert isinstance(_failure(str(tmp_path / "none.mp4")), NoSuchFile)


@pytest.mark.parametrize("content", [b"", b"hello\n" * 100, b"\x89PNG\r\n\x1a\n" + b"\0" * 200])
def test_a_file_that_is_no_video(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.mp4"
    path.write_bytes(content)
    assert isinstance(_failure(str(path)), NotVideo | UnsupportedCodec)


def test_an_mp4_whose_index_is_missing(video: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(video.read_bytes()[: video.stat().st_size // 2])
    assert isinstance(_failure(str(cut)), TruncatedVideo)


def test_an_mp4_whose_pictures_end_early(video: Path, tmp_path: Path) -> None:
    from streams.clips import write_clip

    with OpenVideo(VideoSource(str(video))) as opened:
        write_clip(list(opened.packets()), tmp_path / "index-first.mp4")
    whole = (tmp_path / "index-first.mp4").read_bytes()
    assert whole.index(b"moov") < whole.index(b"mdat")
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    assert isinstance(_failure(str(tmp_path / "cut.mp4")), TruncatedVideo)


def test_a_codec_other_than_h264_and_h265(tmp_path: Path) -> None:
    path = make_video(tmp_path / "old.mp4", codec="mpeg4", frames=30)
    assert isinstance(_failure(str(path)), UnsupportedCodec)


def test_nothing_listens_at_the_address() -> None:
    failure = _failure(f"rtsp://admin:s3cret@127.0.0.1:{free_port()}/live")
    assert isinstance(failure, CameraUnreachable)
    assert "s3cret" not in str(failure)


def test_an_unknown_host() -> None:
    assert isinstance(_failure("rtsp://admin:s3cret@camera-7.invalid/live"), HostUnknown)


def test_a_refused_password_is_told_without_showing_it(
    video: Path, play_guarded: Callable[[Path, str, str], RtspCamera]
) -> None:
    camera = play_guarded(video, "admin", "s3cret")
    failure = _failure(camera.url.replace("s3cret", "wr0ng"))
    assert isinstance(failure, AccessRefused)
    assert "wr0ng" not in str(failure)
    assert re.search(r"rtsp://admin:\*\*\*@127\.0\.0\.1", str(failure))


def test_a_path_that_the_camera_does_not_have(
    video: Path, play_guarded: Callable[[Path, str, str], RtspCamera]
) -> None:
    camera = play_guarded(video, "admin", "s3cret")
    assert isinstance(_failure(camera.url + "-7"), NoSuchStream)


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_a_guarded_camera_over_tcp_and_udp(
    video: Path, play_guarded: Callable[[Path, str, str], RtspCamera], transport: str
) -> None:
    camera = play_guarded(video, "admin", "s3cret")
    with OpenVideo(VideoSource(camera.url, transport, timeout_s=3.0)) as opened:  # type: ignore[arg-type]
        frames = []
        for frame in decode_all(opened.packets()):
            frames.append(frame)
            if len(frames) == 30:
                break
    assert frames[0].image.shape == (240, 320, 3)


def test_a_camera_that_stops_sending(video: Path, play: Callable[[Path], RtspCamera]) -> None:
    import signal

    camera = play(video)
    with pytest.raises(StreamStalled), OpenVideo(VideoSource(camera.url, timeout_s=1.0)) as opened:
        for number, _ in enumerate(opened.packets()):
            if number == 5:
                camera.process.send_signal(signal.SIGSTOP)


@pytest.mark.clips
def test_a_trimmed_file_has_as_many_frames_as_players_show(clips: Path) -> None:
    import av

    path = clips / "video7.mp4"
    with av.open(str(path)) as container:
        shown = sum(1 for _ in container.decode(video=0))
    with OpenVideo(VideoSource(str(path))) as opened:
        frames = list(decode_all(opened.packets()))
    assert len(frames) == shown < 445
    seconds = (frames[-1].captured_at - frames[0].captured_at).total_seconds()
    assert seconds == pytest.approx(shown / 25, abs=0.1)


@pytest.mark.parametrize(
    ("said", "expected"),
    [("2026-03-01T08:00:00+08:00", datetime(2026, 3, 1, tzinfo=UTC)), (None, None)],
)
def test_a_file_tells_when_it_was_made_if_it_says_so(
    said: str | None, expected: datetime | None, video: Path, tmp_path: Path
) -> None:
    path = tmp_path / "dated.mp4"
    with av.open(str(video)) as source, av.open(str(path), "w") as target:
        if said is not None:
            target.metadata["creation_time"] = said
        copy = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = copy
                target.mux(packet)
    with OpenVideo(VideoSource(str(path))) as opened:
        assert opened.created_at == expected


def test_no_decoder_sees_a_cameras_pictures_when_it_is_opened(video: Path, play: Callable[..., RtspCamera]) -> None:
    av.logging.set_level(av.logging.ERROR)
    try:
        with av.logging.Capture() as said, OpenVideo(VideoSource(play(video).url)) as opened:
            assert (opened.format.width, opened.format.height) == (320, 240)
    finally:
        av.logging.set_level(None)
    assert any("not on whitelist" in text for _, _, text in said)
