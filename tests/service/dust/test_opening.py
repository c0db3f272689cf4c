"""One open case a monitor: what opens one, what it takes in, and what is not brought up again."""

from datetime import timedelta

import pytest

from service.domain.cases import CaseState
from service.dust.exceedance import TSP_LIMIT, DustExceedance, Ending
from service.dust.opening import DONE, MonitorCase, to_end, to_open
from service.dust.reading import Instrument
from tests.service.dust.dust_packets import MN, NOON

EAST = Instrument(MN, "东门扬尘仪", "s-01", "滨江一号地块")
HOUR = timedelta(hours=1)
KNOWN_FROM = NOON - 6 * HOUR


def exceedance(started_at, ending=None):
    last = started_at + HOUR
    ended_at = None if ending is None else last
    return DustExceedance(EAST, TSP_LIMIT, started_at, last, 800.0, 4, ended_at=ended_at, ending=ending)


def newest(state, *, moved_at=NOON, has_ended=False):
    return MonitorCase(1, state, moved_at, has_ended)


def test_the_first_exceedance_opens_a_case_and_none_opens_none():
    found = exceedance(NOON)
    assert to_open([found], None, KNOWN_FROM) == found
    assert to_open([], None, KNOWN_FROM) is None


@pytest.mark.parametrize("state", sorted(CaseState))
def test_an_open_case_takes_further_exceedances_in_and_a_done_one_does_not(state):
    later = exceedance(NOON + HOUR)
    assert to_open([later], newest(state), KNOWN_FROM) == (later if state in DONE else None)


def test_what_began_before_the_case_was_done_is_not_brought_up_again():
    assert to_open([exceedance(NOON - HOUR)], newest(CaseState.REJECTED), KNOWN_FROM) is None


def test_what_may_have_begun_before_anything_is_known_is_not_either():
    cut = exceedance(KNOWN_FROM)
    assert to_open([cut], newest(CaseState.REJECTED, moved_at=KNOWN_FROM - HOUR), KNOWN_FROM) is None


@pytest.mark.parametrize(("ending", "told"), [(Ending.CLEAN, True), (Ending.MISSING, False), (None, False)])
def test_only_clean_air_ends_it(ending, told):
    found = exceedance(NOON, ending)
    assert to_end([found], newest(CaseState.FOUND)) == (found if told else None)
    assert to_end([found], newest(CaseState.FOUND, has_ended=True)) is None
    assert to_end([found], newest(CaseState.CLOSED)) is None
