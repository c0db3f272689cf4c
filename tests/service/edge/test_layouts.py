"""Layouts on the edge: taken where they fit, refused with the reason where not, kept over a new start."""

import pytest

from service.config.layout import CameraLayout
from service.config.schema import Config
from service.domain.camera_news import NewestLayout
from service.edge.layouts import LAYOUTS_NAME, Layouts
from tests.service.camera_samples import GROUND, YARD

OTHER = [[0.1, 0.7], [0.9, 0.7], [0.9, 0.9]]
PRIVATE = [[0.0, 0.0], [0.2, 0.0], [0.2, 0.2]]
EXIT = {"points": [[0.1, 0.5], [0.9, 0.5]], "outward": [0.5, 0.9]}


def config(**camera):
    each = {"id": "c", "site": "s", "name": "c", "url": "rtsp://h/p", "zones": {"yard": YARD}, **camera}
    return Config.model_validate({"sites": [{"id": "s", "name": "s"}], "cameras": [each]})


def offer(version, site="s", ground=None, **zones):
    layout = CameraLayout.model_validate({"zones": zones, "ground": ground})
    return NewestLayout(site_id=site, camera_id="c", version=version, layout=layout)


@pytest.fixture
def layouts(tmp_path):
    return Layouts(tmp_path)


def yard_of(applied):
    return [list(point) for point in applied.cameras[0].zones.yard or ()]


def test_without_a_layout_the_file_draws(layouts):
    applied, drawn = layouts.applied(config())
    assert (applied, drawn["c"].version) == (config(), None)


def test_a_layout_draws_instead_of_the_file_also_after_a_new_start(layouts, tmp_path):
    layouts.take([offer(3, yard=OTHER, ground=GROUND)])
    layouts.applied(config())
    for each in (layouts, Layouts(tmp_path)):
        applied, drawn = each.applied(config())
        assert (yard_of(applied), drawn["c"].version, drawn["c"].refused) == (OTHER, 3, None)
        assert applied.cameras[0].ground is not None
        assert applied.cameras[0].url == config().cameras[0].url


def test_a_layout_that_does_not_fit_is_refused_and_the_one_before_goes_on(layouts):
    file = config(mode="patrol")
    layouts.take([offer(1, yard=OTHER)])
    layouts.applied(file)
    layouts.take([offer(2, exit_line=EXIT)])
    applied, drawn = layouts.applied(file)
    assert (yard_of(applied), drawn["c"].version) == (OTHER, 1)
    assert drawn["c"].refused.version == 2
    assert "mode is patrol" in drawn["c"].refused.reason
    applied, drawn = layouts.applied(config())  # the file was changed so that it fits
    assert (drawn["c"].version, drawn["c"].refused) == (2, None)


def test_private_areas_of_the_file_stay_whatever_a_layout_says(layouts):
    layouts.take([offer(1, privacy=[OTHER])])
    applied, _ = layouts.applied(config(zones={"privacy": [PRIVATE]}))
    assert [[list(point) for point in area] for area in applied.cameras[0].zones.privacy] == [PRIVATE, OTHER]


def test_a_layout_of_another_site_s_camera_is_not_taken(layouts):
    layouts.take([offer(1, site="elsewhere", yard=OTHER)])
    assert layouts.applied(config())[1]["c"].version is None


def test_a_damaged_file_of_layouts_counts_as_none(tmp_path):
    (tmp_path / LAYOUTS_NAME).write_text("{")
    assert Layouts(tmp_path).applied(config())[0] == config()
