"""The outbox and its sending, on both databases: nothing lost, nothing told twice, in order, given up after a day."""

import subprocess
import sys
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from service.clock import utc_now
from service.domain.cases import Decision
from service.domain.lifecycle import Actor, Role, Step, Told
from service.domain.office.levels import ControlLevel
from service.domain.sites import Site
from service.notices.config import WebhookChannel
from service.notices.dispatch import ChannelTurns, Dispatch
from service.notices.filters import Filter
from service.notices.links import Links
from service.notices.patience import FIRST_REST, GIVES_UP_AFTER, LONGEST_REST, rest_after
from service.notices.senders import OpenChannel
from service.notices.webhook import DELIVERY, WebhookSender
from service.storage import notice_rows
from service.storage.case_store import CaseStore
from service.storage.notice_store import LEASE, NoticeStore
from service.storage.notice_tables import NoticeChannelRow
from service.storage.site_store import SiteStore
from tests.conftest import free_port, wait_until
from tests.service.conftest import NOON, REPOSITORY
from tests.service.notices.made_notices import made_notice
from tests.service.notices.receivers import run_web_receiver

SECRET = "only-for-tests-0123"
HOME = "s-01"


class Clock:
    def __init__(self):
        self.now = NOON + timedelta(minutes=1)

    def __call__(self):
        return self.now

    def forward(self, **time):
        self.now += timedelta(**time)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def cases(engine):
    return CaseStore(engine)


@pytest.fixture
def notices(engine):
    return NoticeStore(engine)


def channel_to(port, clock, name="hook", **only):
    config = WebhookChannel(name=name, url=f"http://127.0.0.1:{port}/", secret=SECRET, allow_private=True, only=only)
    return OpenChannel(name, config.only, WebhookSender(config, Links(None), clock))


def turns(port, notices, clock, **only):
    turns = ChannelTurns(channel_to(port, clock, **only), notices, clock)
    assert turns.take()  # makes the channel known
    return turns


def told(receiver):
    return [(request.json["kind"], request.json["case"]["id"]) for request in receiver.requests]


def test_cases_and_steps_are_told_once_and_in_order(cases, notices, clock, make_finding):
    with run_web_receiver() as receiver:
        sending = turns(receiver.port, notices, clock)
        finding = make_finding()
        first, _ = cases.add_or_get(finding)
        cases.add_or_get(finding)
        cases.decide(first.id, Decision.CONFIRM, at=NOON)
        told_party = Told(party="某建设集团")
        cases.take_step(first.id, Step.ASSIGN, Actor("王工", Role.REVIEWER), told_party, at=NOON)
        for _ in range(3):
            assert sending.take()
        assert told(receiver) == [("found", 1), ("confirm", 1), ("assign", 1)]
        step = receiver.requests[-1].json
        assert (step["step"]["by"], step["step"]["party"], step["case"]["state"]) == ("王工", "某建设集团", "assigned")
        assert step["case"]["due_at"] is not None


