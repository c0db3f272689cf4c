"""Reads the office's rules from YAML files, a version each."""

from collections.abc import Iterable
from pathlib import Path

from service.config.file import read_config
from service.domain.office.rule_book import RuleBook
from service.domain.office.rule_set import RuleSet

SHIPPED = Path(__file__).parent / "domain" / "office" / "rules"
"""The default rules."""


def read_rule_set(path: Path) -> RuleSet:
    """Read one version. Raises service.config.file.ConfigError, which tells what is wrong by line and field."""
    return read_config(path, RuleSet, environment={})


def read_rule_book(folder: Path = SHIPPED) -> RuleBook:
    """Read every `*.yaml` of the folder; raises what `read_rule_set` and `RuleBook` do."""
    return book_of(sorted(folder.glob("*.yaml")), folder)


def book_of(files: Iterable[Path], source: Path) -> RuleBook:
    """Read these versions as one book; `source` tells where they lie."""
    return RuleBook([read_rule_set(path) for path in files], str(source))
