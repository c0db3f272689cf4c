"""What a machine has and uses is read from the kernel's files, a container's limits included."""

import shutil
from pathlib import Path

import pytest

from service.capacity.machine import TICKS_PER_S, busy_seconds, cores_allowed, sample_machine, used_in_group

STAT = """\
cpu  999 999 999 999 999 999 999 999 0 0
cpu0 100 10 50 5000 700 1 2 3 40 0
cpu1 200 0 0 5000 0 0 0 0 0 0
cpu10 7000 0 0 0 0 0 0 0 0 0
intr 1 2 3
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root folder with this machine's /proc, and without control groups."""
    for name in ("proc/stat", "proc/meminfo", "proc/self/status"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(f"/{name}", tmp_path / name)
    return tmp_path


def limit(root: Path, name: str, text: str) -> None:
    folder = root / "sys/fs/cgroup"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


def test_only_the_cores_that_may_be_used_count_and_waiting_is_not_work() -> None:
    assert busy_seconds(STAT, [0]) == 166 / TICKS_PER_S
    assert busy_seconds(STAT, [0, 1]) == 366 / TICKS_PER_S


def test_cores_of_a_control_group() -> None:
    assert cores_allowed("150000 100000\n") == 1.5
    assert cores_allowed("max 100000\n") is None
    assert cores_allowed("") is None
    assert used_in_group("usage_usec 2500000\nuser_usec 1\n") == 2.5


def test_this_machine() -> None:
    sample = sample_machine()
    assert sample.cores > 0
    assert 0 < sample.own_bytes < sample.memory_bytes
    assert sample.own_cpu_s > 0
    assert 0 <= sample.available_bytes <= sample.memory_bytes


def test_a_container_s_limits_are_the_machine(root: Path) -> None:
    limit(root, "cpu.max", "50000 100000")
    limit(root, "cpu.stat", "usage_usec 3000000\n")
    limit(root, "memory.max", "200000000\n")
    limit(root, "memory.current", "150000000\n")
    sample = sample_machine(root)
    assert (sample.cores, sample.busy_s) == (0.5, 3.0)
    assert (sample.memory_bytes, sample.available_bytes) == (200_000_000, 50_000_000)


def test_limits_that_limit_nothing(root: Path) -> None:
    limit(root, "cpu.max", "max 100000")
    limit(root, "memory.max", "max\n")
    assert sample_machine(root).memory_bytes == sample_machine().memory_bytes
