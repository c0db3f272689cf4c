"""On patrol, change matters where something is drawn."""

import pytest

from streams.change import THUMBNAIL_SHAPE
from vision.geometry import Zone
from vision.motion_zone import patrol_mask
from vision.perimeter import Perimeter

YARD = Zone([(0.1, 0.5), (0.5, 0.5), (0.5, 0.9), (0.1, 0.9)])
PERIMETER = Perimeter(((0.0, 0.3), (1.0, 0.3)), height=0.1)


def test_without_zones_the_whole_picture_matters() -> None:
    assert patrol_mask(None, None) is None


@pytest.mark.parametrize(("yard", "perimeter", "share"), [(YARD, None, 0.16), (None, PERIMETER, 0.1)])
def test_what_is_drawn_matters_and_no_more(yard: Zone | None, perimeter: Perimeter | None, share: float) -> None:
    mask = patrol_mask(yard, perimeter)
    assert mask is not None
    assert mask.shape == THUMBNAIL_SHAPE
    assert mask.mean() == pytest.approx(share, abs=0.03)


def test_yard_and_perimeter_matter_both() -> None:
    both, yard, perimeter = (patrol_mask(*drawn) for drawn in [(YARD, PERIMETER), (YARD, None), (None, PERIMETER)])
    assert both is not None
    assert yard is not None
    assert perimeter is not None
    assert (both == (yard | perimeter)).all()
