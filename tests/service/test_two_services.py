"""Two `dustwatch serve` at one PostgreSQL and one evidence folder: nothing lost, doubled or known to one alone."""

import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest

from benchmarks.ended_process import ended_after
from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.principal import MachineScope
from service.accounts.remembered_tokens import REMEMBERED
from service.accounts.scope import Scope
from service.accounts.users import UserPlan
from service.api.accounts import link_path
from service.clock import utc_now
from service.domain.camera_news import CameraKey
from service.domain.lifecycle import Role
from service.domain.live_views import LiveViews
from service.storage.database import open_database
from service.storage.live_view_store import LiveViewStore
from tests.conftest import free_port, wait_until
from tests.service.camera_samples import layout, news
from tests.service.guarded_queue import is_up
from tests.service.notices.receivers import run_web_receiver

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]

SECRET = "only-for-tests-0123"
CHANNEL = 'webhooks:\n  - {{name: hook, url: "http://127.0.0.1:{port}/", secret: "${{HOOK}}", allow_private: true}}\n'
SCOPES = {MachineScope.VIOLATIONS_WRITE, MachineScope.HEALTH_WRITE, MachineScope.CASES_READ, MachineScope.EVIDENCE_READ}


@dataclass
class Services:
    """Both, as an edge reaches each, and what tests look at beside them."""

    addresses: list[str]
    edges: list[httpx.Client]
    accounts: Accounts
    engine: object
    receiver: object
    processes: list[subprocess.Popen]


@pytest.fixture(scope="module")
def services(postgresql, tmp_path_factory):
    folder, url = tmp_path_factory.mktemp("two"), postgresql.new_database()
    with ExitStack() as stack:
        receiver = stack.enter_context(run_web_receiver())
        (folder / "notices.yaml").write_text(CHANNEL.format(port=receiver.port))
        ports, processes = [free_port(), free_port()], []
        for port in ports:  # at the same time, on a database that has no table yet
            command = [sys.executable, "-m", "service.cli.main", "serve", "--port", str(port)]
            command += ["--data", str(folder / "data"), "--notices", str(folder / "notices.yaml")]
            environment = {**os.environ, "DUSTWATCH_DATABASE": url, "HOOK": SECRET}
            processes.append(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL))
            stack.enter_context(ended_after(processes[-1], 20))
        addresses = [f"http://127.0.0.1:{port}" for port in ports]
        for address in addresses:
            wait_until(lambda address=address: is_up(address), 180, "the service is ready")
        engine = open_database(url)
        stack.callback(engine.dispose)
        accounts = Accounts(engine, utc_now)
        token = accounts.tokens.add("edge", SCOPES, accounts.entry("test", Action.TOKEN_MADE))
        headers = {"Authorization": f"Bearer {token}"}
        edges = [stack.enter_context(httpx.Client(base_url=each, headers=headers, timeout=60)) for each in addresses]
        yield Services(addresses, edges, accounts, engine, receiver, processes)


def post(edge, package):
    return edge.post("/api/violations", files=package.parts(), headers=package.headers)


def at_once(*calls):
    with ThreadPoolExecutor(len(calls)) as pool:
        return [each.result() for each in [pool.submit(call) for call in calls]]


def signed_in(services, name):
    """Return a browser at each service with the session that was begun at the first."""
    plan = UserPlan(name=name, display_name=name, roles=frozenset({Role.REVIEWER}), scope=Scope(everywhere=True))
    services.accounts.users.add(plan, services.accounts.entry("test", Action.USER_MADE))
    link = link_path(services.accounts.sign_in_link(name, "test"))
    one, other = (httpx.Client(base_url=each, headers={"Origin": each}, timeout=60) for each in services.addresses)
    assert one.get(link, follow_redirects=False).status_code == 303
    other.cookies = one.cookies
    return one, other


def test_packages_posted_to_both_at_once_are_a_case_each_and_are_told_once(services, make_package):
    packages = [make_package(minutes=number) for number in range(6)]
    for package in packages:
        answers = at_once(*(lambda edge=edge, package=package: post(edge, package) for edge in services.edges * 2))
        assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
        assert len({answer.json()["id"] for answer in answers}) == 1
        case = answers[0].json()["id"]
        for edge in services.edges:
            picture = edge.get(f"/api/cases/{case}/evidence/clean.jpg")
            assert picture.content == package.files["clean.jpg"]
    keys = {package.key for package in packages}
    requests = services.receiver.requests
    wait_until(lambda: keys <= {each.json["case"]["key"] for each in requests}, 60, "the cases were told")
    time.sleep(3)  # in which the other service would tell them again
    assert sorted(keys) == sorted(each.json["case"]["key"] for each in requests if each.json["case"]["key"] in keys)


