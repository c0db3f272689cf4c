"""Reads the office's rules from YAML files, a version each."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from service.config.document import read_config
from service.domain.office.rule_book import RuleBook
from service.domain.office.rule_set import RuleSet

SHIPPED = Path(__file__).parent / "domain" / "office" / "rules"
"""The default rules."""


def read_rule_set(path: Path) -> RuleSet:
    """Read one version. Raises service.config.document.ConfigError, which tells what is wrong by line and field."""
    return read_config(path, RuleSet, environment={})


def read_rule_book(folder: Path = SHIPPED) -> RuleBook:
    """Read every `*.yaml` of the folder; raises what `read_rule_set` and `RuleBook` do."""
    return book_of(sorted(folder.glob("*.yaml")), folder)


@cache
def shipped_rules() -> RuleBook:
    """Return the rules that come along."""
    return read_rule_book()


def office_rules(office_data: Path | None) -> RuleBook:
    """Return the rules in the folder `rules` of the office's data, or those that come along where it has none."""
    folder = office_data / "rules" if office_data else None
    return read_rule_book(folder) if folder is not None and any(folder.glob("*.yaml")) else shipped_rules()


def book_of(files: Iterable[Path], source: Path) -> RuleBook:
    """Read these versions as one book; `source` tells where they lie."""
    return RuleBook([read_rule_set(path) for path in files], str(source))
