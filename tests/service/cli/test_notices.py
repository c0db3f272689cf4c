"""`dustwatch notices` and `dustwatch serve --notices` as people run them."""

import os
import subprocess
import sys
from contextlib import contextmanager

import httpx
import pytest

from tests.conftest import free_port, wait_until
from tests.service.notices.receivers import run_web_receiver

SECRET = "only-for-tests-0123"
CHANNELS = """\
webhooks:
  - {{name: good, url: "http://127.0.0.1:{good}/", secret: "${{HOOK_SECRET}}", allow_private: true}}
  - {{name: down, url: "http://127.0.0.1:{down}/", secret: "${{HOOK_SECRET}}", allow_private: true}}
  - {{name: guarded, url: "http://127.0.0.1:{good}/", secret: "${{HOOK_SECRET}}"}}
"""
ONE = """\
webhooks:
  - {{name: hook, url: "http://127.0.0.1:{port}/", secret: "${{HOOK_SECRET}}", allow_private: true}}
"""


def run(*arguments, **environment):
    values = {**os.environ, "DUSTWATCH_LANG": "en", **environment}
    command = [sys.executable, "-m", "service.cli.main", *map(str, arguments)]
    return subprocess.run(command, env=values, capture_output=True, text=True, check=False)


def test_each_channel_is_tried_and_told_in_a_line(tmp_path):
    path = tmp_path / "notices.yaml"
    with run_web_receiver() as receiver:
        path.write_text(CHANNELS.format(good=receiver.port, down=free_port()))
        tried = run("notices", "test", path, HOOK_SECRET=SECRET)
        assert tried.returncode == 1
        good, down, guarded = tried.stdout.splitlines()
        assert good == "good: 已送达 sent"
        assert down.startswith("down: 失败 failed: the receiver can't be reached")
        assert "allow_private: true" in guarded
        assert SECRET not in tried.stdout + tried.stderr
        (request,) = receiver.requests
        assert request.json["case"]["id"] == 0

        alone = run("notices", "test", path, "--channel", "good", HOOK_SECRET=SECRET)
        assert (alone.returncode, alone.stdout) == (0, "good: 已送达 sent\n")
        unknown = run("notices", "test", path, "--channel", "other", HOOK_SECRET=SECRET)
        assert (unknown.returncode, "there is no channel other" in unknown.stderr) == (2, True)


def test_a_file_with_mistakes_ends_the_command_and_the_service_before_they_begin(tmp_path):
    path = tmp_path / "notices.yaml"
    path.write_text(ONE.format(port=1).replace("${HOOK_SECRET}", SECRET))
    for command in (["notices", "test", path], ["serve", "--notices", path, "--port", free_port(), "--data", tmp_path]):
        told = run(*command)
        assert (told.returncode, told.stdout) == (2, "")
        assert "notices.yaml:2: webhooks[0].secret: a secret does not stand in the file" in told.stderr
        assert SECRET not in told.stderr


@contextmanager
def served(tmp_path, path, port):
    command = [sys.executable, "-m", "service.cli.main", "serve", "--open", "--port", str(port)]
    command += ["--data", str(tmp_path / "data"), "--notices", str(path)]
    process = subprocess.Popen(command, env={**os.environ, "HOOK_SECRET": SECRET}, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: is_ready(port), 120, "the service is ready")
        yield
    finally:
        process.kill()  # as a power cut would
        process.wait()


def is_ready(port):
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.slow
def test_a_case_whose_receiver_and_then_service_went_down_is_told_once_afterwards(tmp_path, package):
    path, port, receiver_port = tmp_path / "notices.yaml", free_port(), free_port()
    path.write_text(ONE.format(port=receiver_port))
    with served(tmp_path, path, port):
        posted = httpx.post(
            f"http://127.0.0.1:{port}/api/violations", files=package.parts(), headers=package.headers, timeout=60
        )
        assert posted.status_code == 201
    with run_web_receiver(receiver_port) as receiver, served(tmp_path, path, port):
        wait_until(lambda: len(receiver.requests) > 0, 180, "the case was told")
        (request,) = receiver.requests
        assert (request.json["kind"], request.json["case"]["key"]) == ("found", package.key)
