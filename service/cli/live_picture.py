"""A picture of a live camera for a command to show or store: private areas are painted over."""

from dataclasses import dataclass

from service.config.camera import CameraConfig
from streams.errors import NotVideo
from streams.frames import BgrImage
from streams.probe import ProbeReport, probe
from vision.privacy import paint_over

WATCHED_S = 3.0


@dataclass(frozen=True)
class LivePicture:
    """What a camera sends, and its picture (BGR): `as_sent` for the networks alone, `for_people` to show and store."""

    report: ProbeReport
    as_sent: BgrImage
    for_people: BgrImage


def live_picture(camera: CameraConfig) -> LivePicture:
    """Take a picture of a live camera. Raises StreamError."""
    report, frame = probe(camera.source, seconds=WATCHED_S)
    if frame is None:
        raise NotVideo(url=camera.source.address, detail="no picture could be decoded")
    return LivePicture(report, frame.image, paint_over(frame.image, camera.zones.privacy_zones()))
