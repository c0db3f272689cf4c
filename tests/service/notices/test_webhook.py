"""Webhooks at a real web server: what is posted, how it is signed, where nothing is ever sent."""

import hashlib
import hmac

import pytest

from service.notices import addresses
from service.notices.addresses import allowed_address
from service.notices.config import WebhookChannel
from service.notices.links import Links
from service.notices.sending import SendFailed, delivery_number
from service.notices.webhook import DELIVERY, SIGNATURE, TIMESTAMP, WebhookSender
from tests.conftest import free_port
from tests.service.notices.certificates import make_certificate
from tests.service.notices.made_notices import NOON, made_notice
from tests.service.notices.receivers import run_web_receiver

SECRET = "only-for-tests-0123"


@pytest.fixture
def receiver():
    with run_web_receiver() as receiver:
        yield receiver


def sender(url, *, allow_private=True):
    channel = WebhookChannel(name="hook", url=url, secret=SECRET, allow_private=allow_private)
    return WebhookSender(channel, Links("https://dust.example"), lambda: NOON)


def test_a_receiver_can_check_the_signature_and_read_the_case(receiver):
    notice = made_notice()
    sender(receiver.url).send(notice, delivery_number("hook", notice))
    (request,) = receiver.requests
    timestamp = request.headers[TIMESTAMP]
    assert timestamp == str(int(NOON.timestamp()))
    expected = hmac.new(SECRET.encode(), timestamp.encode() + b"." + request.body, hashlib.sha256).hexdigest()
    assert request.headers[SIGNATURE] == f"sha256={expected}"
    assert request.headers["Content-Type"] == "application/json"
    told = request.json
    assert (told["kind"], told["case"]["site_name"], told["url"]) == (
        "found",
        "滨江一号地块",
        "https://dust.example/?case=7",
    )
    assert "滨江一号地块".encode() in request.body


def test_each_try_of_a_notice_has_the_same_number_and_each_channel_another_one(receiver):
    notice = made_notice()
    for _ in range(2):
        sender(receiver.url).send(notice, delivery_number("hook", notice))
    numbers = {request.headers[DELIVERY] for request in receiver.requests}
    assert len(numbers) == 1
    assert numbers.isdisjoint({delivery_number("other", notice), delivery_number("hook", made_notice(kind="overdue"))})


@pytest.mark.parametrize("status", [302, 400, 500])
def test_any_answer_but_success_is_a_failure_and_leads_nowhere_else(receiver, status):
    with run_web_receiver() as elsewhere:
        receiver.status, receiver.headers = status, {"Location": elsewhere.url}
        with pytest.raises(SendFailed, match=str(status)):
            sender(receiver.url).send(made_notice(), "1")
        assert elsewhere.requests == []


def test_a_receiver_that_is_down_is_told_without_its_address():
    with pytest.raises(SendFailed, match="can't be reached") as caught:
        sender(f"http://127.0.0.1:{free_port()}/hidden-path").send(made_notice(), "1")
    assert "hidden-path" not in str(caught.value)


def test_private_addresses_are_refused_unless_allowed(receiver):
    with pytest.raises(SendFailed, match="allow_private"):
        sender(receiver.url, allow_private=False).send(made_notice(), "1")
    assert receiver.requests == []


def test_a_name_is_connected_to_by_the_address_that_was_looked_at(receiver):
    sender(f"http://localhost:{receiver.port}/hook").send(made_notice(), "1")
    assert receiver.requests[0].headers["Host"] == f"localhost:{receiver.port}"


def test_a_secure_receiver_is_known_by_its_name_though_its_address_is_connected_to(receiver, tmp_path, monkeypatch):
    certificate, key = make_certificate(tmp_path)
    url = f"https://localhost:{receiver.port}/hook"
    receiver.use_tls(certificate, key)
    with pytest.raises(SendFailed, match="CERTIFICATE_VERIFY_FAILED"):
        sender(url).send(made_notice(), "1")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    sender(url).send(made_notice(), "1")
    assert len(receiver.requests) == 1
    monkeypatch.setattr(addresses, "addresses_of", lambda _host, _port: ["127.0.0.1"])
    with pytest.raises(SendFailed, match="CERTIFICATE_VERIFY_FAILED"):
        sender(f"https://other.example:{receiver.port}/hook").send(made_notice(), "1")


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "100.100.100.200",
        "fe80::1%eth0",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "fd00:ec2::254",
        "0.0.0.0",
        "::",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
def test_nothing_is_sent_to_metadata_and_such_even_where_private_is_allowed(address):
    with pytest.raises(SendFailed):
        allowed_address("host", 80, allow_private=True, resolve=lambda _host, _port: [address])


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "192.168.1.1", "172.16.0.1", "127.0.0.1", "::1", "fd12::1", "100.64.0.1"]
)
def test_private_addresses_are_sent_to_only_where_allowed(address):
    assert allowed_address("host", 80, allow_private=True, resolve=lambda _host, _port: [address]) == address
    with pytest.raises(SendFailed, match="private"):
        allowed_address("host", 80, allow_private=False, resolve=lambda _host, _port: [address])


def test_one_forbidden_address_of_a_host_is_enough():
    with pytest.raises(SendFailed):
        allowed_address("host", 80, allow_private=False, resolve=lambda _host, _port: ["8.8.8.8", "10.0.0.1"])
    assert allowed_address("host", 80, allow_private=False, resolve=lambda _host, _port: ["8.8.8.8"]) == "8.8.8.8"
