"""The page on the office's rules tells every figure and its default."""

import re
from pathlib import Path

from service.domain.office.parameters import parameters_of
from service.office_rules import SHIPPED, read_rule_set

PAGE = Path(__file__).parents[2] / "docs" / "office-rules.md"
SECTIONS = ("leniency", "escalation", "ranking", "coverage", "alert", "control")


def told_by_the_page() -> dict[str, str]:
    text = PAGE.read_text(encoding="utf-8")
    found = {}
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        name = re.search(r"— `(\w+)`$", section.splitlines()[0])
        rows = re.findall(r"^\| `([\w.]+)` \| (\S+) \|", section, re.MULTILINE) if name else []
        found |= {f"{name.group(1)}.{path}": value for path, value in rows if name}
    return found


def shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    return "`{}`" if value == {} else str(value)


def test_the_page_tells_every_figure_of_the_default_rules_and_no_other() -> None:
    rules = read_rule_set(SHIPPED / "default-2.yaml")
    figures = [each for name in SECTIONS for each in parameters_of(getattr(rules, name), name)]
    assert told_by_the_page() == {each.path: shown(each.value) for each in figures}
    assert all(each.title for each in figures)
