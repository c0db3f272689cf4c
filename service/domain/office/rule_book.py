"""All versions of the office's rules in time: each day has exactly one, so that an old case is judged by its own."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from service.domain.office.errors import NoRuleSets, NoRulesOn, RulesGap, RulesOverlap, VersionTaken
from service.domain.office.rule_set import RuleSet

_DAY = timedelta(days=1)


class RuleBook:
    """The rule sets, the oldest first, without gaps and overlaps."""

    def __init__(self, rule_sets: Iterable[RuleSet], source: str = "-") -> None:
        """Check the sets; `source` tells where they come from, for errors.

        Raises:
            NoRuleSets: there is none.
            VersionTaken: two have one name.
            RulesOverlap: two hold on one day.
            RulesGap: between two there are days without any.
        """
        self.rule_sets = tuple(sorted(rule_sets, key=lambda each: each.valid_from))
        if not self.rule_sets:
            raise NoRuleSets(folder=source)
        _check_versions(self.rule_sets)
        for earlier, later in pairwise(self.rule_sets):
            _check_neighbours(earlier, later)

    def rules_of(self, day: date) -> RuleSet:
        """Return the rules that hold on the office's day (see `days.day_of`). Raises NoRulesOn."""
        for each in reversed(self.rule_sets):
            if each.valid_from <= day and (each.valid_until is None or day <= each.valid_until):
                return each
        first, last = self.rule_sets[0].valid_from, self.rule_sets[-1].valid_until
        raise NoRulesOn(day=day, valid=f"{first} .. {last or ''}".strip())


def _check_versions(rule_sets: Iterable[RuleSet]) -> None:
    seen: set[str] = set()
    for each in rule_sets:
        if each.version in seen:
            raise VersionTaken(version=each.version)
        seen.add(each.version)


def _check_neighbours(earlier: RuleSet, later: RuleSet) -> None:
    begins = later.valid_from
    if earlier.valid_from == begins or (earlier.valid_until is not None and earlier.valid_until >= begins):
        raise RulesOverlap(earlier=earlier.version, later=later.version, day=begins)
    if earlier.valid_until is not None and earlier.valid_until + _DAY < begins:
        raise RulesGap(
            earlier=earlier.version, later=later.version, first=earlier.valid_until + _DAY, last=begins - _DAY
        )
