"""`dustwatch camera export-layout` prints what is in force, in a form that the file takes."""

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from service.cli.main import command_line
from service.config.file import load_config
from service.config.layout import CameraLayout
from service.domain.camera_news import NewestLayout
from service.edge.layouts import Layouts
from tests.service.camera_samples import GROUND, YARD

OTHER = [[0.1, 0.7], [0.9, 0.7], [0.9, 0.9]]


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "dustwatch.yaml"
    camera = {"id": "c", "site": "s", "name": "c", "url": "rtsp://h/p", "zones": {"yard": YARD}}
    document = {"sites": [{"id": "s", "name": "s"}], "cameras": [camera], "data": str(tmp_path)}
    with path.open("w") as file:
        YAML().dump(document, file)
    return path


def exported(config):
    result = CliRunner().invoke(command_line(), ["camera", "export-layout", str(config), "c"])
    assert result.exit_code == 0, result.output
    return CameraLayout.model_validate(YAML(typ="safe").load(result.stdout))


def test_what_the_file_draws_is_printed(config):
    assert exported(config) == CameraLayout.model_validate({"zones": {"yard": YARD}})


def test_what_was_drawn_at_the_page_is_printed_instead(config, tmp_path):
    layout = CameraLayout.model_validate({"zones": {"yard": OTHER}, "ground": GROUND})
    layouts = Layouts(tmp_path)
    layouts.take([NewestLayout(site_id="s", camera_id="c", version=2, layout=layout)])
    layouts.applied(load_config(config))
    assert exported(config) == layout
