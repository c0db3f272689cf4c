"""Makes the red and black lists and the coverage out of what is stored and the rules of the day."""

from datetime import date, timedelta

from sqlalchemy import Engine

from service.accounts.scope import EVERYWHERE, Scope
from service.clock import Clock
from service.domain.office.coverage import coverage_of
from service.domain.office.days import PeriodLength, day_of, period_of
from service.domain.office.errors import NoRulesOn
from service.domain.office.lists import MonthCoverage, OfficeLists, Ranking
from service.domain.office.ranking import standings
from service.domain.office.rule_book import RuleBook
from service.domain.report_period import midnight
from service.storage.office_store import OfficeStore
from service.storage.scope_rows import ScopeRows


class OfficeDesk:
    """Makes the lists for the API, the reports and the pages. Safe from any thread."""

    def __init__(self, engine: Engine, rules: RuleBook, clock: Clock) -> None:
        self._store, self._rows = OfficeStore(engine), ScopeRows(engine)
        self._rules, self._clock = rules, clock

    def ranking(self, scope: Scope, day: date | None = None) -> Ranking:
        """Return the lists of the period that the office's day lies in, today's by default.

        Ranks are among all sites; those outside of the scope are left out. Raises NoRulesOn.
        """
        now = self._clock()
        day = day or day_of(now)
        length = self._rules.rules_of(day).ranking.period
        whole = period_of(day, length)
        held = self._rules.rules_of(whole.first)
        begins_at, ends_at = midnight(whole.first), midnight(whole.last + timedelta(days=1))
        found = standings(self._store.records(begins_at, ends_at, now, held.escalation), held.ranking)
        seen = self._rows.sites(scope)
        shown = tuple(each for each in found if seen is None or each.site_id in seen)
        return Ranking(whole.first, whole.last, length, held.version, held.ranking, shown)

    def coverage(self, scope: Scope, day: date | None = None) -> MonthCoverage:
        """Return the coverage of the day's month as it stands now, or stood at its end. Raises NoRulesOn."""
        today = day_of(self._clock())
        whole = period_of(day or today, PeriodLength.MONTH)
        stands = today if today in whole else whole.last
        held = self._rules.rules_of(whole.first)
        districts = coverage_of(self._store.key_projects(scope), stands, self._store.seed(), held.coverage)
        return MonthCoverage(stands, held.version, held.coverage, districts)

    def lists(self, day: date, scope: Scope = EVERYWHERE, *, with_coverage: bool = True) -> OfficeLists:
        """Return both for a day, whether or not rules held on it.

        A day to come is taken for today. Sites are not told whose turn it is: leave their coverage out.
        """
        day = min(day, day_of(self._clock()))
        try:
            return OfficeLists(self.ranking(scope, day), self.coverage(scope, day) if with_coverage else None)
        except NoRulesOn:
            return OfficeLists()
