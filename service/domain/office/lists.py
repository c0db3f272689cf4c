"""What the office tells by its rules: a period's red and black lists, a month's coverage; with the rules' version."""

from dataclasses import dataclass
from datetime import date

from service.domain.office.coverage import Coverage, CoverageRule
from service.domain.office.days import PeriodLength
from service.domain.office.ranking import ListName, RankingRule, Standing


@dataclass(frozen=True)
class Ranking:
    """A period's lists by the version of the rules that held on its first day; the best site first.

    `first` and `last` are the office's days, both included.
    """

    first: date
    last: date
    length: PeriodLength
    version: str
    rule: RankingRule
    standings: tuple[Standing, ...]

    def listed(self, name: ListName) -> tuple[Standing, ...]:
        """Return the sites of one list: the best of the red one, and the worst of the black one, first."""
        found = tuple(each for each in self.standings if each.listed is name)
        return found if name is ListName.RED else found[::-1]

    @property
    def ranked(self) -> int:
        """How many of the sites are ranked; the others were inspected too seldom."""
        return sum(each.rank is not None for each in self.standings)


@dataclass(frozen=True)
class MonthCoverage:
    """The coverage of the day's month as it stands on that day, by the rules of the month's first day."""

    day: date
    version: str
    rule: CoverageRule
    districts: tuple[Coverage, ...]


@dataclass(frozen=True)
class OfficeLists:
    """Both, as a report or a page shows them; None where no rules held, or where it is not for who asks."""

    ranking: Ranking | None = None
    coverage: MonthCoverage | None = None
