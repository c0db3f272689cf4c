"""The grades that the office's rules speak of: control levels of sites, levels of a pollution alert."""

from enum import StrEnum


class ControlLevel(StrEnum):
    """A site's grade (分级管控). Which one is the strictest is told by the rules' figures alone."""

    A = "A"
    B = "B"
    C = "C"


class AlertLevel(StrEnum):
    """A level of the pollution alert (重污染天气预警), the mildest first."""

    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"

    def is_at_least(self, other: "AlertLevel") -> bool:
        """Return whether this level is the other or a stricter one."""
        order = list(AlertLevel)
        return order.index(self) >= order.index(other)