def test_a_case_whose_transaction_fails_is_not_told(cases, notices, make_finding, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError

    monkeypatch.setattr(notice_rows, "site_facts", fail)
    with pytest.raises(RuntimeError):
        cases.add_or_get(make_finding())
    assert (cases.page().cases, notices.newest()) == ((), 0)


def test_a_channel_is_told_what_happens_from_its_first_start_on(cases, notices, clock, make_finding):
    cases.add_or_get(make_finding())
    with run_web_receiver() as receiver:
        sending = turns(receiver.port, notices, clock)
        cases.add_or_get(make_finding())
        sending.take()
        assert told(receiver) == [("found", 2)]


def test_what_happened_while_the_service_was_down_is_told_afterwards(cases, notices, clock, make_finding):
    with run_web_receiver() as receiver:
        turns(receiver.port, notices, clock)
        cases.add_or_get(make_finding())
        again = turns(receiver.port, notices, clock)
        again.take()
        assert told(receiver) == [("found", 1)]


def test_a_channel_gets_what_it_is_meant_for(engine, cases, notices, clock, make_finding):
    site = Site(id=HOME, name="滨江一号地块", category="construction", district="滨江区", control_level=ControlLevel.A)
    SiteStore(engine).put(site)
    with run_web_receiver() as receiver:
        sending = turns(receiver.port, notices, clock, districts=["滨江区"], control_levels=["A"], events=["confirm"])
        here, _ = cases.add_or_get(make_finding(site_id=HOME))
        elsewhere, _ = cases.add_or_get(make_finding(site_id="unknown"))
        for case in (here, elsewhere):
            cases.decide(case.id, Decision.CONFIRM, at=NOON)
        sending.take()
        assert told(receiver) == [("confirm", here.id)]
        assert receiver.requests[0].json["case"]["district"] == "滨江区"


def test_a_receiver_that_comes_back_gets_everything(cases, notices, clock, make_finding):
    port = free_port()
    sending = turns(port, notices, clock)
    for _ in range(30):
        cases.add_or_get(make_finding())
    sending.take()
    assert not notices.has_work("hook", clock())
    clock.forward(seconds=FIRST_REST.total_seconds())
    sending.take()
    with run_web_receiver(port) as receiver:
        sending.take()
        assert receiver.requests == []  # it rests, longer than before
        clock.forward(seconds=2 * FIRST_REST.total_seconds())
        while notices.has_work("hook", clock()):
            sending.take()
        assert [number for _, number in told(receiver)] == [*range(3, 31), 1, 2]  # what was tried least comes first


def test_one_notice_that_a_receiver_never_takes_holds_up_no_other(cases, notices, clock, make_finding):
    with run_web_receiver() as receiver:
        sending = turns(receiver.port, notices, clock)
        cases.add_or_get(make_finding())
        receiver.status = 500
        sending.take()
        receiver.status = 200
        receiver.requests.clear()
        cases.add_or_get(make_finding())
        clock.forward(seconds=FIRST_REST.total_seconds())
        sending.take()
        assert told(receiver) == [("found", 2), ("found", 1)]


def test_after_a_day_a_notice_is_given_up_and_somebody_has_to_take_note(cases, notices, clock, make_finding):
    sending = turns(free_port(), notices, clock)
    cases.add_or_get(make_finding(received_at=clock()))
    sending.take()
    assert notices.given_up() == ()
    clock.forward(days=1)
    sending.take()
    (given_up,) = notices.given_up()
    assert (given_up.channel, given_up.count) == ("hook", 1)
    assert given_up.first_at == NOON + timedelta(minutes=1)
    assert "can't be reached" in given_up.problem
    notices.take_note("hook")
    assert notices.given_up() == ()
    assert not notices.has_work("hook", clock())


def test_of_two_services_one_sends(cases, notices, clock, make_finding):
    with run_web_receiver() as receiver:
        turns(receiver.port, notices, clock)
        cases.add_or_get(make_finding())
        assert len(notices.take_turn("hook", Filter().passes, clock())) == 1  # and dies here
        other = turns(receiver.port, notices, clock)
        other.take()
        assert receiver.requests == []
        clock.forward(seconds=LEASE.total_seconds())
        other.take()
        assert told(receiver) == [("found", 1)]


def test_a_mistake_in_a_sender_is_told_by_its_place_and_without_its_text(cases, notices, clock, make_finding):
    class Broken:
        def send(self, _notice, _delivery):
            raise ValueError(SECRET)

    sending = ChannelTurns(OpenChannel("broken", Filter(), Broken()), notices, clock)
    sending.take()
    cases.add_or_get(make_finding(received_at=clock()))
    sending.take()
    clock.forward(days=1)
    sending.take()
    (given_up,) = notices.given_up()
    assert "ValueError in send" in given_up.problem
    assert SECRET not in given_up.problem


def test_threads_send_each_channel_by_itself(engine, cases, notices, make_finding):
    clock = Clock()
    with run_web_receiver() as good:
        channels = [channel_to(good.port, clock, "good"), channel_to(free_port(), clock, "down")]
        dispatch = Dispatch(channels, notices, clock)
        dispatch.start()
        try:
            wait_until(lambda: is_known(engine, "good") and is_known(engine, "down"), 60, "both channels are known")
            cases.add_or_get(make_finding())
            wait_until(lambda: told(good) == [("found", 1)], 60, "the good channel was told")
        finally:
            dispatch.stop()


def is_known(engine, channel):
    with Session(engine) as session:
        return session.get(NoticeChannelRow, channel) is not None


KILLED = """
import sys
from datetime import timedelta
from service.clock import utc_now
from service.notices.dispatch import ChannelTurns
from service.notices.config import WebhookChannel
from service.notices.links import Links
from service.notices.senders import OpenChannel
from service.notices.webhook import WebhookSender
from service.storage.database import open_database
from service.storage.notice_store import NoticeStore
ahead = timedelta(seconds=float(sys.argv[3]))
clock = lambda: utc_now() + ahead
config = WebhookChannel(name="hook", url=sys.argv[2], secret="only-for-tests-0123", allow_private=True)
channel = OpenChannel("hook", config.only, WebhookSender(config, Links(None), clock))
turns = ChannelTurns(channel, NoticeStore(open_database(sys.argv[1])), clock)
print("ready", flush=True)
while True:
    turns.take()
"""


def start_sending(url, receiver, ahead):
    command = [sys.executable, "-c", KILLED, url, receiver.url, str(ahead)]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE)
    process.stdout.readline()
    return process


