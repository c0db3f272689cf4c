"""Files of the office's rules: the shipped one is valid, and what is wrong with one is told by line and field."""

from datetime import date
from pathlib import Path

import pytest

from service.config.document import ConfigError
from service.domain.office.errors import NoRuleSets, RulesGap
from service.domain.office.ranking import SiteRecord, standings
from service.office_rules import SHIPPED, read_rule_book, read_rule_set

GOOD = (SHIPPED / "default-1.yaml").read_text(encoding="utf-8")


def write(folder: Path, *changes: tuple[str, str], name: str = "rules.yaml") -> Path:
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def line_of(text: str) -> int:
    return next(number for number, line in enumerate(GOOD.splitlines(), 1) if text in line)


def test_the_shipped_rules_hold_from_2020_on():
    book = read_rule_book()
    assert book.rules_of(date(2020, 1, 1)).version == "default-1"
    assert book.rules_of(date(2099, 12, 31)).valid_until is None


def test_from_2027_on_a_dust_exceedance_has_points_and_nothing_else_changed():
    book = read_rule_book()
    before, after = book.rules_of(date(2026, 12, 31)), book.rules_of(date(2027, 1, 1))
    record = SiteRecord("a", "工地", 9, {"dust_exceedance": 2})
    assert [standings([record], each.ranking)[0].score for each in (before, after)] == [100, 90]
    told = [each.model_dump(exclude={"version", "about", "valid_from", "valid_until"}) for each in (before, after)]
    del told[1]["ranking"]["points_each"]["dust_exceedance"]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("old", "new", "field", "problem"),
    [
        ("share_percent: 20", "share_percent: 120", "coverage.share_percent", "less than or equal to 100"),
        ("share_percent: 20", "share_per_cent: 20", "coverage.share_per_cent", "did you mean share_percent?"),
        ("missed_handovers: 2", "missed_handovers: two", "escalation.missed_handovers", "valid integer"),
        ("red_from: 90", "red_from: 50", "ranking", "red_from has to be higher than black_to"),
        ("due_hours: 12}", "due_hours: 48}", "alert", "orange asks for less than yellow"),
        ("period: month", "period: week", "ranking.period", "'month', 'quarter' or 'year'"),
        ("window: rolling", "window: decade", "leniency.counting.window", "'rolling' or 'calendar_year'"),
        ("bare_soil_share: 0.3", "bare_soil_share: .nan", "leniency.minor_below", "finite number"),
        ("valid_from: 2020-01-01", "valid_from: soon", "valid_from", "valid date"),
    ],
)
def test_a_wrong_figure_is_told_by_line_and_field(tmp_path, old, new, field, problem):
    path = write(tmp_path, (old, new))
    with pytest.raises(ConfigError) as caught:
        read_rule_set(path)
    assert any(field in each and problem in each for each in caught.value.problems), caught.value.problems
    if old.split(":")[0] in field.split("."):
        assert any(each.startswith(f"{path}:{line_of(old)}:") for each in caught.value.problems)


def test_nothing_has_a_hidden_default(tmp_path):
    path = write(tmp_path, ("  least_projects: 1\n", ""))
    with pytest.raises(ConfigError, match=r"coverage\.least_projects: it is missing"):
        read_rule_set(path)


def test_a_file_that_is_no_yaml_and_one_that_is_a_list_are_told(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text("version: [", encoding="utf-8")
    with pytest.raises(ConfigError, match="this is no YAML"):
        read_rule_set(path)
    path.write_text("- version: a", encoding="utf-8")
    with pytest.raises(ConfigError, match="it has to begin with 'version:' and 'valid_from:'"):
        read_rule_set(path)


def test_a_folder_is_read_as_one_book_and_gaps_in_it_are_refused(tmp_path):
    write(tmp_path, ("valid_from: 2020-01-01", "valid_from: 2020-01-01\nvalid_until: 2025-12-31"), name="a.yaml")
    new = (("version: default-1", "version: new"), ("valid_from: 2020-01-01", "valid_from: 2026-01-01"))
    write(tmp_path, *new, name="b.yaml")
    assert read_rule_book(tmp_path).rules_of(date(2026, 1, 1)).version == "new"
    write(tmp_path, *new, ("valid_from: 2026-01-01", "valid_from: 2026-01-02"), name="b.yaml")
    with pytest.raises(RulesGap, match="no office rules are valid from 2026-01-01 to 2026-01-01"):
        read_rule_book(tmp_path)


def test_an_empty_folder_is_told(tmp_path):
    with pytest.raises(NoRuleSets, match=str(tmp_path)):
        read_rule_book(tmp_path)
