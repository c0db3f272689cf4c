"""`dustwatch capacity`: two real cameras are watched, measured and reckoned with, and nothing is delivered or kept."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import RtspCamera, free_port
from tests.service.cli.test_commands import dustwatch, one_error

CONFIG = """\
sites: [{{id: xinghe, name: 星河湾二期}}]
cameras:
  - {{id: yard, site: xinghe, name: 堆场, url: "{url}", interval_s: 1}}
  - id: gate
    site: xinghe
    name: 东门
    url: "{url}"
    frames_per_second: 2
    zones: {{exit_line: {{points: [[0.1, 0.6], [0.9, 0.6]], outward: [0.5, 0.9]}}}}
  - {{id: far, site: xinghe, name: 远处, url: "rtsp://admin:s3cret@127.0.0.1:{closed}/x"}}
data: {data}
queue: http://127.0.0.1:{closed}
"""


def test_a_configuration_that_is_not_there(tmp_path: Path) -> None:
    assert "No such file" in one_error(dustwatch("capacity", tmp_path / "dustwatch.yaml"))


@pytest.mark.slow
def test_two_cameras_are_measured(
    video: Path, play: Callable[..., RtspCamera], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, scratch = tmp_path / "dustwatch.yaml", tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    url = play(video).url.replace("rtsp://", "rtsp://admin:s3cret@")
    config.write_text(CONFIG.format(url=url, closed=free_port(), data=tmp_path / "edge"), encoding="utf-8")
    run = dustwatch("capacity", config, "--seconds", "10", "--json", timeout=250)
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    measured, estimate = told["measured"], told["estimate"]
    assert measured["offline"] == ["far"]
    assert {(camera["camera"], camera["mode"]) for camera in measured["cameras"]} == {
        ("yard", "patrol"),
        ("gate", "gate"),
    }
    assert all(camera["cores"] > 0 and camera["bits_per_s"] > 1000 for camera in measured["cameras"])
    assert measured["cores"] >= sum(camera["cores"] for camera in measured["cameras"]) * 0.9
    assert measured["full_rate_cores"] > 0
    assert 0 <= estimate["more_all_moving"] <= estimate["more"]
    assert estimate["cores_per_camera"] > 0
    assert {"offline", "memory_growing"} <= set(estimate["notes"])
    assert "s3cret" not in run.stdout + run.stderr
    assert not (tmp_path / "edge").exists()
    assert list(scratch.glob("dustwatch-*")) == []
