"""The systemd units: commands and variables that exist, taken by systemd-analyze, and little exposed."""

import json
import shutil
import subprocess

import pytest

from tests.deploy.deployed import DEPLOY, unknown_words, variable_is_known

UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
MOST_EXPOSED = 2.0
"""Of systemd's 10."""
NEEDS_SYSTEMD = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")


def settings(unit, name):
    lines = unit.read_text(encoding="utf-8").splitlines()
    return [line.partition("=")[2] for line in lines if line.startswith(f"{name}=")]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_what_a_unit_starts_and_sets_exists(unit):
    program, *command = settings(unit, "ExecStart")[0].split()
    assert program == "/opt/dustwatch/bin/dustwatch"
    assert unknown_words(command) == []
    credentials = {each.partition(":")[0] for each in settings(unit, "LoadCredential")}
    for name, _, value in (each.partition("=") for each in settings(unit, "Environment")):
        assert value.removeprefix("%d/") in credentials
        written = (DEPLOY / "edge" / "dustwatch.yaml").read_text(encoding="utf-8")
        read = name.removesuffix("_FILE")
        assert variable_is_known(read) or f"${{{read}}}" in written


@NEEDS_SYSTEMD
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_takes_a_unit(unit, tmp_path):
    copy = tmp_path / unit.name  # with a program that is there: ours is installed elsewhere
    text = unit.read_text(encoding="utf-8").replace("/opt/dustwatch/bin/dustwatch", "/bin/true")
    copy.write_text(text.replace("User=dustwatch", "User=root"), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, check=False)
    about_ours = [line for line in done.stderr.splitlines() if unit.stem in line]
    assert (about_ours, done.returncode) == ([], 0), done.stderr


@NEEDS_SYSTEMD
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_little_of_a_unit_is_exposed(unit):
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--json=short", "--no-pager", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    exposed = sum(float(each["exposure"] or 0) for each in json.loads(done.stdout) if each["exposure"])
    overall = subprocess.run(
        [
            "systemd-analyze",
            "security",
            "--offline=true",
            f"--threshold={round(MOST_EXPOSED * 10)}",
            "--no-pager",
            unit,
        ],
        capture_output=True,
        check=False,
    )
    assert overall.returncode == 0, exposed
