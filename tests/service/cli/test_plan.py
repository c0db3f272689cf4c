"""`dustwatch plan`: a city's needs with their formulas, from shipped or own figures, money only by prices."""

import json
from pathlib import Path

from tests.service.cli.test_commands import dustwatch, one_error


def test_a_citys_plan_tells_nodes_storage_and_no_money() -> None:
    run = dustwatch("plan", "--cameras", "100000")
    assert run.returncode == 0, run.stderr
    assert "100000 路 cameras" in run.stdout
    for words in ("边缘节点 edge nodes", "证据存储 storage of evidence", "未填价格"):
        assert words in run.stdout
    assert "费用 money" not in run.stdout


def test_every_figure_is_explained_by_formula_inputs_and_their_sources() -> None:
    run = dustwatch("plan", "--cameras", "1000", "--price-node", "800", "--explain")
    assert run.returncode == 0, run.stderr
    for words in ("edge_nodes = ceil(cameras / cameras_a_node)", "cost = cost_nodes", "cameras.json", "您的价格"):
        assert words in run.stdout


def test_own_figures_and_assumptions_take_the_place_of_the_shipped_ones(tmp_path: Path) -> None:
    mine = tmp_path / "mine.json"
    mine.write_text('{"gate_cores": 0.5, "patrol_cores": 0.5}')
    options = ("--measured", mine, "--assume", "node_cores=10", "--assume", "cameras_a_node_most=1000")
    run = dustwatch("plan", "--cameras", "140", *options, "--json")
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["lines"]["edge_nodes"]["value"] == 10  # 70 % of 10 cores carry 14 cameras
    assert told["lines"]["edge_nodes"]["numbers"] == "ceil(140 / 14)"
    assert told["inputs"]["gate_cores"]["source"] == "mine.json"
    assert told["inputs"]["node_cores"]["source"] == "--assume"


def test_mistakes_are_one_clear_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    assert "gate_sharp" in one_error(dustwatch("plan", "--cameras", "10", "--assume", "gate_sharp=1"))
    assert "规划无法使用" in one_error(dustwatch("plan", "--cameras", "10", "--measured", broken, language="zh"))
    run = dustwatch("plan", "--cameras", "10", "--assume", "gate_share")
    assert run.returncode == 2
    assert "NAME=NUMBER" in run.stderr
