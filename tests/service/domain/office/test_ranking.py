"""The red and the black list: a formula that adds up, ties that share, and a reason for every site."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.domain.office.ranking import ListName, RankingReason, RankingRule, SiteRecord, standings
from tests.service.domain.office.shipped_rules import RULES

RULE = RULES.ranking.model_copy(update={"red_places": 2, "black_places": 2})
TIES_OUT = RULE.model_copy(update={"ties": "none"})
EVENTS = sorted(RULE.points_each)


def site(name, inspections=10, **counts):
    return SiteRecord(name, f"工地 {name}", inspections, counts)


def listed(records, rule=RULE):
    return {each.site_id: each.listed for each in standings(records, rule) if each.listed}


def only(records, site_id, rule=RULE):
    return next(each for each in standings(records, rule) if each.site_id == site_id)


def test_the_formula_shows_every_part():
    found = only([site("a", unwashed_truck=2, overdue=1, rectified_in_time=2, unknown_event=4)], "a")
    assert found.formula() == "100 - 2 x 3 (unwashed_truck) - 1 x 5 (overdue) + 2 x 1 (rectified_in_time) = 91"
    assert found.score == 91


def test_best_and_worst_are_listed_and_the_others_are_in_between():
    records = [
        site("a"),
        site("b", rectified_in_time=1),
        site("c", unwashed_truck=1),
        site("d", escalated=4),
        site("e", escalated=5),
        site("f", escalated=6),
    ]
    assert listed(records) == {
        "a": ListName.RED,
        "b": ListName.RED,
        "e": ListName.BLACK,
        "f": ListName.BLACK,
    }
    assert only(records, "c").reason.text() == "on neither list: 97 points, rank 3 of 6"
    assert only(records, "b").reason.text() == ("red list: 101 points, at least 90; 0 sites are better (2 places)")
    assert only(records, "f").reason.text() == "black list: 40 points, at most 60; 0 sites are worse (2 places)"


def test_nobody_is_listed_for_a_middling_score_even_where_places_are_free():
    assert listed([site("a", escalated=2), site("b", escalated=3)]) == {}


def test_ties_share_their_rank_and_all_or_none_of_the_last_place_are_listed():
    records = [site("a", rectified_in_time=1), site("b"), site("c"), site("d", overdue=1)]
    assert [(each.site_id, each.rank) for each in standings(records, RULE)] == [("a", 1), ("b", 2), ("c", 2), ("d", 4)]
    assert listed(records) == {"a": ListName.RED, "b": ListName.RED, "c": ListName.RED}
    assert listed(records, TIES_OUT) == {"a": ListName.RED}
    assert only(records, "c", TIES_OUT).reason.kind is RankingReason.TIED_OUT


def test_ties_that_fit_the_places_are_listed_either_way():
    records = [site("a"), site("b"), site("c", overdue=1)]
    assert listed(records) == listed(records, TIES_OUT) == {"a": ListName.RED, "b": ListName.RED}


def test_a_site_with_few_inspections_is_scored_but_not_ranked():
    records = [site("a", inspections=3), site("b", overdue=1)]
    few = standings(records, RULE)[-1]
    assert (few.site_id, few.rank, few.listed, few.score) == ("a", None, None, 100)
    assert few.reason.text() == "not ranked: inspected 3 times, at least 4 are needed"
    assert only(records, "b").rank == 1


def test_lists_that_could_hold_one_site_twice_are_refused():
    with pytest.raises(ValidationError, match="both lists"):
        RankingRule.model_validate(RULE.model_dump() | {"red_from": 60, "black_to": 60})


records_of_sites = st.lists(
    st.builds(
        SiteRecord,
        st.text("abcdefgh", min_size=1, max_size=3),
        st.just("工地"),
        st.integers(0, 8),
        st.dictionaries(st.sampled_from(EVENTS), st.integers(0, 12), max_size=4),
    ),
    unique_by=lambda each: each.site_id,
    max_size=12,
)


@given(records_of_sites, st.sampled_from([RULE, TIES_OUT]), st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter_and_every_score_adds_up(records, rule, random):
    found = standings(records, rule)
    assert found == standings(random.sample(records, len(records)), rule)
    assert all(each.score == each.base_points + sum(part.points for part in each.parts) for each in found)
    for one, other in combinations([each for each in found if each.rank is not None], 2):
        assert (one.rank == other.rank) == (one.score == other.score)
        assert (one.rank < other.rank) == (one.score > other.score)
        if one.score == other.score:
            assert one.listed == other.listed
    if rule is TIES_OUT:
        assert all(sum(each.listed is name for each in found) <= 2 for name in ListName)


@given(records_of_sites, st.data())
def test_one_more_offence_never_helps(records, data):
    if not records:
        return
    chosen = data.draw(st.sampled_from(records))
    worse = SiteRecord(
        chosen.site_id,
        chosen.site_name,
        chosen.inspections,
        {**chosen.counts, "overdue": chosen.counts.get("overdue", 0) + 1},
    )
    before = only(records, chosen.site_id)
    after = only([worse if each is chosen else each for each in records], chosen.site_id)
    assert (after.rank or 0) >= (before.rank or 0)
    if before.listed is not ListName.RED:
        assert after.listed is not ListName.RED
