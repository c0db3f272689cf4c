"""Plays video files for ever as RTSP cameras, for trying things out."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from aio_rtsp_toolkit.server import RtspServer

from service.errors import ServiceError
from streams.addresses import VideoSource
from streams.packets import StreamFormat
from streams.sources import OpenVideo

PLAYABLE = frozenset({".mp4", ".mkv"})


class NotPlayable(ServiceError):
    """The file is video, but of a kind that the simulated camera can't play."""

    template = "{path}: the simulated camera plays .mp4 and .mkv files"


class NotTogether(ServiceError):
    """The files lie in several folders, of which the server can play one."""

    template = "{path} lies in another folder than {first}; put the files into one folder"


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


def check_together(clips: Sequence[Path]) -> None:
    """Raise NotTogether unless the clips lie in one folder."""
    for clip in clips:
        if clip.resolve().parent != clips[0].resolve().parent:
            raise NotTogether(path=clip, first=clips[0])


def camera_url(clip: Path, port: int) -> str:
    """Return the URL at which `play_for_ever` offers the clip."""
    return f"rtsp://127.0.0.1:{port}/{quote(clip.name)}?play_count=0"


def play_for_ever(folder: Path, port: int) -> None:
    """Serve the folder's clips, again and again, to every client on this machine, until the process ends.

    Raises PortTaken.
    """
    server = RtspServer(str(folder.resolve()), "127.0.0.1", port)
    server.logger = logging.getLogger("simulated_camera")
    try:
        asyncio.run(server.serve_forever())
    except OSError as error:
        raise PortTaken(port=port, option="--port") from error
