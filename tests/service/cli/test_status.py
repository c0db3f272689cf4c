"""`dustwatch status`: tells what an edge does, and in one line when none runs."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.edge.status import STATUS_NAME, read_status, write_status
from streams.feed import CameraState
from streams.health.observation import HealthKind
from tests.conftest import RtspCamera, free_port, wait_until
from tests.service.cli.test_commands import dustwatch, one_error
from tests.service.edge.statuses import camera, edge

CONFIG = """\
sites: [{{id: xinghe, name: 星河湾二期}}]
cameras:
  - {{id: yard, site: xinghe, name: 堆场, url: "{url}", interval_s: 1}}
data: {data}
queue: http://127.0.0.1:{closed}
"""
BROKEN = {"state": CameraState.RECONNECTING, "problem": "nothing answers"}


@contextmanager
def written_again_and_again(folder: Path) -> Iterator[None]:
    """Write the status of an edge whose gate gets 25 frames a second, several times a second."""
    began, stop = datetime.now(UTC), threading.Event()

    def write() -> None:
        while not stop.wait(0.2):
            now = datetime.now(UTC)
            packets = int((now - began).total_seconds() * 25)
            gate = camera("gate", feed={"packets": packets, "last_packet_at": now})
            write_status(
                folder, edge(gate, camera("yard", feed=BROKEN, trouble={HealthKind.OFFLINE: now}), at=now, waiting=3)
            )

    thread = threading.Thread(target=write)
    thread.start()
    wait_until((folder / STATUS_NAME).exists, 10, "a first status")
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_a_folder_in_which_no_edge_ran(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        assert "start one with dustwatch run" in one_error(dustwatch("status", path))
    assert "没有运行状态" in one_error(dustwatch("status", tmp_path, language="zh_CN"))


def test_an_edge_that_runs_no_longer(tmp_path: Path) -> None:
    write_status(tmp_path, edge(camera(), at=datetime.now(UTC) - timedelta(minutes=2)))
    for option in ("--once", "--json"):
        line = one_error(dustwatch("status", tmp_path, option))
        assert re.search(r"has told nothing for \d+ s; start it with dustwatch run", line)


def test_json_is_one_object_with_rates(tmp_path: Path) -> None:
    with written_again_and_again(tmp_path):
        run = dustwatch("status", tmp_path, "--json")
    told = json.loads(run.stdout)
    assert told["waiting"] == 3
    yard, gate = told["cameras"]
    assert (yard["camera"], yard["state"], yard["problem"]) == ("yard", "reconnecting", "nothing answers")
    assert 20 < gate["frames_per_second"] < 30


def test_one_table(tmp_path: Path) -> None:
    with written_again_and_again(tmp_path):
        run = dustwatch("status", tmp_path, "--once")
    assert run.returncode == 0, run.stderr
    for text in (
        "在线 live 1/2",
        "待送 waiting 3",
        "星河湾二期",
        "重连中",
        "reconnecting",
        "离线 Offline",
        "nothing answers",
    ):
        assert text in run.stdout


@pytest.mark.slow
def test_a_running_edge_is_found_by_its_configuration(
    video: Path, play: Callable[..., RtspCamera], tmp_path: Path
) -> None:
    config, data = tmp_path / "dustwatch.yaml", tmp_path / "edge"
    url = play(video).url.replace("rtsp://", "rtsp://admin:s3cret@")
    config.write_text(CONFIG.format(url=url, data=data, closed=free_port()), encoding="utf-8")
    command = [sys.executable, "-m", "service.cli.main", "run", str(config)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until((data / STATUS_NAME).exists, 60, "a status")
            wait_until(lambda: read_status(data).cameras["yard"].report.inspected > 0, 120, "a picture inspected")
            run = dustwatch("status", config, "--json")
        finally:
            process.terminate()
    (yard,) = json.loads(run.stdout)["cameras"]
    assert (yard["state"], yard["mode"], yard["site"]) == ("live", "patrol", "星河湾二期")
    assert yard["frames_per_second"] > 0
    assert yard["cpu_percent"] > 0
    assert "s3cret" not in run.stdout + (data / STATUS_NAME).read_text()
