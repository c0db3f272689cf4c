"""Looks once at the reference picture of a camera's perimeter, when the camera's watch begins."""

from datetime import UTC, datetime

import cv2
import numpy as np
import structlog

from service.edge.cameras import CameraOrder
from streams.frames import Frame
from vision.networks import Networks
from vision.perimeter_watch import REFERENCE_NEEDS, PerimeterWatch
from vision.reference import HoardingReference
from vision.surface_samples import is_light

log = structlog.get_logger(__name__)


def hoarding_reference(order: CameraOrder, networks: Networks) -> HoardingReference | None:
    """Return what the camera's reference shows along its perimeter; None without the one or the other, or by night.

    Stretches that show no hoarding there are told in the log: they are not judged.
    """
    path = order.camera.reference
    if order.perimeter is None or path is None:
        return None
    image = cv2.imread(str(path))
    if image is None:  # it was there when the configuration was read
        log.warning("reference.not_read", camera=order.camera.id, path=str(path))
        return None
    frame = Frame(np.asarray(image, dtype=np.uint8), datetime.now(UTC), is_keyframe=True)
    (seen,) = networks.see([frame], [REFERENCE_NEEDS])
    if not is_light(seen):
        log.warning("reference.too_dark", camera=order.camera.id, path=str(path))
        return None
    reference = PerimeterWatch(order.perimeter).reference(seen, order.camera.zones.privacy_zones())
    for start, end in reference.stretches_without:
        log.warning("perimeter.never_had_hoarding", camera=order.camera.id, start=round(start, 3), end=round(end, 3))
    return reference
