"""Where a scene is seen from, in what light and weather, and with what lens. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from math import radians, tan

import numpy as np

from datasets.render.camera import Camera
from datasets.render.scenes.layout import Layout, SceneKind, random_of
from datasets.render.scenes.palette import is_afar, is_test
from datasets.render.scenes.street import Street


class Light(StrEnum):
    """Where the light comes from."""

    SUN = "sun"
    OVERCAST = "overcast"
    PANORAMA = "panorama"
    DUSK = "dusk"
    NIGHT = "night"


class Weather(StrEnum):
    """What is in the air."""

    CLEAR = "clear"
    RAIN = "rain"
    HAZE = "haze"
    DUST = "dust"


TRAIN_PANORAMAS = ("city", "forest", "sunrise", "sunset")
TEST_PANORAMAS = ("courtyard",)


@dataclass(frozen=True)
class Sky:
    """The light of a scene, which all its views share; angles in degrees."""

    light: Light
    panorama: str
    elevation: float
    azimuth: float
    strength: float
    wet: bool


@dataclass(frozen=True)
class View:
    """One camera on a scene and what its picture suffers on the way."""

    name: str
    camera: Camera
    distortion: float
    """Radial distortion of the lens (see `lens.distort`): above 0 barrel, below pincushion, 0 none."""
    weather: Weather
    dirty_dome: bool
    caption: bool
    crf: int
    """H.264 quality, higher is worse; 0 leaves the picture as rendered."""
    exposure: float
    noise: float


def choose_sky(layout: Layout) -> Sky:
    """Return the light of a scene."""
    random = random_of(layout.seed, 5)
    light = list(Light)[int(random.choice(5, p=[0.34, 0.26, 0.22, 0.08, 0.10]))]
    panoramas = TEST_PANORAMAS if is_test(layout.seed) else TRAIN_PANORAMAS
    low = light is Light.DUSK
    return Sky(
        light=light,
        panorama=panoramas[int(random.integers(len(panoramas)))],
        elevation=float(random.uniform(4, 12) if low else random.uniform(20, 75)),
        azimuth=float(random.uniform(0, 360)),
        strength=float(random.uniform(0.75, 1.3)),
        wet=bool(random.random() < 0.22),
    )


def choose_views(layout: Layout, sky: Sky, count: int, aspect: float) -> list[View]:
    """Return the cameras of a scene, from differing sides."""
    random = random_of(layout.seed, 6)
    return [_view(f"v{index}", layout, sky, aspect, random) for index in range(count)]


def _view(name: str, layout: Layout, sky: Sky, aspect: float, random: np.random.Generator) -> View:
    if sky.wet and random.random() < 0.6:
        weather = Weather.RAIN
    else:
        weather = [Weather.CLEAR, Weather.HAZE, Weather.DUST][int(random.choice(3, p=[0.72, 0.18, 0.10]))]
    night = sky.light in (Light.NIGHT, Light.DUSK)
    return View(
        name=name,
        camera=_camera_of(layout, aspect, random),
        distortion=float(random.choice([0.0, random.uniform(-0.05, 0.35)])),
        weather=weather,
        dirty_dome=bool(random.random() < 0.15),
        caption=bool(random.random() < 0.7),
        crf=int(random.choice([0, 24, 30, 36], p=[0.2, 0.3, 0.3, 0.2])),
        exposure=float(random.normal(0.0, 0.3)),
        noise=float(random.uniform(3, 9) if night else random.uniform(0.3, 3)),
    )


def _camera_of(layout: Layout, aspect: float, random: np.random.Generator) -> Camera:
    if layout.street is not None:
        return _camera_in_street(layout.street, aspect, random)
    return (_camera_afar if is_afar(layout.seed) else _camera)(layout, aspect, random)


def _camera_in_street(street: Street, aspect: float, random: np.random.Generator) -> Camera:
    """Hang the camera in a car, on a head or on a pole, looking along the street."""
    height = float(random.uniform(1.6, 2.4) if random.random() < 0.65 else random.uniform(3, 9))
    x, y = float(random.uniform(-30, 10)), float(random.uniform(street.near_edge + 0.7, -0.8))
    ahead = float(random.uniform(14, 40))
    target = (x + ahead, y + float(random.uniform(-0.3, 0.45)) * ahead, height * float(random.uniform(0.2, 1.0)))
    return Camera((x, y, height), target, float(random.uniform(42, 78)), aspect)


def _camera(layout: Layout, aspect: float, random: np.random.Generator) -> Camera:
    """Hang the camera so that the part of the site that the scene is about is in view."""
    width, depth = layout.width, layout.depth
    at_eye_level = random.random() < 0.25
    height = float(
        random.uniform(1.8, 4.0) if at_eye_level else random.choice([random.uniform(4, 9), random.uniform(9, 30)])
    )
    x = float(random.uniform(-0.55, 0.55)) * width
    y = float(random.uniform(-9, 4)) if random.random() < 0.75 else depth + float(random.uniform(-4, 6))
    tele = random.random() < 0.3
    view = float(random.uniform(24, 42) if tele else random.uniform(48, 92))
    target = _target(layout, random)
    ahead = max(6.0, ((target[0] - x) ** 2 + (target[1] - y) ** 2) ** 0.5)
    if ahead == 6.0:
        target = (target[0], target[1] + 8.0, target[2])
    z = max(height, layout.terrain.height_at(x, y) + 1.7)
    lowest = z - ahead * tan(radians(4))
    return Camera((x, y, z), (target[0], target[1], min(target[2], lowest)), view, aspect)


def _camera_afar(layout: Layout, aspect: float, random: np.random.Generator) -> Camera:
    """Hang the camera outside, so that the whole yard, or the whole front, is in view."""
    width, depth = layout.width, layout.depth
    x, aside = float(random.uniform(-0.3, 0.3)) * width, float(random.uniform(-3, 3))
    if layout.kind is SceneKind.PERIMETER:
        position = (x, float(random.uniform(-20, -13)), float(random.uniform(4.5, 8.5)))
        return Camera(position, (aside * 2, 0.0, 1.0), float(random.uniform(56, 80)), aspect)
    position = (x, float(random.uniform(-20, -4)), float(random.uniform(9, 19)))
    return Camera(
        position, (aside, depth * float(random.uniform(0.35, 0.5)), 0.0), float(random.uniform(52, 70)), aspect
    )


def _target(layout: Layout, random: np.random.Generator) -> tuple[float, float, float]:
    trucks = [thing for thing in layout.things if thing.mud is not None]
    if trucks and random.random() < (0.85 if layout.kind is SceneKind.GATE else 0.3):
        x, y, z = trucks[int(random.integers(len(trucks)))].position
        return x + float(random.normal(0, 3)), y + float(random.normal(0, 3)), z + 0.5
    if layout.kind is SceneKind.PERIMETER and layout.hoardings and random.random() < 0.7:
        hoarding = layout.hoardings[int(random.integers(len(layout.hoardings)))]
        t = float(random.random())
        x = hoarding.start[0] * (1 - t) + hoarding.end[0] * t
        y = hoarding.start[1] * (1 - t) + hoarding.end[1] * t
        return x, y, 1.0
    return float(random.uniform(-0.35, 0.35)) * layout.width, float(random.uniform(0.25, 0.75)) * layout.depth, 0.3
