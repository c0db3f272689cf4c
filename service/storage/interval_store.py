"""Tells how often sites are to be inspected now: by their control levels, the alert, and the rules of the day."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from service.domain.office.control import SiteInterval, site_intervals
from service.domain.office.days import day_of
from service.domain.office.errors import NoRulesOn
from service.domain.office.levels import ControlLevel
from service.domain.office.rule_book import RuleBook
from service.storage.alert_store import alert_at
from service.storage.tables import SiteRow


class IntervalStore:
    """Reads levels and alerts; safe from any thread."""

    def __init__(self, engine: Engine, rules: RuleBook) -> None:
        self._engine = engine
        self._rules = rules

    def of_sites(self, site_ids: Sequence[str], now: datetime) -> tuple[SiteInterval, ...]:
        """Return the interval of each of these sites at an aware time; none before the office's first rules hold."""
        try:
            rules = self._rules.rules_of(day_of(now))
        except NoRulesOn:
            return ()
        query = select(SiteRow.id, SiteRow.control_level).where(SiteRow.id.in_(site_ids))
        with Session(self._engine) as session:
            levels = {row.id: ControlLevel(row.control_level) for row in session.execute(query)}
            alert = alert_at(session, now)
        return site_intervals(site_ids, levels, alert, rules.control, rules.alert)
