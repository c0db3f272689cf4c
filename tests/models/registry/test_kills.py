"""A registry is usable after a kill at any step of a change: the version in production loads, and the work goes on."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from models.registry.registry import Registry
from tests.models.made_models import colour_network, made_model, write_model

NAME = "surfaces"
MOST_STEPS = 30
WORK = """\
import os, signal, sys
from pathlib import Path
from models.registry.registry import Registry

root, built_in, work, last_step = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
steps = 0

def killed_before(call):
    def step(*arguments, **options):
        global steps
        if steps == last_step:
            os.kill(os.getpid(), signal.SIGKILL)
        steps += 1
        return call(*arguments, **options)
    return step

for name in ("fsync", "rename", "replace", "fchmod", "mkdir"):
    setattr(os, name, killed_before(getattr(os, name)))
registry = Registry(root, built_in)
if work == "add":
    registry.add_version("surfaces", "3", built_in.parent / "made")
elif work == "promote":
    registry.promote("surfaces", "2", "a", "b")
else:
    registry.rollback("surfaces", "a", "b")
"""


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    network = colour_network()
    write_model(tmp_path / "made", made_model(network))
    write_model(tmp_path / "built-in" / NAME / "1", made_model(network))
    (tmp_path / "built-in" / NAME / "production").write_text("1\n")
    registry = Registry(tmp_path / "user", tmp_path / "built-in")
    registry.add_version(NAME, "2", tmp_path / "made")
    return registry


def run_killed(registry: Registry, work: str, last_step: int) -> bool:
    """Do the work in a process that is killed at a step; tell whether it was (else it had no so many steps)."""
    built_in = registry.root.parent / "built-in"
    command = [sys.executable, "-c", WORK, str(registry.root), str(built_in), work, str(last_step)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode in (0, -signal.SIGKILL), ended.stderr
    return ended.returncode != 0


def check_usable(registry: Registry) -> None:
    production = registry.production(NAME)
    assert production in {"1", "2"}
    for version in registry.versions(NAME):
        registry.load(NAME, version)
    registry.load(NAME)
    history = registry.history(NAME)
    assert (history[-1].version if history else "1") == production


@pytest.mark.slow
def test_a_promotion_killed_at_each_step(registry: Registry) -> None:
    for step in range(MOST_STEPS):
        killed = run_killed(registry, "promote", step)
        check_usable(registry)
        if registry.production(NAME) == "2":
            registry.rollback(NAME, "a", "again")
            assert registry.production(NAME) == "1"
        if not killed:
            break
    assert 5 < step < MOST_STEPS - 1


@pytest.mark.slow
def test_going_back_killed_at_each_step(registry: Registry) -> None:
    for step in range(MOST_STEPS):
        if registry.production(NAME) == "1":
            registry.promote(NAME, "2", "a", "b")
        killed = run_killed(registry, "rollback", step)
        check_usable(registry)
        if not killed:
            break
    assert 5 < step < MOST_STEPS - 1


@pytest.mark.slow
def test_a_new_version_killed_at_each_step_is_whole_or_absent(registry: Registry) -> None:
    for step in range(MOST_STEPS):
        killed = run_killed(registry, "add", step)
        check_usable(registry)
        if "3" in registry.versions(NAME):
            registry.folder(NAME, "3").rename(registry.root.parent / f"made-{step}")
        if not killed:
            break
    assert 5 < step < MOST_STEPS - 1
    assert not list(registry.root.rglob(".incoming*"))