@pytest.mark.slow
def test_a_service_that_is_killed_while_it_sends_loses_nothing(database_url, cases, notices, make_finding):
    total, kills = 60, 3
    with run_web_receiver() as receiver:
        notices.register("hook", NOON)
        now = utc_now()
        for _ in range(total):
            cases.add_or_get(make_finding(received_at=now))

        def arrived():
            return {request.headers[DELIVERY] for request in receiver.requests}

        for number in range(kills + 1):
            # A later one begins when the lease of the killed one is over.
            process = start_sending(database_url, receiver, number * LEASE.total_seconds())
            wanted = total if number == kills else 10 * (number + 1)
            try:
                wait_until(lambda wanted=wanted: len(arrived()) >= wanted, 60, f"{wanted} notices arrived")
            finally:
                process.kill()
                process.wait()
        assert len(arrived()) == total
        assert len(receiver.requests) <= total + kills  # what was on its way comes again, with its number


@given(st.integers(1, 10_000))
def test_a_channel_rests_longer_each_time_up_to_a_limit(failures):
    assert FIRST_REST <= rest_after(failures) <= rest_after(failures + 1) <= LONGEST_REST


def test_the_first_rests():
    assert [rest_after(failures).total_seconds() for failures in (1, 2, 3, 20)] == [5, 10, 20, 900]
    assert timedelta(days=1) == GIVES_UP_AFTER


@pytest.mark.parametrize(
    ("only", "passes"),
    [
        ({}, True),
        ({"events": ["found"]}, True),
        ({"events": ["overdue", "assign"]}, False),
        ({"rules": ["uncovered_soil"]}, False),
        ({"rules": ["unwashed_truck"], "districts": ["滨江区"]}, True),
        ({"districts": ["西湖区"]}, False),
        ({"control_levels": ["B", "C"]}, False),
    ],
)
def test_a_notice_has_to_pass_everything_that_a_filter_tells(only, passes):
    assert Filter(**only).passes(made_notice()) is passes


def test_a_site_that_nobody_listed_passes_no_filter_of_sites():
    notice = made_notice(district=None, control_level=None)
    assert not Filter(districts=["滨江区"]).passes(notice)
    assert not Filter(control_levels=["A"]).passes(notice)
    assert Filter(events=["found"]).passes(notice)
