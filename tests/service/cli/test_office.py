"""`dustwatch office`: the rules of a day as people and programs read them, and the check of files."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli.failures import error_text
from service.cli.main import command_line
from service.errors import ServiceError
from service.office_rules import SHIPPED
from service.texts.catalogue import CHINESE

GOOD = (SHIPPED / "default-1.yaml").read_text(encoding="utf-8")
NEW = (
    GOOD.replace("default-1", "new")
    .replace("2020-01-01", "2026-01-01")
    .replace("share_percent: 20", "share_percent: 30")
)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "old.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "new.yaml").write_text(NEW, encoding="utf-8")
    return tmp_path


def office(*arguments: str | Path):
    return CliRunner().invoke(command_line(), ["office", *map(str, arguments)])


def test_show_tells_the_rules_of_the_day(rules: Path) -> None:
    old = office("show", "--rules", rules, "--day", "2025-12-31").stdout
    assert old.startswith("default-1: 2020-01-01 至 until 2025-12-31\n")
    assert "coverage.share_percent = 20\n" in old
    new = office("show", "--rules", rules, "--day", "2026-01-01").stdout
    assert new.startswith("new: 2026-01-01 起 on\n")
    assert "coverage.share_percent = 30\n" in new
    assert "须与本办公室的规定核对" in new


def test_show_without_a_day_tells_the_shipped_rules_of_today() -> None:
    shown = json.loads(office("show", "--json").stdout)
    assert shown["version"] == "default-1"
    assert shown["alert"]["levels"]["red"]["due_hours"] == 4


def test_a_day_without_rules_is_told_in_chinese() -> None:
    found = office("show", "--day", "2019-12-31").exception
    assert isinstance(found, ServiceError)
    assert error_text(found, CHINESE) == "错误：2019-12-31 没有有效的办公室规则；现有规则的有效期为 2020-01-01 .."


def test_check_lists_the_versions_and_their_days(rules: Path) -> None:
    for arguments in ([rules], [rules / "new.yaml", rules / "old.yaml"]):
        run = office("check", *arguments)
        assert run.exit_code == 0
        assert "default-1: 2020-01-01 至 until 2025-12-31" in run.stderr
        assert "new: 2026-01-01 起 on" in run.stderr


def test_check_tells_what_is_wrong(rules: Path) -> None:
    (rules / "new.yaml").write_text(NEW.replace("share_percent: 30", "share_percent: 300"), encoding="utf-8")
    found = office("check", rules / "new.yaml").exception
    assert isinstance(found, ServiceError)
    assert "coverage.share_percent: Input should be less than or equal to 100" in error_text(found, CHINESE)
    (rules / "new.yaml").write_text(NEW.replace("2026-01-01", "2020-01-01"), encoding="utf-8")
    found = office("check", rules).exception
    assert isinstance(found, ServiceError)
    assert "在 2020-01-01 同时有效" in error_text(found, CHINESE)
