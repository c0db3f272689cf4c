"""Formulas are checked when they are made, reckon as Python does, and can be shown in numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.plan.formula import BadFormula, Formula, number_text


def test_names_are_told_in_their_order_and_once():
    assert Formula("b * (a + b) / ceil(c)").names == ("b", "a", "c")


def test_a_formula_is_shown_in_numbers():
    assert Formula("cameras *  (gates + 1)").with_numbers({"cameras": 100_000, "gates": 0.25}) == "100000 * (0.25 + 1)"


@pytest.mark.parametrize(
    "text", ["a ** 2", "a.real", "open(a)", "a if b else c", "'a'", "max(*a)", "a +", "-a", "max(a, key=b)", "a[0]"]
)
def test_what_is_no_plain_arithmetic_is_refused(text):
    with pytest.raises(BadFormula):
        Formula(text)


def test_a_missing_value_and_a_division_by_0_are_told():
    with pytest.raises(BadFormula, match="there is no b"):
        Formula("a + b").value({"a": 1})
    with pytest.raises(BadFormula, match="divides by 0"):
        Formula("1 / a").value({"a": 0})


def test_what_never_happens_happens_0_times_a_second():
    per = Formula("per(cameras, every_s) + present(every_s)")
    assert per.value({"cameras": 60, "every_s": 0}) == 0
    assert per.value({"cameras": 60, "every_s": 60}) == 2


@given(st.integers(1, 1000), st.integers(1, 1000))
def test_rounding_up_is_not_led_astray_by_the_last_digit(number, share):
    assert Formula("ceil(n * s / s)").value({"n": number, "s": share / 7}) == number


@given(st.floats(1e-6, 1e12))
def test_a_number_that_is_shown_is_hardly_another(value):
    assert float(number_text(value)) == pytest.approx(value, rel=1e-3)
