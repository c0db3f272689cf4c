"""The command line: bad input is one clear line and exit code 2; results are what scripts can read."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import cv2
import pytest

from tests.conftest import RtspCamera, free_port
from tests.vision.evidence.packages import make_package

CONFIG = """\
sites: [{{id: xinghe, name: 星河湾二期}}]
cameras:
  - id: gate
    site: xinghe
    name: 东门出口
    url: {url}
    zones:
      wash_bay: [[0.3, 0.2], [0.6, 0.2], [0.6, 0.4], [0.3, 0.4]]
      exit_line: {{points: [[0.1, 0.6], [0.9, 0.6]], outward: [0.5, 0.9]}}
"""


def dustwatch(*arguments: str | Path, language: str = "en", timeout: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "service.cli.main", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, "DUSTWATCH_LANG": language, "COLUMNS": "200"},
    )


def one_error(run: subprocess.CompletedProcess[str]) -> str:
    """Return the only line of an error that the user can mend."""
    assert run.returncode == 2, run.stderr
    assert "Traceback" not in run.stderr
    (line,) = run.stderr.splitlines()
    assert line.startswith(("error: ", "错误："))
    return line


@pytest.fixture
def write_config(tmp_path: Path) -> Callable[[str], Path]:
    def write(url: str) -> Path:
        path = tmp_path / "dustwatch.yaml"
        path.write_text(CONFIG.format(url=url), encoding="utf-8")
        return path

    return write


def test_a_wrong_address() -> None:
    assert "is no camera address" in one_error(dustwatch("camera", "probe", "http://10.0.0.3/live"))
    assert "不是摄像头地址" in one_error(dustwatch("camera", "probe", "http://10.0.0.3/live", language="zh_CN"))


def test_a_camera_that_is_not_there() -> None:
    line = one_error(dustwatch("camera", "probe", f"rtsp://admin:s3cret@127.0.0.1:{free_port()}/live"))
    assert "nothing answers" in line
    assert "s3cret" not in line


def test_a_refused_password(video: Path, play_guarded: Callable[[Path, str, str], RtspCamera]) -> None:
    camera = play_guarded(video, "admin", "s3cret")
    line = one_error(dustwatch("camera", "probe", camera.url.replace("s3cret", "wr0ng")))
    assert "refused the user name or the password" in line
    assert "wr0ng" not in line


def test_a_camera_that_sends_nothing(video: Path, play: Callable[..., RtspCamera]) -> None:
    camera = play(video)
    camera.process.send_signal(signal.SIGSTOP)
    assert "sent nothing for 2 s" in one_error(dustwatch("camera", "probe", camera.url, "--timeout", "2"))


def test_a_file_that_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("no video at all")
    for command in (
        ["camera", "probe", path],
        ["count-trucks", path, "--zone", "0,0,1,0,1,1"],
        ["demo", "--clip", path],
    ):
        assert "this is no video" in one_error(dustwatch(*command))


def test_a_truncated_mp4(video: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.mp4"
    path.write_bytes(video.read_bytes()[:-5000])
    for command in (
        ["camera", "probe", path],
        ["count-trucks", path, "--zone", "0,0,1,0,1,1"],
        ["demo", "--clip", path],
    ):
        assert "the video is cut off" in one_error(dustwatch(*command))


def test_an_unknown_key_in_the_configuration(write_config: Callable[[str], Path]) -> None:
    path = write_config("rtsp://10.0.0.3/live")
    path.write_text(path.read_text().replace("wash_bay", "wash_by"), encoding="utf-8")
    for command in (["check", path], ["run", path]):
        assert f"{path}:8: cameras[0].zones.wash_by: unknown key; did you mean wash_bay?" in one_error(
            dustwatch(*command)
        )


@pytest.mark.parametrize("command", ["check", "run"])
def test_plates_without_their_packages_are_one_clear_error(write_config: Callable[[str], Path], command: str) -> None:
    path = write_config("rtsp://10.0.0.3/live")
    path.write_text(path.read_text(encoding="utf-8") + "plates: on\n", encoding="utf-8")
    program = f"""
