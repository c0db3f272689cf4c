"""Claims: who is kept out of a case, and for how long."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.domain.claims import LEASE, Claim, of_others, taken

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def test_a_free_case_is_claimed_for_the_length_of_a_lease():
    assert taken(None, 7, "page", "王工", NOON) == Claim(7, "page", "王工", NOON + LEASE)


def test_a_claim_keeps_others_out_until_it_has_run_out():
    standing = taken(None, 7, "page", "王工", NOON)
    last = NOON + LEASE - timedelta(seconds=1)
    assert taken(standing, 7, "other", "李工", last) == standing
    assert taken(standing, 7, "other", "李工", NOON + LEASE).holder == "other"


def test_the_holder_renews_the_claim():
    later = NOON + timedelta(seconds=90)
    assert taken(taken(None, 7, "page", "", NOON), 7, "page", "王工", later) == Claim(7, "page", "王工", later + LEASE)


def test_what_others_hold_leaves_out_what_is_ones_own_and_what_has_run_out():
    mine, other = Claim(1, "page", "", NOON + LEASE), Claim(2, "other", "李工", NOON + LEASE)
    over = Claim(3, "other", "", NOON)
    assert of_others({claim.case_id: claim for claim in (mine, other, over)}, "page", NOON) == {2: other}


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 200)), min_size=1))
def test_two_holders_never_hold_one_case_at_the_same_time(asked):
    standing, now = None, NOON
    for holder, seconds in asked:
        now += timedelta(seconds=seconds)
        before = standing
        standing = taken(before, 1, holder, "", now)
        if standing.holder != holder:
            assert before is not None
            assert before.is_live(now)
        if before is not None and before.holder != standing.holder:
            assert not before.is_live(now)
