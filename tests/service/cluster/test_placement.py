"""Placement: every camera on a node that is there, evenly, with few moves."""

from hypothesis import given
from hypothesis import strategies as st

from service.cluster.placement import placed

COSTS = st.dictionaries(st.integers(0, 40).map("c{}".format), st.floats(0.01, 2.0), max_size=30)
NODES = st.dictionaries(st.sampled_from("abcde"), st.floats(0.5, 16.0), min_size=1)
PRESENT = st.dictionaries(st.integers(0, 45).map("c{}".format), st.sampled_from("abcdex"))


def loads(cameras, nodes, where):
    found = dict.fromkeys(nodes, 0.0)
    for camera, node in where.items():
        found[node] += cameras[camera] / nodes[node]
    return found


@given(COSTS, NODES, PRESENT)
def test_every_camera_is_on_one_node_that_is_there(cameras, nodes, present):
    where = placed(cameras, nodes, present)
    assert where.keys() == cameras.keys()
    assert set(where.values()) <= set(nodes)


@given(COSTS, NODES, PRESENT)
def test_what_is_placed_well_stays(cameras, nodes, present):
    where = placed(cameras, nodes, present)
    assert placed(cameras, nodes, where) == where


@given(COSTS, NODES, PRESENT)
def test_no_node_is_left_far_emptier_than_another_than_its_cameras_explain(cameras, nodes, present):
    where = placed(cameras, nodes, present)
    found = loads(cameras, nodes, where)
    emptiest = min(found, key=found.get)
    for camera, node in where.items():
        step = cameras[camera] / nodes[node] + cameras[camera] / nodes[emptiest]
        assert found[node] - found[emptiest] <= max(0.2, step) + 1e-6


def test_a_dead_nodes_cameras_go_elsewhere_and_the_others_stay():
    cameras = {f"c{number}": 0.1 for number in range(6)}
    present = dict(zip(cameras, "aabbcc", strict=True))
    where = placed(cameras, {"a": 1.0, "b": 1.0}, present)
    assert {name: node for name, node in where.items() if present[name] != "c"} == {
        "c0": "a",
        "c1": "a",
        "c2": "b",
        "c3": "b",
    }
    assert {where["c4"], where["c5"]} == {"a", "b"}


def test_a_node_that_joins_gets_its_share():
    cameras = {f"c{number}": 0.05 for number in range(24)}
    where = placed(cameras, {"a": 1.0, "b": 1.0}, dict.fromkeys(cameras, "a"))
    assert 10 <= list(where.values()).count("b") <= 12


def test_a_larger_node_gets_more():
    where = placed({f"c{number}": 0.1 for number in range(12)}, {"large": 3.0, "small": 1.0}, {})
    assert list(where.values()).count("large") == 9


def test_without_nodes_none_is_placed():
    assert placed({"c": 1.0}, {}, {"c": "a"}) == {}
    assert placed({"c": 1.0}, {"a": 0.0}, {}) == {}
