"""Plays a video file for ever as an RTSP camera, for trying things out."""

import asyncio
import logging
from pathlib import Path
from urllib.parse import quote

from aio_rtsp_toolkit.server import RtspServer

from service.errors import ServiceError
from streams.packets import StreamFormat
from streams.sources import OpenVideo, VideoSource

PLAYABLE = frozenset({".mp4", ".mkv"})


class NotPlayable(ServiceError):
    """The file is video, but of a kind that the simulated camera can't play."""

    template = "{path}: the simulated camera plays .mp4 and .mkv files"


class PortTaken(ServiceError):
    """Another program listens on the port."""

    template = "port {port} is in use; choose another with {option}"


def check_playable(clip: Path) -> StreamFormat:
    """Return the clip's format. Raises StreamError where it is no video, NotPlayable where it is of another kind."""
    with OpenVideo(VideoSource(str(clip))) as video:
        for _ in video.packets():  # to its end, because a cut-off file is better refused now
            pass
        stream_format = video.format
    if clip.suffix.lower() not in PLAYABLE:
        raise NotPlayable(path=clip)
    return stream_format


def camera_url(clip: Path, port: int) -> str:
    """Return the URL at which `play_for_ever` offers the clip."""
    return f"rtsp://127.0.0.1:{port}/{quote(clip.name)}?play_count=0"


def play_for_ever(clip: Path, port: int) -> None:
    """Serve the clip, again and again, to every client on this machine, until the process ends. Raises PortTaken."""
    server = RtspServer(str(clip.resolve().parent), "127.0.0.1", port)
    server.logger = logging.getLogger("simulated_camera")
    try:
        asyncio.run(server.serve_forever())
    except OSError as error:
        raise PortTaken(port=port, option="--port") from error
