"""The city's simulator: what it sends is what the service takes in, and what breaks is named from what was measured."""

import json

import pytest

from benchmarks.city.__main__ import MIXES, paces_of, plan_of, rates_of, summary
from benchmarks.city.bottleneck import name_bottleneck
from benchmarks.city.driving import Answers
from benchmarks.city.loads import Mix
from benchmarks.city.profile import shares_of
from benchmarks.city.traffic import KINDS, Traffic
from service.accounts.access import find
from service.storage.package import open_package


@pytest.fixture(scope="module")
def traffic():
    return Traffic(cameras=95, cameras_a_node=40, tokens=["t-1", "t-2"], reviewers=3)


def parts_of(body):
    boundary = body.split(b"\r\n", 1)[0]
    parts = [part.split(b"\r\n\r\n", 1) for part in body.split(boundary + b"\r\n")[1:]]
    return {head.split(b'filename="')[1].split(b'"')[0].decode(): content for head, content in parts}


def test_a_violation_is_a_signed_package_and_the_next_of_its_camera_follows_it(traffic):
    packages = []
    for _ in range(96):  # all cameras once, and the first one again
        request = traffic.make("violation")
        parts = parts_of(request.body)
        content = parts["manifest.json"].removesuffix(b"\r\n")
        packages.append(open_package(content, parts["manifest.signature.json"].removesuffix(b"\r\n")))
        assert request.headers["Idempotency-Key"] == packages[-1].key
    assert len({package.manifest.place.camera_id for package in packages[:95]}) == 95
    first, again = packages[0], packages[95]
    assert again.manifest.place == first.manifest.place
    assert (again.manifest.chain.number, again.manifest.chain.previous) == (2, first.sha256)


@pytest.mark.parametrize("kind", KINDS)
def test_every_request_goes_to_a_route_of_the_service(traffic, kind):
    request = traffic.make(kind)
    found = find(request.path.partition("?")[0])
    assert found is not None
    assert request.method in found.by_method


def test_the_last_node_has_the_cameras_that_are_left(traffic):
    asked = [json.loads(traffic.make("lease").body)["camera_ids"] for _ in range(3)]
    assert sorted(map(len, asked)) == [15, 40, 40]
    assert len({camera for each in asked for camera in each}) == 95


def test_reviewers_take_the_next_step_of_what_edges_handed_in(traffic):
    request = traffic.make("violation")
    traffic.answered(request, 201, {"Location": "/api/cases/17"})
    steps = []
    for _ in range(3):
        decision = traffic.make("decision")
        steps.append((decision.path, decision.headers["If-Match"], json.loads(decision.body)["step"]))
        traffic.answered(decision, 200, {})
    assert [step[:2] for step in steps] == [("/api/v1/cases/17/steps", f'"v{version}"') for version in range(3)]
    assert steps[1][2] == "undo"


def test_an_edge_asks_by_the_tag_that_it_was_told():
    traffic = Traffic(cameras=10, cameras_a_node=10, tokens=["t"], reviewers=1)
    traffic.answered(traffic.make("layouts"), 200, {"ETag": '"7"'})
    assert traffic.make("layouts").headers["If-None-Match"] == '"7"'


def test_the_rates_are_those_of_the_plan():
    usual, quiet = (rates_of(plan_of(100_000, MIXES[name])) for name in ("as it comes", "camera wall off"))
    assert usual["picture"] == pytest.approx(100_000 / 60)
    assert usual["news"] == pytest.approx(plan_of(100_000, {}).value("edge_nodes") / 60)
    seldom = rates_of(plan_of(100_000, MIXES["pictures each ten minutes"]))
    assert (seldom["news"], seldom["picture"]) == (usual["news"], pytest.approx(100_000 / 600))
    assert quiet["news"] == quiet["wanted"] == usual["lease"] == 0
    cluster = rates_of(plan_of(100_000, MIXES["cluster, camera wall off"]))
    assert cluster["lease"] == pytest.approx(plan_of(100_000, {}).value("edge_nodes"))


def test_paces_rise_to_the_highest_that_is_asked_for():
    paces = paces_of(Mix("", {"news": 100.0}), 2.0)
    assert paces[0] == 0.25
    assert paces == sorted(paces)
    assert paces[-1] <= 2.0 < paces[-1] * 1.5
    assert paces_of(Mix("", {"news": 1.0}), 2.0) == [2.0]


def named(waits=None, busy=0.5, **cpu_s):
    used = {"service": 1.0, "database": 1.0, "driver": 0.5, "others": 1.0} | cpu_s
    return name_bottleneck(seconds=10, cores=2, cpu_s=used, busy_share=busy, waits=waits or {}).name


def test_a_bottleneck_is_named_from_what_was_measured():
    assert named(service=9.0) == "service process"
    assert named({"runs": 9.0, "Lock: advisory": 5.0}) == "the writers' turn"
    assert named({"IO: WALSync": 4.0}) == "the database's disk"
    assert named(busy=0.99, service=4.0) == "processors, most of them for the service"
    assert named(busy=0.99, database=4.0) == "processors, most of them for the database"
    assert named({"Lock: advisory": 0.3}) == "not known"


def test_rates_are_of_the_time_in_which_was_sent_and_answered():
    answers = Answers(seconds=10, until_answered_s=20, due=100)
    answers.took_ms["news"] += [10.0] * 60
    answers.refused["news"] += 10
    figures = answers.figures()
    assert (figures["due_a_second"], figures["answered_a_second"], figures["failed"]) == (10, 2.5, 10)


def test_a_profile_tells_the_share_below_each_of_our_own_functions():
    text = "main (service/a.py:1);find (service/b.py:7);match (re.py:3) 3\nmain (service/a.py:2) 1\nbroken"
    assert shares_of(text, 5) == {"main (service/a.py": 1.0, "find (service/b.py": 0.75}
    assert shares_of("", 5) == {}


def test_the_summary_names_the_first_bottleneck_of_each_mix():
    broke = {"bottleneck": {"name": "the writers' turn", "why": "9 wait"}}
    mixes = {"as it comes": {"needed_a_second": 9, "sustained_a_second": 3, "broke": broke}}
    assert "the writers' turn: 9 wait" in summary({"mixes": mixes})
