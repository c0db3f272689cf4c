"""Leases: one owner of a camera at a time, and tokens that only grow."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from service.domain.leases import LONGEST_LEASE, USUAL_LEASE, Lease, released, taken

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOLDERS = st.sampled_from("abc")


def test_a_free_camera_is_given_with_the_first_token():
    assert taken(None, "gate", "a", NOON) == Lease("gate", "a", 1, NOON + USUAL_LEASE)


def test_renewing_keeps_the_token():
    first = taken(None, "gate", "a", NOON)
    assert taken(first, "gate", "a", NOON + 5 * SECOND) == Lease("gate", "a", 1, NOON + 5 * SECOND + USUAL_LEASE)


def test_others_wait_until_it_has_run_out_and_get_a_higher_token():
    first = taken(None, "gate", "a", NOON)
    assert taken(first, "gate", "b", NOON + USUAL_LEASE - SECOND) == first
    assert taken(first, "gate", "b", NOON + USUAL_LEASE) == Lease("gate", "b", 2, NOON + 2 * USUAL_LEASE)


def test_the_same_holder_takes_up_a_lease_that_ran_out_under_its_token():
    first = taken(None, "gate", "a", NOON)
    assert taken(first, "gate", "a", NOON + timedelta(hours=1)).token == 1


def test_a_released_camera_is_free_at_once_and_its_token_stays_known():
    over = released(taken(None, "gate", "a", NOON), "a", NOON + SECOND)
    assert not over.is_live(NOON + SECOND)
    assert taken(over, "gate", "b", NOON + SECOND).token == 2


def test_nobody_releases_what_another_holds():
    first = taken(None, "gate", "a", NOON)
    assert released(first, "b", NOON) == first
    assert released(None, "b", NOON) is None


def test_a_clock_that_was_set_back_keeps_a_camera_from_nobody():
    first = taken(None, "gate", "a", NOON)
    assert taken(first, "gate", "b", NOON - timedelta(hours=1)).holder == "b"


def test_no_lease_is_longer_than_the_longest():
    assert taken(None, "gate", "a", NOON, timedelta(hours=1)).expires_at == NOON + LONGEST_LEASE


def test_what_an_owner_before_found_is_superseded():
    lease = Lease("gate", "b", 2, NOON + SECOND)
    assert [lease.is_superseded(token, NOON) for token in (1, 2, 3)] == [True, False, False]


def test_who_knows_no_leases_counts_while_nobody_holds_the_camera():
    lease = Lease("gate", "b", 2, NOON + SECOND)
    assert lease.is_superseded(None, NOON)
    assert not lease.is_superseded(None, NOON + SECOND)


class LeasesOfOneCamera(RuleBasedStateMachine):
    """Holders ask, renew, give up and fall silent in any order."""

    def __init__(self):
        super().__init__()
        self.now, self.lease, self.before = NOON, None, None
        self.told: dict[str, tuple[int, datetime]] = {}

    def _is_now(self, lease):
        self.before, self.lease = self.lease, lease

    @rule(seconds=st.integers(0, 15))
    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)

    @rule(holder=HOLDERS, lasts=st.integers(1, 90))
    def ask(self, holder, lasts):
        self._is_now(taken(self.lease, "gate", holder, self.now, timedelta(seconds=lasts)))
        if self.lease.holder == holder:
            self.told[holder] = (self.lease.token, self.lease.expires_at)

    @rule(holder=HOLDERS)
    def give_up(self, holder):
        self._is_now(released(self.lease, holder, self.now))
        if self.lease is not None and self.lease.holder == holder:
            self.told.pop(holder, None)

    @invariant()
    def one_at_most_believes_to_hold_it(self):
        believing = [holder for holder, (_, until) in self.told.items() if self.now < until]
        assert len(believing) <= 1

    @invariant()
    def tokens_grow_with_each_change_of_holder_and_never_else(self):
        if self.before is not None:
            grows = self.lease.token - self.before.token
            assert grows == (1 if self.lease.holder != self.before.holder else 0)

    @invariant()
    def only_the_holder_of_the_highest_token_is_not_superseded(self):
        for holder, (token, _) in self.told.items():
            assert self.lease.is_superseded(token, self.now) == (holder != self.lease.holder)


TestLeasesOfOneCamera = LeasesOfOneCamera.TestCase