def test_one_of_two_people_at_two_services_decides_and_both_see_it(services, make_package):
    case = post(services.edges[0], make_package()).json()["id"]
    one, other = signed_in(services, "wang")
    step = {"json": {"step": "confirm", "reason": ""}, "headers": {"If-Match": '"v0"'}}
    path = f"/api/v1/cases/{case}/steps"
    answers = at_once(lambda: one.post(path, **step), lambda: other.post(path, **step))
    assert sorted(answer.status_code for answer in answers) in ([200, 409], [200, 412])
    seen = [each.get(f"/api/v1/cases/{case}/history").json()["case"]["state"] for each in services.edges]
    assert seen == ["confirmed"] * 2


def test_who_signs_in_or_out_at_one_service_does_so_at_both(services):
    one, other = signed_in(services, "li")
    assert other.get("/api/v1/account").json()["name"] == "li"
    assert other.post("/sign-out").status_code == 303
    assert one.get("/api/v1/account").status_code == 401


def test_a_token_revoked_at_one_service_is_worthless_at_the_other_within_seconds(services):
    token = services.accounts.tokens.add("gone", SCOPES, services.accounts.entry("test", Action.TOKEN_MADE))
    asked = {"url": "/api/v1/cameras/wanted", "headers": {"Authorization": f"Bearer {token}"}}
    assert [edge.get(**asked).status_code for edge in services.edges] == [200, 200]
    services.accounts.tokens.revoke("gone", services.accounts.entry("test", Action.TOKEN_REVOKED))
    time.sleep(REMEMBERED.total_seconds() + 0.5)
    assert [edge.get(**asked).status_code for edge in services.edges] == [401, 401]


def test_a_camera_that_is_looked_at_anywhere_is_wanted_at_both(services):
    live = LiveViews()  # a third service's
    live.look(CameraKey(site_id="s-01", camera_id="s-01-gate"), datetime.now(UTC))
    LiveViewStore(services.engine, live).exchange(datetime.now(UTC))
    for edge in services.edges:
        wait_until(lambda edge=edge: edge.get("/api/v1/cameras/wanted").json()["items"] != [], 8, "it is wanted")


def test_news_and_layouts_told_to_one_service_are_those_of_both(services):
    items = [{"site_id": "s-01", "camera_id": "s-01-yard", "news": news()}]
    assert services.edges[0].post("/api/v1/cameras", json={"items": items}).status_code == 204
    assert [each["camera_id"] for each in services.edges[1].get("/api/v1/cameras").json()] == ["s-01-yard"]
    asked = {"params": {"camera_id": "s-01-yard"}}
    tag = services.edges[1].get("/api/v1/camera-layouts", **asked).headers["etag"]
    services.accounts.users.add(
        UserPlan(name="zhao", display_name="zhao", roles=frozenset({Role.INSPECTOR}), scope=Scope(everywhere=True)),
        services.accounts.entry("test", Action.USER_MADE),
    )
    with httpx.Client(base_url=services.addresses[0], headers={"Origin": services.addresses[0]}) as inspector:
        inspector.get(link_path(services.accounts.sign_in_link("zhao", "test")))
        saved = inspector.post("/api/v1/cameras/s-01/s-01-yard/layouts", json={"layout": layout(), "after": 0})
        assert saved.status_code == 201
    headers = {"If-None-Match": tag}
    wait_until(
        lambda: services.edges[1].get("/api/v1/camera-layouts", **asked, headers=headers).status_code == 200,
        5,
        "the other service tells the layout",
    )


def test_events_of_one_service_are_heard_at_the_other(services, make_package):
    heard, listening = [], threading.Event()

    def listen():
        with services.edges[1].stream("GET", "/api/v1/events", timeout=30) as stream:
            for line in stream.iter_lines():
                listening.set()
                if line.startswith("data:"):
                    heard.append(json.loads(line.removeprefix("data:")))
                    return

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    assert listening.wait(20)
    package = make_package()
    assert post(services.edges[0], package).status_code == 201
    thread.join(20)
    assert [each["case"]["key"] for each in heard] == [package.key]


def test_a_lease_taken_at_one_service_keeps_others_out_at_the_other(services):
    def take(edge, holder):
        body = {"holder": holder, "camera_ids": [f"leased-{number}" for number in range(20)], "lasts_s": 10}
        return edge.post("/api/v1/camera-leases", json=body).json()["items"]

    one, other = at_once(lambda: take(services.edges[0], "node-1"), lambda: take(services.edges[1], "node-2"))
    assert [mine["is_yours"] != yours["is_yours"] for mine, yours in zip(one, other, strict=True)] == [True] * 20


def test_what_a_service_was_killed_over_is_taken_in_once_by_the_other(services, make_package):
    """The last test here: it leaves one service."""
    packages = [make_package(minutes=number) for number in range(8)]
    outcomes = []

    def deliver(package):
        try:
            outcomes.append(post(services.edges[0], package).status_code)
        except httpx.TransportError:
            outcomes.append(None)

    threads = [threading.Thread(target=deliver, args=[package]) for package in packages]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    services.processes[0].kill()
    for thread in threads:
        thread.join()
    again = [post(services.edges[1], package) for package in packages]
    assert {answer.status_code for answer in again} <= {200, 201}
    assert len({answer.json()["id"] for answer in again}) == len(packages)
