"""Damages the pictures of a healthy camera as dirt, hands, weather and faults do; the text drawn on them stays."""

import io
from collections.abc import Callable, Sequence

import av
import cv2
import numpy as np

from streams.frames import BgrImage

Pictures = Sequence[BgrImage]
Damage = Callable[[Pictures, np.random.Generator], list[BgrImage]]
"""Makes a damaged sequence of a healthy one; what it draws by chance is the same on each picture where it would be."""

TEXT_BAND = 0.1
NOISE = 1.5
"""Standard deviation of the sensor's noise, grey levels, put anew on what was drawn or blurred."""


def healthy(pictures: Pictures, rng: np.random.Generator) -> list[BgrImage]:
    """Change nothing."""
    return list(pictures)


def gain(factor: float, offset: float = 0.0, noise: float = 0.0) -> Damage:
    """Make it brighter or darker."""
    return lambda pictures, rng: [_noisy(image * factor + offset, noise, rng) for image in pictures]


def nightfall(pictures: Pictures, rng: np.random.Generator) -> list[BgrImage]:
    """Let night fall from the first picture to the last, while the sensor's noise grows."""
    factors = np.geomspace(1.0, 0.15, len(pictures))
    return [
        _noisy(image * factor, NOISE + 4 * (1 - factor), rng) for image, factor in zip(pictures, factors, strict=True)
    ]


def infrared(pictures: Pictures, rng: np.random.Generator) -> list[BgrImage]:
    """Light the scene by an infrared lamp in the middle, in grey, dark towards the corners."""
    lamp = 0.75 * _spot(pictures[0], 0.38) + 0.03
    reds = (np.repeat(image[..., 2:], 3, axis=2) for image in pictures)  # infrared is nearest to what red shows
    return [_noisy(red * lamp, 4.0, rng) for red in reds]


def rain(pictures: Pictures, rng: np.random.Generator) -> list[BgrImage]:
    """Draw streaks, elsewhere on each picture."""
    return [_noisy(_streaks(image, rng), 3.0, rng) for image in pictures]


def truck_in_front(share: float, *, ribs: bool = True) -> Damage:
    """Park a box truck in front that takes this share of the picture; without ribs it is plain white."""
    return lambda pictures, rng: [_noisy(_truck(image, share, ribs=ribs), NOISE, rng) for image in pictures]


def people(pictures: Pictures, rng: np.random.Generator) -> list[BgrImage]:
    """Let three people walk through."""
    starts, speeds = rng.uniform(0, 1, 3), rng.uniform(0.01, 0.03, 3)
    return [
        _person(
            _person(_person(image, starts[0] + speeds[0] * n), starts[1] - speeds[1] * n), starts[2] + speeds[2] * n
        )
        for n, image in enumerate(pictures)
    ]


def low_bit_rate(crf: int) -> Damage:
    """Encode each picture as an H.264 keyframe at a low quality."""
    return lambda pictures, rng: encode(pictures, crf)


def frozen(pictures: Pictures, rng: np.random.Generator) -> list[BgrImage]:
    """Give the first picture for ever."""
    return [pictures[0]] * len(pictures)


def frozen_with_clock(crf: int) -> Damage:
    """Freeze the sensor while the camera goes on to draw its clock and to encode."""
    return lambda pictures, rng: encode([_keep_text(pictures[0], image) for image in pictures], crf, group=12)


def blurred(sigma: float) -> Damage:
    """Put it out of focus; sigma in pixels."""
    return lambda pictures, rng: [
        _keep_text(_noisy(cv2.GaussianBlur(image, (0, 0), sigma), NOISE, rng), image) for image in pictures
    ]


def dirt(share: float) -> Damage:
    """Put opaque blobs with soft edges on the lens until they take this share of the picture."""

    def damage(pictures: Pictures, rng: np.random.Generator) -> list[BgrImage]:
        opacity = _blobs(pictures[0], share, rng)
        colour = rng.uniform(50, 110) * np.array([0.8, 0.95, 1.1])
        return [
            _lay_over(image, 0.7 * colour + 0.3 * cv2.GaussianBlur(image, (0, 0), 15), opacity, rng)
            for image in pictures
        ]

    return damage


def covered(level: float, share: float) -> Damage:
    """Hold something uniform of this grey level before the lens, noisy as a dim picture is."""

    def damage(pictures: Pictures, rng: np.random.Generator) -> list[BgrImage]:
        height, width = pictures[0].shape[:2]
        held = np.zeros((height, width), np.float32)
        held[:, : round(width * share)] = 1.0
        opacity = (cv2.GaussianBlur(held, (0, 0), 6) if share < 1 else held)[..., None]
        return [_lay_over(image, np.full(3, level), opacity, rng, noise=5.0) for image in pictures]

    return damage


