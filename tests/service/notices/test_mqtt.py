"""MQTT at a real broker."""

import pytest

from service.notices.config import BrokerChannel
from service.notices.links import Links
from service.notices.mqtt import BrokerSender, topic_of
from service.notices.sending import SendFailed
from tests.conftest import free_port, wait_until
from tests.service.notices.made_notices import made_notice
from tests.service.notices.receivers import run_broker, run_silent_receiver

PASSWORD = "only-for-tests"


def send(port, notice, **changes):
    channel = BrokerChannel(**{"name": "bus", "host": "127.0.0.1", "port": port, **changes})
    BrokerSender(channel, Links(None)).send(notice, "number-1")


def test_a_listener_gets_the_notice_under_its_topic():
    with run_broker() as broker:
        send(broker.port, made_notice())
        send(broker.port, made_notice(kind="overdue", district=None), topic="x/{district}/{rule}/{case_id}/{kind}")
        wait_until(lambda: len(broker.messages) == 2, 20, "both notices came")
    (topic, told, quality), (other, _, _) = broker.messages
    assert (topic, quality) == ("dustwatch/滨江区/binjiang-1/found", 1)
    assert (told["case"]["id"], told["delivery"]) == (7, "number-1")
    assert other == "x/none/unwashed_truck/7/overdue"


def test_names_can_not_leave_their_level_of_the_topic():
    topic = topic_of("dustwatch/{district}/{site_id}", made_notice(district="a/b", site_id="#+$x"))
    assert topic == "dustwatch/a_b/___x"


def test_a_broker_that_asks_for_a_password_gets_it_and_refuses_a_wrong_one():
    with run_broker("dustwatch", PASSWORD) as broker:
        send(broker.port, made_notice(), user="dustwatch", password=PASSWORD)
        wait_until(lambda: len(broker.messages) == 1, 20, "the notice came")
        with pytest.raises(SendFailed, match="refused") as caught:
            send(broker.port, made_notice(), user="dustwatch", password="wrong-" + PASSWORD)
    assert PASSWORD not in str(caught.value)


def test_a_broker_that_is_not_there_or_silent_is_a_failure(monkeypatch):
    with pytest.raises(SendFailed, match="can't be used"):
        send(free_port(), made_notice())
    monkeypatch.setattr("service.notices.mqtt.TIMEOUT_S", 0.2)
    with run_silent_receiver() as port, pytest.raises(SendFailed, match="did not answer"):
        send(port, made_notice())
