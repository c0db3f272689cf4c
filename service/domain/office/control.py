"""Control levels (分级管控): how often a site's cameras are inspected, stricter while a pollution alert lasts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import Field, model_validator

from service.domain.office.alert import AlertRule
from service.domain.office.levels import AlertLevel, ControlLevel
from service.domain.office.parameters import Parameters

Interval = Annotated[float, Field(ge=0.2, le=3600)]
"""Seconds between two looks, as a patrol camera's `interval_s` takes them."""


class ControlRule(Parameters):
    """The inspection interval of each level."""

    interval_s: dict[ControlLevel, Interval] = Field(title="各级巡看间隔，秒 Seconds between two looks, by level")
    without_level_s: Interval = Field(title="未定级工地的巡看间隔，秒 Seconds for sites without a level")
    least_interval_s: Interval = Field(title="任何情况下的最短间隔，秒 Seconds that no alert goes below")

    @model_validator(mode="after")
    def _every_level_has_its_interval(self) -> Self:
        if missing := [level.value for level in ControlLevel if level not in self.interval_s]:
            raise ValueError(f"levels are missing: {', '.join(missing)}")
        if self.least_interval_s > min(self.without_level_s, *self.interval_s.values()):
            raise ValueError("least_interval_s is longer than the interval of a level")
        return self


def inspection_interval_s(
    level: ControlLevel | None, alert: AlertLevel | None, control: ControlRule, alerts: AlertRule
) -> float:
    """Return the seconds between two looks at a site of this level (None: it has none) under this alert."""
    interval_s = control.without_level_s if level is None else control.interval_s[level]
    factor = 1.0 if alert is None else alerts.levels[alert].interval_factor
    return max(control.least_interval_s, interval_s * factor)


@dataclass(frozen=True)
class SiteInterval:
    """How often a site's cameras are to be looked at, and from which level and alert (None: none) that follows."""

    site_id: str
    interval_s: float
    level: ControlLevel | None
    alert: AlertLevel | None


def site_intervals(
    site_ids: Iterable[str],
    level_of_site: Mapping[str, ControlLevel],
    alert: AlertLevel | None,
    control: ControlRule,
    alerts: AlertRule,
) -> tuple[SiteInterval, ...]:
    """Return the interval of each site, for sites of one alert area; one that has no level goes as without one."""
    levels = ((site, level_of_site.get(site)) for site in site_ids)
    return tuple(
        SiteInterval(site, inspection_interval_s(level, alert, control, alerts), level, alert) for site, level in levels
    )
