"""The command line: which commands there are, and that a call loads no more than it needs."""

import subprocess
import sys

import pytest
import typer

from service.cli.main import COMMANDS, GROUPS, command_line

KNOWN = {*COMMANDS, *GROUPS}


def commands_of(app: typer.Typer) -> set[str]:
    return set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_every_command_can_be_loaded() -> None:
    assert commands_of(command_line()) == KNOWN


def test_the_commands_asked_for_are_loaded() -> None:
    assert commands_of(command_line(["plan", "office"])) == {"plan", "office"}


@pytest.mark.parametrize("call", [["--version"], ["plan", "--help"], ["office", "--help"]])
def test_a_call_loads_neither_networks_nor_database_where_it_needs_none(call: list[str]) -> None:
    load = f"import sys; from service.cli.main import main; sys.argv[1:] = {call}"
    look = f"{load}\ntry: main()\nfinally: print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert not {"onnxruntime", "supervision", "sqlalchemy", "fastapi"} & set(done.stdout.split())


def test_an_unknown_command_is_told_with_the_known_ones_at_hand() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "service.cli.main", "rnu"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "run" in done.stderr
