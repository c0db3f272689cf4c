"""Waiting between tries grows, is bounded and is not in step."""

from hypothesis import given
from hypothesis import strategies as st

from streams.backoff import Backoff


@given(st.integers(0, 200), st.integers())
def test_delays_stay_within_half_and_whole_of_the_doubled_time(tries: int, seed: int) -> None:
    backoff = Backoff(first_s=1.0, longest_s=60.0, seed=seed)
    for _ in range(tries):
        backoff.next_delay_s()
    full_s = min(60.0, 2.0**tries)
    assert full_s / 2 <= backoff.next_delay_s() <= full_s


def test_two_cameras_do_not_come_back_in_step() -> None:
    one, other = Backoff(seed=1), Backoff(seed=2)
    assert [one.next_delay_s() for _ in range(5)] != [other.next_delay_s() for _ in range(5)]


def test_success_makes_the_next_wait_short_again() -> None:
    backoff = Backoff(first_s=1.0)
    for _ in range(10):
        backoff.next_delay_s()
    backoff.reset()
    assert backoff.next_delay_s() <= 1.0
