"""The rules that come with the software, and moments of the office's days, for its tests."""

from datetime import datetime

from service.domain.office.days import OFFICE_TIME
from service.office_rules import SHIPPED, read_rule_set

RULES = read_rule_set(SHIPPED / "default-1.yaml")


def beijing(text: str) -> datetime:
    """Return the moment told in Beijing time, such as `2026-03-01 08:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE_TIME)
