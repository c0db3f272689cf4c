"""The measurement of cameras as a whole, shortened."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_one_part_can_be_measured_alone(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.cameras", "--quick", "--json", "--only", "floor", "--work", tmp_path]

    answer = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)

    assert answer["floor_cpu_s_per_camera_s"] > 0
    assert answer["vs_floor"] is None
    assert answer["machine"]["cores"] >= 1
    assert 2.5e6 < answer["parts"]["floor"]["film_bit_rate"] < 3.5e6
