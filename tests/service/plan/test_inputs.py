"""The shipped numbers are what benchmarks measured and what the code is set to."""

import json
from pathlib import Path

import pytest

from service.capacity.estimate import MOST_CPU, MOST_MEMORY
from service.cluster import shard
from service.cluster.queue_leases import AT_ONCE as LEASES_AT_ONCE
from service.config.schema import Config
from service.delivery import picture_poster
from service.delivery.layout_poller import LayoutPoller
from service.delivery.look_back_poller import LookBackPoller
from service.delivery.queue_poller import AT_ONCE
from service.domain import asking_pace
from service.domain.retention import RetentionRule
from service.errors import BadPlanFigures
from service.plan.inputs import Quantity, changed, priced, shipped_inputs
from service.storage.pruning_store import NOTICES_KEPT
from vision.evidence.recorder import ClipLength

RESULTS = Path(__file__).parents[3] / "benchmarks" / "results"
INPUTS = shipped_inputs()
MEASURED = sorted(name for name, each in INPUTS.items() if each.kind is Quantity.MEASURED)


@pytest.mark.parametrize("name", MEASURED)
def test_a_measured_figure_is_the_one_in_its_benchmarks_result(name):
    file, _, place = INPUTS[name].source.partition(" ")
    place, _, divisor = place.partition(" / ")
    value = json.loads((RESULTS / file).read_text(encoding="utf-8"))
    for key in place.split("."):
        value = value[key]
    assert INPUTS[name].value == pytest.approx(value / float(divisor or 1), rel=0.06, abs=1e-3)


def test_settings_are_those_of_the_code():
    clip, days = ClipLength(), RetentionRule().days
    of_code = {
        "picture_every_s": Config.model_fields["picture_every_s"].default,
        "news_every_s": picture_poster.NEWS_EVERY_S,
        "wanted_every_s": asking_pace.SOONEST_S,
        "wanted_at_least_every_s": asking_pace.LATEST_S,
        "wanted_a_process_s": asking_pace.MOST_A_SECOND,
        "layouts_every_s": LayoutPoller.EVERY_S,
        "look_backs_every_s": LookBackPoller.EVERY_S,
        "cameras_a_poll": AT_ONCE,
        "leases_every_s": shard.TURN_S,
        "cameras_a_lease_request": LEASES_AT_ONCE,
        "clip_s": clip.before_s + clip.after_s,
        "node_cpu_share": MOST_CPU,
        "node_memory_share": MOST_MEMORY,
        "notices_days": NOTICES_KEPT.days,
        **{f"{state}_days": kept for state, kept in days.items()},
    }
    settings = {name: each.value for name, each in INPUTS.items() if each.kind is Quantity.SETTING}
    assert of_code == settings


def test_everything_lies_within_its_bounds_and_is_told_in_both_languages():
    for name, each in INPUTS.items():
        assert each.least <= each.value <= each.most, name
        assert each.zh, name
        assert each.en, name


def test_another_value_tells_where_it_comes_from():
    after = changed(INPUTS, {"gate_share": 0.5}, "mine.json")
    assert (after["gate_share"].value, after["gate_share"].source) == (0.5, "mine.json")
    assert INPUTS["gate_share"].value != 0.5


@pytest.mark.parametrize(("name", "value"), [("gate_share", 1.1), ("gate_sharp", 0.1), ("node_cores", 0)])
def test_unknown_names_and_impossible_values_are_refused(name, value):
    with pytest.raises(BadPlanFigures, match=name):
        changed(INPUTS, {name: value}, "")


def test_of_prices_only_those_that_are_told_are_there():
    assert {name: each.value for name, each in priced({"price_node": 5.0, "price_server": None}).items()} == {
        "price_node": 5.0
    }
