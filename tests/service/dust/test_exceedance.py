"""Dust above its limit is told from when to when; what is missing is not clean air."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.dust.averages import WindowAverage, window_averages, window_of
from service.dust.exceedance import Ending, LimitParameters, WatchSpan, find_exceedances, span_to_watch
from service.dust.reading import Factor, Instrument, Mark
from tests.service.dust.dust_packets import MN, NOON, make_reading

INSTRUMENT = Instrument(MN, "东门", "binjiang-1", "滨江一号地块")
LIMIT = LimitParameters(Factor.PM10, 80.0, 15, close_ug_m3=70.0, close_after=2, most_missing=3)


def at(windows: float):
    return NOON + timedelta(minutes=15 * windows)


def averages(*levels):
    """Windows after noon; None is one in which nothing counted."""
    return [WindowAverage(at(number), 15, level, 0.0 if level is None else 1.0) for number, level in enumerate(levels)]


def find(*levels, limit=LIMIT, regional=None):
    return find_exceedances(averages(*levels), INSTRUMENT, limit, regional)


def test_clean_air_is_no_exceedance():
    assert find(10, 80, 79.9, 75, 0) == ()


def test_an_exceedance_goes_from_its_first_average_to_the_last_that_was_too_high():
    [found] = find(50, 81, 95, 60, 60, 20)
    assert (found.started_at, found.last_above_at, found.ended_at) == (at(1), at(3), at(3))
    assert (found.highest_ug_m3, found.averages, found.ending) == (95, 2, Ending.CLEAN)


def test_it_goes_on_while_nothing_ended_it():
    [found] = find(50, 81, 60)
    assert (found.ended_at, found.ending) == (None, None)


def test_levels_between_the_limits_neither_open_nor_close():
    assert find(75, 75, 75) == ()
    [found] = find(90, 75, 60, 75, 60, 75)
    assert found.ended_at is None
    [found] = find(90, 75, 60, 60)
    assert found.ended_at == at(2)
    assert found.last_above_at == at(1)


def test_averages_have_to_be_too_high_in_a_row():
    twice = LimitParameters(Factor.PM10, 80.0, 15, consecutive=2)
    assert find(90, 50, 90, 50, limit=twice) == ()
    between = LimitParameters(Factor.PM10, 80.0, 15, consecutive=2, close_ug_m3=70.0)
    assert find(90, 75, 90, 75, limit=between) == ()
    [found] = find(90, 50, 90, 90, 50, limit=twice)
    assert (found.started_at, found.ended_at) == (at(2), at(4))


def test_missing_data_is_not_clean_air():
    [found] = find(90, None, None, 90, None, 60)
    assert (found.ended_at, found.missing, found.averages) == (None, 2, 2)
    [found] = find(90, None, 60, None, 60)
    assert (found.ended_at, found.ending) == (at(1), Ending.CLEAN)


def test_after_long_silence_nobody_knows():
    assert (
        find(90, None, None, None, 90, limit=LimitParameters(Factor.PM10, 80.0, 15, consecutive=2, most_missing=3))
        == ()
    )
    ended, going_on = find(90, None, None, None, 90)
    assert (ended.ended_at, ended.ending) == (at(1), Ending.MISSING)
    assert going_on.started_at == at(4)


def test_little_that_was_measured_says_nothing():
    thin = [WindowAverage(at(0), 15, 500.0, 0.7), WindowAverage(at(1), 15, 500.0, 0.75)]
    [found] = find_exceedances(thin, INSTRUMENT, LIMIT)
    assert found.started_at == at(1)


def test_the_difference_to_the_region_counts_where_it_is_asked_for():
    limit = LimitParameters(Factor.PM10, 80.0, 15, above_regional=True)
    [found] = find(150, 150, 150, limit=limit, regional={at(0): 100.0, at(1): 60.0})
    assert (found.started_at, found.highest_ug_m3, found.averages) == (at(1), 90.0, 1)
    assert find(150, 150, limit=limit) == ()


@given(st.lists(st.none() | st.floats(0, 200), max_size=60))
def test_exceedances_do_not_overlap_and_only_the_last_goes_on(levels):
    found = find(*levels)
    for one, next_one in pairwise(found):
        assert one.ended_at is not None
        assert one.started_at < one.last_above_at <= one.ended_at <= next_one.started_at
    assert all(one.highest_ug_m3 > 80.0 for one in found)
    assert sum(one.averages for one in found) == sum(level is not None and level > 80.0 for level in levels)


@pytest.mark.parametrize("wrong", [{"close_ug_m3": 90.0}, {"consecutive": 0}, {"close_after": 0}])
def test_parameters_that_can_not_work_are_refused(wrong):
    with pytest.raises(ValueError, match=r"exceedance|counts"):
        LimitParameters(Factor.PM10, 80.0, 15, **wrong)


def test_the_pictures_of_the_time_are_named_by_site_and_span():
    [found] = find(90, 60, 60)
    minutes = timedelta(minutes=15)
    assert span_to_watch(found, at(9)) == WatchSpan("binjiang-1", at(-1), at(2))
    assert span_to_watch(found, at(1.5), margin=minutes * 2) == WatchSpan("binjiang-1", at(-2), at(1.5))
    [going_on] = find(90)
    assert span_to_watch(going_on, at(7)).end == at(7)


def windows(readings, start=0.0, end=2.0, minutes_per_record=1):
    return list(
        window_averages(
            readings,
            Factor.PM10,
            minutes=15,
            minutes_per_record=minutes_per_record,
            start=at(start),
            end=at(end),
        )
    )


def test_readings_are_averaged_over_whole_windows():
    first, second = windows([make_reading(minute, pm10=minute) for minute in range(20)])
    assert (first.started_at, first.mean, first.coverage) == (at(0), 7.0, 1.0)
    assert (second.started_at, second.mean, second.coverage) == (at(1), 17.0, 5 / 15)
    assert [each.started_at for each in windows([], start=0.1, end=2.9)] == [at(1)]


def test_marked_readings_and_repeated_ones_do_not_count():
    readings = [make_reading(0, pm10=10.0), make_reading(0, pm10=10.0), make_reading(1, mark=None, pm10=20.0)]
    readings += [make_reading(minute, mark=Mark.CALIBRATED, pm10=999.0) for minute in range(2, 15)]
    first, second = windows(readings)
    assert (first.mean, first.coverage) == (15.0, 2 / 15)
    assert (second.mean, second.coverage) == (None, 0.0)


def test_a_record_stands_for_the_minutes_that_the_instrument_is_set_to():
    [first] = windows([make_reading(0, pm10=90.0), make_reading(5), make_reading(10)], end=1, minutes_per_record=5)
    assert first.coverage == 1.0


def test_windows_begin_with_the_hour():
    assert window_of(NOON + timedelta(minutes=44, seconds=59), timedelta(minutes=15)) == at(2)
    assert window_of(NOON, timedelta(hours=1)) == NOON
