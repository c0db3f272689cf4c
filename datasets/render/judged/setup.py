"""What the stories of one camera share: where it hangs, in what light, weather and colours. Pure."""

from dataclasses import dataclass
from math import cos, radians, sin
from pathlib import Path

from datasets.render.camera import Camera
from datasets.render.scenes.views import Light, Sky, Weather
from datasets.render.solids import Point3
from datasets.render.story import Placed

SIZE = (640, 360)
"""Width and height of the pictures."""
FIRST_SEED = 910_000
"""Above what is trained on, so that colours come from the palette for tests."""


@dataclass(frozen=True)
class SetUp:
    """One camera on one site. `noise` is the sensor's, in grey levels; `exposure` is in stops."""

    name: str
    number: int
    camera: Camera
    skies: tuple[Sky, ...]
    weather: Weather = Weather.CLEAR
    exposure: float = 0.0
    noise: float = 2.0

    @property
    def seed(self) -> int:
        """What the site's colours and shapes are drawn from."""
        return FIRST_SEED + self.number

    @property
    def is_wet(self) -> bool:
        """Whether the ground is wet."""
        return self.weather is Weather.RAIN


@dataclass(frozen=True)
class Still:
    """One picture to render: the sky (an index of the set-up's) and the things that are there."""

    name: str
    sky: int
    placed: tuple[Placed, ...]


def still_path(folder: Path, setup: SetUp, still: str) -> Path:
    """Return where a still picture lies."""
    return folder / setup.name / f"{still}.png"


def sun(elevation: float, azimuth: float, strength: float = 1.0) -> Sky:
    """Return a clear sky; degrees, azimuth 0 is -y (behind the cameras) and 90 is +x."""
    return Sky(Light.SUN, "", elevation, azimuth, strength, wet=False)


def overcast(strength: float = 1.0) -> Sky:
    """Return a sky without sun."""
    return Sky(Light.OVERCAST, "", 45.0, 0.0, strength, wet=False)


def dusk(elevation: float, azimuth: float, strength: float = 1.0) -> Sky:
    """Return the sky shortly before the sun sets."""
    return Sky(Light.DUSK, "", elevation, azimuth, strength, wet=False)


def panorama(azimuth: float, strength: float = 1.0) -> Sky:
    """Return the light of a photographed courtyard, which no training scene has."""
    return Sky(Light.PANORAMA, "courtyard", 45.0, azimuth, strength, wet=False)


def towards_sun(sky: Sky) -> Point3:
    """Return the direction towards the sun; straight up where there is none."""
    if sky.light not in (Light.SUN, Light.DUSK):
        return 0.0, 0.0, 1.0
    e, a = radians(sky.elevation), radians(sky.azimuth)
    return cos(e) * sin(a), -cos(e) * cos(a), sin(e)
