"""Keyframes tell when the camera's picture changes."""

from pathlib import Path

import pytest

from streams.addresses import VideoSource
from streams.parameter_sets import parameter_sets, picture_size, sequence_parameters
from streams.sources import OpenVideo
from tests.made_video import make_video


@pytest.mark.parametrize(("encoder", "codec"), [("libx264", "h264"), ("libx265", "hevc")])
def test_a_keyframe_tells_its_size_and_parameters(tmp_path: Path, encoder: str, codec: str) -> None:
    found = []
    for width, height in ((320, 240), (640, 360)):
        path = make_video(tmp_path / f"{width}.mp4", frames=30, codec=encoder, width=width, height=height)
        with OpenVideo(VideoSource(str(path))) as opened:
            packets = list(opened.packets())
        assert picture_size(packets[0].data, codec) == (width, height)  # type: ignore[arg-type]
        assert sequence_parameters(packets[1].data, codec) == b""  # type: ignore[arg-type]
        found.append(sequence_parameters(packets[0].data, codec))  # type: ignore[arg-type]
        assert len(found[-1]) < len(parameter_sets(packets[0].data, codec))  # type: ignore[arg-type]
    assert found[0] != found[1]


@pytest.mark.parametrize("data", [b"", b"\0\0\1", b"\0\0\1\x67", bytes(100), b"\0\0\0\1\x67\0\0\1\x65abc"])
def test_what_is_no_keyframe_has_no_size(data: bytes) -> None:
    assert picture_size(data, "h264") is None
    assert len(parameter_sets(data, "h264")) <= len(data) + 4
