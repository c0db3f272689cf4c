"""`dustwatch dust` as people run it: a receiver and a simulator in processes of their own."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from service.dust.reading import Period
from service.storage.database import open_database
from service.storage.dust_store import DustStore
from tests.conftest import free_port, wait_for_port
from tests.service.dust.dust_packets import MN, PASSWORD

INSTRUMENTS = f"""\
sites: [{{id: binjiang-1, name: 滨江一号地块}}]
instruments:
  - {{mn: {MN}, password: "${{DUST_PASSWORD}}", site: binjiang-1, name: 东门扬尘仪, dust_unit: mg/m3}}
"""


def command(*arguments, password=PASSWORD):
    environment = {**os.environ, "DUSTWATCH_LANG": "en", "DUST_PASSWORD": password}
    words = [sys.executable, "-m", "service.cli.main", "dust", *map(str, arguments)]
    return {"args": words, "env": environment, "text": True}


@pytest.fixture
def instruments(tmp_path):
    path = tmp_path / "dust.yaml"
    path.write_text(INSTRUMENTS, encoding="utf-8")
    return path


def test_what_is_simulated_is_received_and_counted(tmp_path, instruments):
    port = free_port()
    serve = command("serve", "--instruments", instruments, "--data", tmp_path / "data", "--port", port, "--log-json")
    with subprocess.Popen(**serve, stderr=subprocess.PIPE) as receiver:
        try:
            wait_for_port(port, 60)
            play = command("simulate", "--instruments", instruments, "--port", port, "--readings", 5, "--pause", 0)
            played = subprocess.run(**play, capture_output=True, timeout=120, check=False)
            assert (played.returncode, played.stdout.strip()) == (0, "5"), played.stderr
        finally:
            receiver.send_signal(signal.SIGTERM)
            _, log = receiver.communicate(timeout=60)
    assert receiver.returncode == 0
    assert '"new": 5' in log
    assert PASSWORD not in log
    engine = open_database(f"sqlite:///{tmp_path}/data/cases.db")
    now = datetime.now(UTC)
    assert len(DustStore(engine).readings(MN, Period.MINUTE, now - timedelta(hours=1), now)) == 5
    engine.dispose()


def test_a_port_that_is_taken_is_told(tmp_path, instruments):
    port = free_port()
    first = subprocess.Popen(
        [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"], stderr=subprocess.DEVNULL
    )
    try:
        wait_for_port(port)
        serve = command("serve", "--instruments", instruments, "--data", tmp_path / "data", "--port", port)
        second = subprocess.run(**serve, capture_output=True, timeout=60, check=False)
    finally:
        first.kill()
        first.wait()
    assert second.returncode == 2
    assert second.stderr.splitlines() == [f"error: port {port} is in use; choose another with --port"]


def test_a_bad_password_is_told_without_it(instruments):
    run = subprocess.run(
        **command("simulate", "--instruments", instruments, password="not; allowed"),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 2
    assert "instruments[0].password" in run.stderr
    assert "not; allowed" not in run.stderr
