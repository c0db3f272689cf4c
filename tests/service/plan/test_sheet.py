"""The sheet: more cameras never need less, what is off costs nothing, and money is told only with prices."""

from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.plan.formula import Formula
from service.plan.inputs import Quantity, changed, priced, shipped_inputs, shipped_lines
from service.plan.sheet import CAMERAS, COSTS, DAYS, asked, reckon

INPUTS, LINES = shipped_inputs(), shipped_lines()
SHARED_OUT = {"node_up_mbit", "cost_a_camera"}
"""By node or by camera: what is rounded up weighs less on more of them."""
PRICES = {"price_node": 800.0, "price_server": 3000.0, "price_tb_month": 90.0, "price_mbit_month": 12.0}


def plan(cameras=100_000, days=1095, prices=None, **values):
    inputs = changed(INPUTS, values, "test") | priced(prices or {})
    return reckon(inputs | asked({CAMERAS: cameras, DAYS: days}), LINES)


@settings(max_examples=50, deadline=None)
@given(
    fewer=st.integers(1, 300_000),
    more=st.integers(0, 300_000),
    gate_share=st.floats(0, 1),
    cluster=st.sampled_from([0.0, 1.0]),
    picture_every_s=st.sampled_from([0.0, 2.0, 60.0]),
)
def test_more_cameras_never_need_less(fewer, more, **values):
    small, large = plan(fewer, prices=PRICES, **values), plan(fewer + more, prices=PRICES, **values)
    assert small.lines.keys() == large.lines.keys()
    for name in small.lines.keys() - SHARED_OUT:
        assert large.value(name) >= small.value(name) * (1 - 1e-9), name


@settings(max_examples=30, deadline=None)
@given(days=st.integers(1, 5000), later=st.integers(0, 5000))
def test_more_days_never_need_less_storage(days, later):
    few, many = plan(days=days), plan(days=days + later)
    for name in ("evidence_tb", "database_gb", "kept_days"):
        assert many.value(name) >= few.value(name)


@settings(max_examples=60, deadline=None)
@given(cameras=st.integers(1, 10_000_000), data=st.data())
def test_whatever_may_be_told_gives_finite_figures(cameras, data):
    names = data.draw(st.lists(st.sampled_from(sorted(INPUTS)), unique=True, max_size=6))
    values = {name: data.draw(st.floats(INPUTS[name].least, INPUTS[name].most)) for name in names}
    assert all(line.value >= 0 and isfinite(line.value) for line in plan(cameras, **values).lines.values())


def test_nodes_are_filled_by_their_scarcest_part():
    assert plan(cameras_a_node_most=1000, node_memory_gb=2).value("cameras_a_node") == 51  # (1600 - 397.5) / 23.26
    assert plan(cameras_a_node_most=7).value("edge_nodes") == 14_286


def test_without_the_camera_wall_nothing_is_asked_for_it():
    off = plan(picture_every_s=0)
    assert [off.value(name) for name in ("news_s", "picture_s", "wanted_s", "database_pictures_gb")] == [0, 0, 0, 0]


def test_evidence_is_kept_by_what_became_of_the_case():
    kept = plan(rejected_share=1, withdrawn_share=0, open_days=10, rejected_days=90, days=1000).value("kept_days")
    assert kept == 100
    assert plan(days=30).value("kept_days") == 30


def test_no_price_no_money():
    assert not [line for line in plan().lines.values() if line.group == "money"]


def test_only_what_has_a_price_is_summed_up():
    told = plan(prices={"price_node": 10})
    assert [name for name in COSTS if name in told.lines] == ["cost_nodes"]
    assert told.value("cost") == 10 * told.value("edge_nodes")
    full = plan(prices=PRICES)
    assert full.value("cost") == pytest.approx(sum(full.value(name) for name in COSTS))
    assert full.lines["cost"].formula == "cost_nodes + cost_servers + cost_evidence + cost_network"


def test_what_is_shown_is_what_was_reckoned():
    result = plan(prices=PRICES)
    values = {name: each.value for name, each in result.inputs.items()} | {
        name: line.value for name, line in result.lines.items()
    }
    for line in result.lines.values():
        assert Formula(line.formula).value(values) == line.value


def test_every_line_is_told_and_every_number_is_used():
    result = plan(prices=PRICES)
    assert result.lines.keys() == LINES.keys()
    used = {name for line in result.lines.values() for name in line.names}
    unused = {name for name, each in INPUTS.items() if each.kind is not Quantity.ASKED} - used
    # Of some requests not every cost counts: what people ask for goes another way, and reading writes nothing.
    costs = {name for name in unused if name.endswith(("_kb", "_ms"))}
    assert unused - costs == set()
