"""How often edges are told to ask: often where there are few, and so that a service is content where there are many."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.domain.asking_pace import LATEST_S, MOST_A_SECOND, SOONEST_S, AskingPace, next_wait

NOON = datetime(2025, 6, 1, 4, 0, tzinfo=UTC)


@given(st.integers(0, 5000))
def test_however_many_edges_ask_their_wait_is_that_of_their_number(edges):
    wait = SOONEST_S
    for _ in range(5):
        wait = next_wait(wait, edges / wait)
    assert SOONEST_S <= wait <= LATEST_S
    assert wait in (SOONEST_S, LATEST_S) or abs(edges / wait - MOST_A_SECOND) < 0.01


def asked_for_a_minute(pace, a_second, begin=NOON):
    for number in range(60 * a_second):
        wait = pace.asked(begin + timedelta(seconds=number / a_second))
    return wait


def test_few_edges_ask_each_two_seconds_and_a_city_s_less_often_until_they_are_gone():
    pace = AskingPace()
    assert asked_for_a_minute(pace, 20) == SOONEST_S
    assert asked_for_a_minute(pace, 400, NOON + timedelta(minutes=1)) == LATEST_S
    assert asked_for_a_minute(pace, 4, NOON + timedelta(minutes=2)) == SOONEST_S


def test_a_clock_that_was_set_back_begins_the_count_anew():
    pace = AskingPace()
    asked_for_a_minute(pace, 400)
    assert pace.asked(NOON - timedelta(days=1)) == LATEST_S
