"""The documents are true: schemas are current, the example works, commands named in the README exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.schemas import CLASSES_PAGE, FOLDER, SCHEMAS, classes_text, schema_text
from service.config.file import load_config
from service.dust.instruments import load_instruments

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_are_those_of_the_code(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == schema_text(name), "run `make docs`"


def test_the_list_of_classes_is_that_of_the_code() -> None:
    assert (FOLDER / CLASSES_PAGE).read_text(encoding="utf-8") == classes_text(), "run `make docs`"


def test_the_example_configuration_is_valid() -> None:
    config = load_config(ROOT / "docs" / "dustwatch.example.yaml", {"GATE_PASSWORD": "x"})
    assert len(config.cameras) == 3


def test_the_example_list_of_dust_monitors_is_valid() -> None:
    config = load_instruments(ROOT / "docs" / "dust.example.yaml", {"DUST_1_PASSWORD": "x"})
    assert [place.site_id for place in config.places()] == ["xinghe"]


def test_every_command_in_the_readme_exists() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
    commands = {match.split()[0] for match in re.findall(r"dustwatch ((?:[a-z]+-?)+(?: [a-z]+)?)", text)}
    help_text = subprocess.run(
        [sys.executable, "-m", "service.cli.main", "--help"], capture_output=True, text=True, check=True
    ).stdout
    known = set(re.findall(r"^│ ([a-z-]+) ", help_text, re.MULTILINE))
    assert {"demo", "run", "serve"} <= known
    assert {command for command in commands if command in known} >= {"demo", "run", "serve", "check"}


def test_make_help_lists_every_target() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("demo", "test", "lint", "bench", "docs", "setup", "help"):
        assert f"make {target}" in listed
