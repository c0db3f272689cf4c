"""What tests share: made videos, real RTSP cameras, and where the third-party clips are."""

import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from tests.made_video import make_video

GSTREAMER_PYTHON = "/usr/bin/python3"
GSTREAMER_CAMERA = Path(__file__).parent / "streams" / "gstreamer_camera.py"
CLIPS_FOLDER = Path(os.environ.get("DUSTWATCH_CLIPS", Path(__file__).parents[2] / "shared" / "data" / "clips"))

# Side by side, tests would else get the width of the terminal that they were started in, and tables with it.
os.environ.pop("COLUMNS", None)
settings.register_profile("dustwatch", deadline=None)  # a busy machine is no failure
settings.load_profile("dustwatch")


@dataclass
class RtspCamera:
    """A real RTSP server in a process of its own."""

    url: str
    process: "subprocess.Popen[bytes]"

    def kill(self) -> None:
        """End the server at once, as a power cut would."""
        self.process.kill()
        self.process.wait()


@pytest.fixture(autouse=True)
def _logs_as_they_come() -> None:
    """Undo what a command that ran in this process set up: quiet logs could not be looked at."""
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made H.264 video: 100 numbered frames, 25 a second, a keyframe a second."""
    return make_video(tmp_path_factory.mktemp("video") / "made.mp4")


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Callable[..., RtspCamera]]:
    """Give a function that plays a video for ever at an RTSP URL (over TCP)."""
    cameras: list[RtspCamera] = []

    def start(clip: Path, port: int | None = None) -> RtspCamera:
        cameras.append(start_camera(clip, port))
        return cameras[-1]

    yield start
    for camera in cameras:
        camera.kill()


@pytest.fixture
def play_guarded() -> Iterator[Callable[..., RtspCamera]]:
    """Give a function that plays a video by GStreamer's RTSP server, which asks for a user and speaks UDP too."""
    check = [GSTREAMER_PYTHON, "-c", "import gi; gi.require_version('GstRtspServer', '1.0')"]
    if not shutil.which(GSTREAMER_PYTHON) or subprocess.run(check, capture_output=True).returncode:
        pytest.skip("needs Debian's gir1.2-gst-rtsp-server-1.0, python3-gi and gstreamer1.0-plugins-{base,good,bad}")
    cameras: list[RtspCamera] = []

    def start(clip: Path, user: str, password: str, port: int | None = None) -> RtspCamera:
        port = port or free_port()
        command = [GSTREAMER_PYTHON, str(GSTREAMER_CAMERA), str(clip), str(port), user, password]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        cameras.append(RtspCamera(f"rtsp://{user}:{password}@127.0.0.1:{port}/camera", process))
        wait_for_port(port)
        return cameras[-1]

    yield start
    for camera in cameras:
        camera.kill()


@pytest.fixture(scope="session")
def clips() -> Path:
    """The folder of the third-party clips."""
    if not (CLIPS_FOLDER / "counts.csv").exists():
        pytest.skip(f"the third-party clips are not in {CLIPS_FOLDER}; set DUSTWATCH_CLIPS")
    return CLIPS_FOLDER


def start_camera(clip: Path, port: int | None = None) -> RtspCamera:
    """Play the clip for ever at an RTSP URL (over TCP), until it is killed."""
    port = port or free_port()
    command = [sys.executable, "-m", "service.cli.main", "camera", "simulate", str(clip), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    camera = RtspCamera(f"rtsp://127.0.0.1:{port}/{clip.name}?play_count=0", process)
    try:
        wait_for_port(port)
    except BaseException:
        camera.kill()
        raise
    return camera


_ANY = random.SystemRandom()  # hypothesis seeds the common one, alike in every worker


def free_port() -> int:
    """Return a port that nothing listens on.

    It lies below the range from which the system gives ports to outgoing connections: one from that range can be
    taken by any connection between now and the start of the server.
    """
    while True:
        port = _ANY.randrange(20_000, 32_000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def wait_for_port(port: int, seconds: float = 60.0) -> None:
    """Wait until something listens on the port."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(f"nothing listens on port {port} after {seconds} s")


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until the condition holds, and fail with `what` when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds} s: {what}")
        time.sleep(0.05)
