"""Turns FFmpeg's errors into the stream errors, which tell what to do and hold no password."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import av

from streams.addresses import VideoSource
from streams.errors import (
    AccessRefused,
    CameraUnreachable,
    HostUnknown,
    NoSuchStream,
    NotVideo,
    StreamError,
    StreamStalled,
    TruncatedVideo,
)


@contextmanager
def translated(source: VideoSource) -> Iterator[None]:
    """Turn FFmpeg's errors into ours; `from None`, because FFmpeg's quote the URL with its password."""
    try:
        yield
    except (av.error.FFmpegError, OSError) as error:
        raise _stream_error(error, source) from None


def _stream_error(error: Exception, source: VideoSource) -> StreamError:
    url = source.address
    if not source.is_camera:
        return _file_error(error, url)
    match error:
        case av.error.HTTPUnauthorizedError() | av.error.HTTPForbiddenError():
            return AccessRefused(url=url)
        case av.error.HTTPNotFoundError() | av.error.HTTPBadRequestError():
            return NoSuchStream(url=url)
        case av.error.ExitError() | av.error.TimeoutError():
            return StreamStalled(url=url, seconds=f"{source.timeout_s:g}")
        case av.error.InvalidDataError():
            return NotVideo(url=url, detail="what it sends is not RTSP video")
        case av.error.ConnectionRefusedError():
            return CameraUnreachable(url=url, detail="connection refused")
    host = urlsplit(url).hostname or ""
    if not _resolves(host):
        return HostUnknown(url=url, host=host)
    return CameraUnreachable(url=url, detail=getattr(error, "strerror", None) or type(error).__name__)


def _file_error(error: Exception, url: str) -> StreamError:
    if isinstance(error, av.error.InvalidDataError):
        with Path(url).open("rb") as file:
            is_mp4 = file.read(12)[4:8] == b"ftyp"
        if is_mp4:
            return TruncatedVideo(url=url, detail="its index, which stands at the end, is missing")
        return NotVideo(url=url, detail="its contents are of another kind")
    return NotVideo(url=url, detail=getattr(error, "strerror", None) or type(error).__name__)


def _resolves(host: str) -> bool:
    try:
        socket.getaddrinfo(host, None)
    except OSError:
        return False
    return True
