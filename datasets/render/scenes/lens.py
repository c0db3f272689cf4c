"""What a picture suffers between the scene and the recorder: lens, air, rain, dirt, noise, caption, codec. Pure."""

from io import BytesIO

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from datasets.render.scenes.layout import random_of
from datasets.render.scenes.noise import rough, smooth
from datasets.render.scenes.views import View, Weather

Image = NDArray[np.uint8]


def distort(array: Image, k1: float, *, exact: bool) -> Image:
    """Return the array as a lens with barrel (`k1` above 0) or pincushion distortion shows it.

    A pixel at distance r from the middle (in half widths) shows what an ideal lens shows at r (1 + k1 r²), the inverse
    of Brown's radial model; it is scaled so that the corners stay in place and no border is empty. `exact` takes the
    nearest pixel (for numbers), otherwise pixels are blended.
    """
    if k1 == 0:
        return array
    height, width = array.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    u, v = (x + 0.5 - width / 2) / (width / 2), (y + 0.5 - height / 2) / (width / 2)
    corner = 1 + (height / width) ** 2
    gain = (1 + k1 * (u**2 + v**2)) / (1 + k1 * corner)
    if k1 < 0:
        gain /= float(gain[height // 2, -1])
    source_x = u * gain * width / 2 + width / 2 - 0.5
    source_y = v * gain * width / 2 + height / 2 - 0.5
    method = cv2.INTER_NEAREST if exact else cv2.INTER_LINEAR
    mapped = cv2.remap(array, source_x, source_y, method, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(mapped, np.uint8)


def through_the_air(image: Image, depth: NDArray[np.float32], view: View, seed: int) -> Image:
    """Add haze, a dust plume or rain."""
    random = random_of(seed, 40 + int(view.name[1:]))
    if view.weather is Weather.HAZE:
        thick = np.asarray(1 - np.exp(-depth / float(random.uniform(60, 220))), np.float32)
        return _blend(image, (205, 200, 195), thick)
    if view.weather is Weather.DUST:
        return _blend(image, (150, 178, 200), _plume(image.shape[:2], random))
    if view.weather is Weather.RAIN:
        return _rain(_blend(image, (170, 165, 160), np.asarray(1 - np.exp(-depth / 150), np.float32)), random)
    return image


def _blend(image: Image, colour: tuple[int, int, int], weight: NDArray[np.float32]) -> Image:
    w = weight[:, :, None]
    return np.asarray(image * (1 - w) + np.array(colour) * w, np.uint8)


def _plume(shape: tuple[int, ...], random: np.random.Generator) -> NDArray[np.float32]:
    height, width = shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    cx, cy = random.uniform(0.2, 0.8) * width, random.uniform(0.35, 0.75) * height
    away = np.hypot((x - cx) / (width * random.uniform(0.12, 0.3)), (y - cy) / (height * random.uniform(0.12, 0.3)))
    cloud = np.clip(1.2 - away, 0, 1) * (0.35 + 0.9 * rough(random, (height, width), width / 8, 5))
    return np.asarray(np.clip(cloud, 0, 0.55), np.float32)


def _rain(image: Image, random: np.random.Generator) -> Image:
    height, width = image.shape[:2]
    layer = np.zeros((height, width), np.uint8)
    slant = float(random.uniform(-0.25, 0.25))
    for _ in range(int(random.integers(80, 400))):
        x, y, long = int(random.integers(width)), int(random.integers(height)), int(random.integers(6, 22))
        cv2.line(layer, (x, y), (int(x + slant * long), y + long), int(random.integers(60, 170)), 1, cv2.LINE_AA)
    return _blend(image, (225, 225, 225), layer.astype(np.float32) * np.float32(0.5 / 255))


def record(image: Image, view: View, seed: int) -> Image:
    """Return the picture as it comes from the recorder."""
    random = random_of(seed, 60 + int(view.name[1:]))
    made = np.asarray(cv2.GaussianBlur(image, (0, 0), float(random.uniform(0.3, 0.9))), np.float64)
    if view.dirty_dome:
        made = _smudge(made, random)
    made += random.normal(0, view.noise, made.shape)
    finished = np.asarray(np.clip(made, 0, 255), np.uint8)
    if view.caption:
        _caption(finished, random)
    return compress(finished, view.crf) if view.crf else finished


def _smudge(image: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    height, width = image.shape[:2]
    spots = np.clip(smooth(random, (height, width), width / 10) - 0.55, 0, 1)[:, :, None] * 1.6
    soft = cv2.GaussianBlur(image, (0, 0), 5)
    return np.asarray(image * (1 - spots) + (soft * 0.7 + 45) * spots, np.float64)


def _caption(image: Image, random: np.random.Generator) -> None:
    height, width = image.shape[:2]
    clock = f"20{random.integers(20, 30):02d}-{random.integers(1, 13):02d}-{random.integers(1, 29):02d} "
    clock += f"{random.integers(24):02d}:{random.integers(60):02d}:{random.integers(60):02d}"
    scale = height / 720 * float(random.uniform(0.8, 1.4))
    texts = ((clock, 0.02, 0.06), (f"Camera {random.integers(1, 99):02d}", float(random.uniform(0.6, 0.8)), 0.96))
    for text, x, y in texts:
        place = (round(x * width), round(y * height))
        cv2.putText(
            image, text, (place[0] + 1, place[1] + 1), cv2.FONT_HERSHEY_SIMPLEX, scale, (15, 15, 15), 1, cv2.LINE_AA
        )
        cv2.putText(image, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, (245, 245, 245), 1, cv2.LINE_AA)


def compress(image: Image, crf: int) -> Image:
    """Return the picture after H.264 at this quality (a key frame by itself)."""
    file = BytesIO()
    with av.open(file, "w", format="h264") as out:
        stream = out.add_stream("libx264", rate=25, options={"crf": str(crf), "preset": "veryfast"})
        stream.height, stream.width = image.shape[:2]
        stream.pix_fmt = "yuv420p"
        out.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        out.mux(stream.encode(None))
    file.seek(0)
    with av.open(file, "r", format="h264") as back:
        for frame in back.decode(video=0):
            return np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
    raise ValueError("the encoder gave no picture")