import sys
sys.modules["rapidocr"] = None
sys.argv = ["dustwatch", {command!r}, {str(path)!r}]
from service.cli.main import main
main()
"""
    run = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=path.parent,
        env={**os.environ, "DUSTWATCH_LANG": "zh_CN", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert one_error(run) == "错误：识别车牌需要安装附加包：pip install 'dustwatch[plates]'"


@pytest.mark.parametrize(
    "zone",
    ["0,0,1", "a,b,c,d,e,f", "0,0,1,1,1,0,0,1", "0,0,2,0,1,1", "0,0,1,1"],
    ids=["odd", "text", "crossed", "outside", "two"],
)
def test_a_zone_that_is_none(video: Path, zone: str) -> None:
    run = dustwatch("count-trucks", video, "--zone", zone)
    assert run.returncode == 2
    assert "--zone" in run.stderr
    assert "Traceback" not in run.stderr


def test_counting_prints_one_json_object(video: Path) -> None:
    run = dustwatch("count-trucks", video, "--zone", "0,0,1,0,1,1,0,1", "--size", "320", timeout=120)
    assert json.loads(run.stdout) == {"file": str(video), "trucks": 0, "by_direction": {}}


def test_probing_prints_what_scripts_can_read(video: Path) -> None:
    report = json.loads(dustwatch("camera", "probe", video, "--json").stdout)
    assert (report["codec"], report["width"], report["frame_rate"], report["gop_frames"]) == ("h264", 320, 25.0, 25.0)


def test_checking_draws_the_zones_on_a_live_picture(
    video: Path, play: Callable[..., RtspCamera], write_config: Callable[[str], Path], tmp_path: Path
) -> None:
    path = write_config(play(video).url)
    run = dustwatch("check", path, "--out", tmp_path / "pictures")
    assert run.returncode == 0, run.stderr
    picture = cv2.imread(str(tmp_path / "pictures" / "gate.jpg"))
    assert picture is not None
    assert picture.shape[1] == 320
    blue, green, red = picture[-240 + 144, 60].astype(int)  # on the exit line, which is yellow
    assert red > 180
    assert green > 150
    assert blue < 120


def test_checking_tells_which_camera_fails_and_goes_on(write_config: Callable[[str], Path], tmp_path: Path) -> None:
    run = dustwatch("check", write_config(f"rtsp://admin:s3cret@127.0.0.1:{free_port()}/x"), "--out", tmp_path / "p")
    assert run.returncode == 2
    assert "gate: " in run.stderr
    assert "nothing answers" in run.stderr
    assert "s3cret" not in run.stderr
    assert dustwatch("check", write_config("rtsp://10.0.0.3/x"), "--offline").returncode == 0


def test_verifying_evidence(video: Path, tmp_path: Path) -> None:
    package = make_package(tmp_path, video)
    assert dustwatch("evidence", "verify", tmp_path / "ready").returncode == 0
    data = bytearray((package / "clip.mp4").read_bytes())
    data[len(data) // 2] ^= 1
    (package / "clip.mp4").write_bytes(bytes(data))
    run = dustwatch("evidence", "verify", package)
    assert run.returncode == 1
    assert "clip.mp4" in run.stderr
    listed = json.loads(dustwatch("evidence", "verify", package, "--json").stdout)
    assert [fault["file"] for fault in listed["faults"]] == ["clip.mp4"]


def test_verifying_a_folder_without_evidence_is_no_success(tmp_path: Path) -> None:
    assert dustwatch("evidence", "verify", tmp_path).returncode == 1


def test_two_pipelines_in_one_folder(write_config: Callable[[str], Path], tmp_path: Path) -> None:
    path = write_config(f"rtsp://127.0.0.1:{free_port()}/x")
    path.write_text(path.read_text() + f"data: {tmp_path / 'edge'}\n", encoding="utf-8")
    first = subprocess.Popen([sys.executable, "-m", "service.cli.main", "run", path], stderr=subprocess.PIPE, text=True)
    try:
        assert first.stderr is not None
        assert any("reconnecting" in line for line in first.stderr)
        assert "in use by another dustwatch" in one_error(dustwatch("run", path))
    finally:
        first.terminate()
        assert first.wait(20) == 0


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"port {port} is in use" in one_error(dustwatch("serve", "--data", tmp_path, "--port", str(port)))


@pytest.mark.parametrize(
    "command",
    ["demo", "run", "serve", "check", "status", "capacity", "count-trucks", "camera probe", "evidence verify"],
)
def test_help_has_an_example(command: str) -> None:
    assert "Example: dustwatch " in dustwatch(*command.split(), "--help").stdout


def test_the_version_is_told() -> None:
    assert dustwatch("--version").stdout == f"dustwatch {version('dustwatch')}\n"


def test_a_folder_that_can_not_be_written(video: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert "file" in one_error(dustwatch("serve", "--data", tmp_path / "file" / "data", "--port", str(free_port())))


@pytest.mark.parametrize(
    ("dropped", "checked", "logged"),
    [
        (["wash_bay"], "trucks are counted, not judged", "camera.counts_only"),
        (["wash_bay", "exit_line", "zones"], "watched and remembered, not judged", "camera.watched_only"),
    ],
)
def test_a_camera_without_its_zones_says_what_it_does_not_do(
    dropped: list[str],
    checked: str,
    logged: str,
    video: Path,
    play: Callable[..., RtspCamera],
    write_config: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    path = write_config(play(video).url)
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not any(f"{name}:" in line for name in dropped)]
    path.write_text("\n".join([*kept, f"data: {tmp_path / 'edge'}"]), encoding="utf-8")
    assert checked in dustwatch("check", path, "--out", tmp_path / "p").stderr
    pipeline = subprocess.Popen(
        [sys.executable, "-m", "service.cli.main", "run", path], stderr=subprocess.PIPE, text=True
    )
    try:
        assert pipeline.stderr is not None
        assert any(logged in line for line in pipeline.stderr)
    finally:
        pipeline.terminate()
        pipeline.wait(20)


def test_cameras_are_simulated_from_one_folder_only(video: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.mp4"
    other.write_bytes(video.read_bytes())
    assert "put the files into one folder" in one_error(dustwatch("camera", "simulate", video, other))
