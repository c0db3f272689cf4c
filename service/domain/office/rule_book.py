"""All versions of the office's rules in time: each day has exactly one, so that an old case is judged by its own."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from service.domain.office.errors import NoRuleSets, NoRulesOn, RulesGap, RulesOverlap, VersionTaken
from service.domain.office.rule_set import RuleSet

_DAY = timedelta(days=1)


class RuleBook:
    """The rule sets, without gaps and overlaps."""

    def __init__(self, rule_sets: Iterable[RuleSet], source: str = "-") -> None:
        """Check the sets; `source` tells where they come from, for errors.

        Raises:
            NoRuleSets: there is none.
            VersionTaken: two have one name.
            RulesOverlap: two hold on one day.
            RulesGap: between two there are days without any.
        """
        in_time = sorted(rule_sets, key=lambda each: each.valid_from)
        if not in_time:
            raise NoRuleSets(folder=source)
        _check_versions(in_time)
        ended = [_ended(earlier, later) for earlier, later in pairwise(in_time)]
        self.rule_sets = (*ended, in_time[-1])
        """The versions, the oldest first; each but the newest tells its last day."""

    def rules_of(self, day: date) -> RuleSet:
        """Return the rules that hold on the office's day (see `days.day_of`). Raises NoRulesOn."""
        for each in self.rule_sets:
            if each.valid_from <= day <= (each.valid_until or date.max):
                return each
        first, last = self.rule_sets[0].valid_from, self.rule_sets[-1].valid_until
        raise NoRulesOn(day=day, valid=f"{first} .. {last or ''}".strip())


def _check_versions(rule_sets: Iterable[RuleSet]) -> None:
    seen: set[str] = set()
    for each in rule_sets:
        if each.version in seen:
            raise VersionTaken(version=each.version)
        seen.add(each.version)


def _ended(earlier: RuleSet, later: RuleSet) -> RuleSet:
    """Return the earlier version with its last day."""
    begins = later.valid_from
    if earlier.valid_from == begins or (earlier.valid_until is not None and earlier.valid_until >= begins):
        raise RulesOverlap(earlier=earlier.version, later=later.version, day=begins)
    if earlier.valid_until is not None and earlier.valid_until + _DAY < begins:
        raise RulesGap(
            earlier=earlier.version, later=later.version, first=earlier.valid_until + _DAY, last=begins - _DAY
        )
    return earlier.model_copy(update={"valid_until": begins - _DAY})