def moved(*, pan: float = 0.0, degrees: float = 0.0, zoom: float = 1.0) -> Damage:
    """Pan by a share of the width, turn, zoom; what comes into view is the mirror of what was there."""

    def damage(pictures: Pictures, rng: np.random.Generator) -> list[BgrImage]:
        height, width = pictures[0].shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, zoom)
        matrix[0, 2] += pan * width
        return [
            _keep_text(
                np.asarray(cv2.warpAffine(image, matrix, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8),
                image,
            )
            for image in pictures
        ]

    return damage


def turned_away(pictures: Pictures, rng: np.random.Generator) -> list[BgrImage]:
    """Look at another place: the mirror of the scene, enlarged, has no point in common with it."""
    return [
        _keep_text(zoomed[:, ::-1], image)
        for image, zoomed in zip(pictures, moved(pan=0.2, zoom=1.3)(pictures, rng), strict=True)
    ]


def encode(pictures: Pictures, crf: int, group: int = 1) -> list[BgrImage]:
    """Return the H.264 keyframes of the pictures, each shown for `group` frames."""
    height, width = pictures[0].shape[:2]
    buffer = io.BytesIO()
    options = {"crf": str(crf), "g": str(group), "sc_threshold": "0", "preset": "veryfast", "threads": "1"}
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=25, options={**options, "x264-params": "log-level=none"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for image in pictures:
            for _ in range(group):
                container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="bgr24")))
        container.mux(stream.encode(None))
    buffer.seek(0)
    with av.open(buffer, "r") as recording:
        decoded = [np.asarray(frame.to_ndarray(format="bgr24"), np.uint8) for frame in recording.decode(video=0)]
    return decoded[::group]


def _noisy(values: "cv2.typing.MatLike", noise: float, rng: np.random.Generator) -> BgrImage:
    shaken = values + noise * rng.standard_normal(values.shape, dtype=np.float32) if noise else values
    return np.asarray(np.clip(shaken, 0, 255), dtype=np.uint8)


def _lay_over(
    image: BgrImage,
    what: "cv2.typing.MatLike",
    opacity: "cv2.typing.MatLike",
    rng: np.random.Generator,
    noise: float = 0.0,
) -> BgrImage:
    grain = noise * rng.standard_normal(image.shape, dtype=np.float32)
    return _keep_text(_noisy(image * (1 - opacity) + (what + grain) * opacity, NOISE, rng), image)


def _keep_text(image: BgrImage, original: BgrImage) -> BgrImage:
    rows = round(TEXT_BAND * len(image))
    kept = image.copy()
    kept[:rows], kept[-rows:] = original[:rows], original[-rows:]
    return kept


def _spot(image: BgrImage, sigma: float) -> "cv2.typing.MatLike":
    height, width = image.shape[:2]
    down, across = np.mgrid[-0.5 : 0.5 : height * 1j, -0.5 : 0.5 : width * 1j]
    return np.asarray(np.exp(-(down**2 + across**2) / (2 * sigma**2))[..., None])


def _blobs(image: BgrImage, share: float, rng: np.random.Generator) -> "cv2.typing.MatLike":
    height, width = image.shape[:2]
    blobs = np.zeros((height, width), np.float32)
    while float((blobs > 0.5).mean()) < share:
        place = (int(rng.integers(width)), int(rng.integers(height)))
        axes = (int(rng.integers(25, 80)), int(rng.integers(25, 80)))
        cv2.ellipse(blobs, place, axes, float(rng.integers(180)), 0, 360, 1.0, -1)
    return np.asarray(0.92 * cv2.GaussianBlur(blobs, (0, 0), 8)[..., None])


def _streaks(image: BgrImage, rng: np.random.Generator) -> BgrImage:
    drawn = image.copy()
    height, width = image.shape[:2]
    for x, y, length in zip(
        rng.integers(0, width, 400), rng.integers(0, height, 400), rng.integers(6, 18, 400), strict=True
    ):
        cv2.line(drawn, (int(x), int(y)), (int(x) + 2, int(y + length)), (200, 200, 200), 1)
    return np.asarray(cv2.addWeighted(image, 0.6, drawn, 0.4, 0), dtype=np.uint8)


def _truck(image: BgrImage, share: float, *, ribs: bool) -> BgrImage:
    drawn = image.copy()
    height, width = image.shape[:2]
    left, top, tall = int(0.15 * width), int(0.17 * height), int(0.75 * height)
    right, bottom = left + int(width * share / 0.75), top + tall
    cv2.rectangle(drawn, (left, top), (right, bottom), (205, 208, 205), -1)
    if ribs:
        cv2.rectangle(drawn, (left, top), (right, bottom), (60, 60, 60), 3)
        for x in range(left, right, 36):
            cv2.line(drawn, (x, top), (x, bottom), (165, 168, 165), 2)
        cv2.rectangle(drawn, (left, bottom - 50), (right, bottom - 30), (40, 40, 120), -1)
    for x in (left + 40, right - 40):
        cv2.circle(drawn, (x, bottom - 8), 25, (25, 25, 25), -1)
    return drawn


def _person(image: BgrImage, place: float) -> BgrImage:
    drawn = image.copy()
    height, width = image.shape[:2]
    x, foot, tall = int(width * (place % 1.0)), int(0.85 * height), int(0.25 * height)
    cv2.rectangle(drawn, (x - tall // 8, foot - tall), (x + tall // 8, foot - tall // 2), (40, 220, 230), -1)
    cv2.rectangle(drawn, (x - tall // 9, foot - tall // 2), (x + tall // 9, foot), (70, 40, 30), -1)
    cv2.circle(drawn, (x, foot - tall), tall // 9, (40, 140, 240), -1)
    return drawn
