"""Each day has exactly one set of rules, and an old case is judged by that of its day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.office.days import day_of
from service.domain.office.errors import NoRuleSets, NoRulesOn, RulesGap, RulesOverlap, VersionTaken
from service.domain.office.leniency import leniency_of
from service.domain.office.offences import Offence
from service.domain.office.rule_book import RuleBook
from tests.service.domain.office.shipped_rules import RULES, beijing

NEW_YEAR = date(2026, 1, 1)


def rule_set(version, since, until=None, **changes):
    return RULES.model_copy(update={"version": version, "valid_from": since, "valid_until": until, **changes})


def test_a_version_holds_until_the_day_before_the_next():
    book = RuleBook([rule_set("new", NEW_YEAR), rule_set("old", date(2020, 1, 1))])
    assert book.rules_of(date(2025, 12, 31)).version == "old"
    assert book.rules_of(NEW_YEAR).version == "new"
    assert book.rules_of(date(2099, 1, 1)).version == "new"
    assert [each.valid_until for each in book.rule_sets] == [date(2025, 12, 31), None]


def test_an_old_case_is_judged_by_the_rule_of_its_day_by_the_offices_clock():
    strict = RULES.leniency.model_copy(update={"minor_below": {}})
    book = RuleBook([rule_set("old", date(2020, 1, 1)), rule_set("new", NEW_YEAR, leniency=strict)])

    def is_lenient(found_at):
        offence = Offence(1, "xinghe", "unwashed_truck", beijing(found_at))
        return leniency_of(offence, [], None, book.rules_of(day_of(offence.found_at)).leniency).guidance_first

    assert is_lenient("2025-12-31 23:59")
    assert not is_lenient("2026-01-01 00:00")


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2027, 1, 1)])
def test_a_day_without_rules_is_told(day):
    book = RuleBook([rule_set("only", date(2020, 1, 1), date(2026, 12, 31))])
    with pytest.raises(NoRulesOn, match=rf"valid on {day}; the ones there are hold 2020-01-01 \.\. 2026-12-31"):
        book.rules_of(day)


@pytest.mark.parametrize(
    ("until", "since", "error", "message"),
    [
        (date(2025, 12, 30), NEW_YEAR, RulesGap, "from 2025-12-31 to 2025-12-31, between old and new"),
        (NEW_YEAR, NEW_YEAR, RulesOverlap, "old and new are both valid on 2026-01-01"),
        (None, date(2020, 1, 1), RulesOverlap, "both valid on 2020-01-01"),
    ],
)
def test_gaps_and_overlaps_are_refused(until, since, error, message):
    with pytest.raises(error, match=message):
        RuleBook([rule_set("old", date(2020, 1, 1), until), rule_set("new", since)])


def test_no_rules_and_one_name_for_two_are_refused():
    with pytest.raises(NoRuleSets):
        RuleBook([])
    with pytest.raises(VersionTaken, match="called a;"):
        RuleBook([rule_set("a", NEW_YEAR), rule_set("a", date(2027, 1, 1))])


@given(
    st.lists(st.dates(date(2000, 1, 1), date(2050, 1, 1)), min_size=1, max_size=6, unique=True),
    st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    st.data(),
)
def test_every_day_from_the_first_on_has_the_newest_version_that_had_begun(starts, day, data):
    book = RuleBook([rule_set(str(start), start) for start in data.draw(st.permutations(starts))])
    begun = [start for start in starts if start <= day]
    if not begun:
        with pytest.raises(NoRulesOn):
            book.rules_of(day)
        return
    found = book.rules_of(day)
    assert found.valid_from == max(begun)
    if found.valid_until is not None:
        assert book.rules_of(found.valid_until + timedelta(days=1)).valid_from > found.valid_from
