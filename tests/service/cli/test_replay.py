"""`dustwatch replay`: what it prints, the same each time, and what it says of input that it can't use."""

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from service.config.file import CameraNotChosen, choose_camera, load_config
from service.demo.views import PATROL, RULES, rendered_views
from streams.addresses import VideoSource
from streams.clips import write_clip
from streams.sources import OpenVideo
from tests.service.cli.test_commands import dustwatch, one_error

GATE, YARD, _ = rendered_views()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration with the rendered yard and gate, and a camera on which nothing is drawn."""
    where = {"site": "s", "url": "rtsp://admin:s3cret@127.0.0.1:1/x"}
    cameras = [
        {"id": "yard", "name": "堆场", **where, **PATROL, "zones": YARD.zones},
        {"id": "gate", "name": "大门", **where, "zones": GATE.zones},
        {"id": "open", "name": "空地", **where, "interval_s": 1.0, "change_gate": False},
    ]
    path = tmp_path / "dustwatch.yaml"
    document = {"sites": [{"id": "s", "name": "工地"}], "cameras": cameras, "rules": RULES}
    YAML().dump(json.loads(json.dumps(document)), path)
    return path


@pytest.mark.slow
@pytest.mark.parametrize(("clip", "camera", "violations"), [(YARD.clip, "yard", 1), (GATE.clip, "gate", 3)])
def test_the_same_recording_gives_the_same_bytes(clip: Path, camera: str, violations: int, config: Path) -> None:
    command = ("replay", clip, "--config", config, "--camera", camera, "--explain", "--json")
    first, second = (dustwatch(*command, timeout=280) for _ in range(2))
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    assert len(json.loads(first.stdout)["violations"]) == violations


def test_people_read_a_table_and_the_thresholds_beside_the_figures(config: Path) -> None:
    begins = "2026-03-01T08:00:00+08:00"
    run = dustwatch(
        "replay", YARD.clip, "--config", config, "--camera", "yard", "--explain", "--started-at", begins, timeout=120
    )
    assert run.returncode == 0, run.stderr
    assert "2026-03-01 08:00:2" in run.stdout
    assert "裸土未覆盖 uncovered soil" in run.stdout
    assert "grace_s=8" in run.stdout
    assert "(open_share=0.15 close_share=0.08)" in run.stdout
    assert "s3cret" not in run.stdout + run.stderr


def test_an_unknown_camera_is_told_with_the_known_ones(config: Path, video: Path) -> None:
    line = one_error(dustwatch("replay", video, "--config", config, "--camera", "west"))
    assert "there is no camera west" in line
    assert line.endswith("it has: yard, gate, open")


def test_without_a_name_the_only_camera_is_meant_and_of_several_none(config: Path) -> None:
    loaded = load_config(config)
    with pytest.raises(CameraNotChosen, match="choose one with --camera: yard, gate, open"):
        choose_camera(loaded, None, config)
    alone = loaded.model_copy(update={"cameras": loaded.cameras[1:2]})
    assert choose_camera(alone, None, config).id == "gate"


def test_what_is_found_before_a_recording_is_cut_off_is_told_and_so_is_the_cut(config: Path, video: Path) -> None:
    cut = config.parent / "cut.mp4"
    with OpenVideo(VideoSource(str(video))) as opened:
        write_clip(list(opened.packets()), cut)
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    run = dustwatch("replay", cut, "--config", config, "--camera", "open", "--json")
    assert "the video is cut off" in one_error(run)
    told = json.loads(run.stdout)
    assert told["is_whole"] is False
    assert 0 < told["inspected"] < 4


def test_nothing_drawn_means_nothing_judged_and_that_is_said(config: Path, video: Path) -> None:
    run = dustwatch("replay", video, "--config", config, "--camera", "open")
    assert run.returncode == 0, run.stderr
    assert "没有违规 no violation" in run.stdout
    assert "not judged" in run.stdout


@pytest.mark.parametrize("moment", ["2026-03-01T08:00:00", "yesterday", "0001-01-01T00:00:00+08:00"])
def test_a_beginning_without_a_zone_or_a_date_is_refused(moment: str, config: Path, video: Path) -> None:
    run = dustwatch("replay", video, "--config", config, "--camera", "open", "--started-at", moment)
    assert run.returncode == 2
    assert "2026-03-01T08:00:00+08:00" in run.stderr
    assert "Traceback" not in run.stderr
