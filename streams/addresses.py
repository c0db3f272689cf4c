"""Where video comes from: a camera's URL or a file's path, checked before anything is opened."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from streams.errors import BadAddress, NoSuchFile

CAMERA_SCHEMES = frozenset({"rtsp", "rtsps"})


@dataclass(frozen=True)
class VideoSource:
    """Where video comes from: a camera's RTSP URL or a file's path."""

    address: str
    transport: Literal["tcp", "udp"] = "tcp"
    timeout_s: float = 10.0

    @property
    def is_camera(self) -> bool:
        """Tell whether the address is a camera's URL (rather than a file's path)."""
        return urlsplit(self.address).scheme.lower() in CAMERA_SCHEMES


def check_address(source: VideoSource) -> None:
    """Raise BadAddress or NoSuchFile for what can't be a camera or a file, before anything is opened."""
    address = source.address
    if source.is_camera:
        try:
            parts = urlsplit(address)
            usable = bool(parts.hostname) and (parts.port is None or 0 < parts.port < 65536)
        except ValueError:
            usable = False
        if not usable:
            raise BadAddress(url=address)
        return
    if "://" in address:
        raise BadAddress(url=address)
    if not Path(address).is_file():
        raise NoSuchFile(url=address)
