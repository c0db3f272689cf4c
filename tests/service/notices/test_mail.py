"""Mail at a real SMTP server with a certificate of its own."""

import ssl
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from service.notices.config import MailChannel
from service.notices.links import Links
from service.notices.mail import MailSender
from service.notices.sending import SendFailed
from service.texts.catalogue import CHINESE, load_translator
from tests.conftest import free_port
from tests.service.notices.certificates import make_certificate
from tests.service.notices.made_notices import NOON, made_notice
from tests.service.notices.receivers import run_silent_receiver

PASSWORD = "only-for-tests"


class Box:
    """Takes mail; refuses recipients named `nobody`."""

    def __init__(self):
        self.mails = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - the server's name
        if address.startswith("nobody"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, session, envelope):  # noqa: N802
        self.mails.append(
            (session.ssl is not None, envelope, message_from_bytes(envelope.content, policy=policy.default))
        )
        return "250 OK"


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def server(box, tmp_path, monkeypatch):
    certificate, key = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    def check(_server, _session, _envelope, _mechanism, data):
        is_right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
        return AuthResult(success=is_right, handled=False)

    controller = Controller(
        box, hostname="127.0.0.1", port=free_port(), tls_context=context, authenticator=check, auth_required=True
    )
    controller.start()
    yield controller
    controller.stop()


def send(port, notice=None, **changes):
    values = {
        "name": "mail",
        "host": "127.0.0.1",
        "port": port,
        "user": "dustwatch",
        "password": PASSWORD,
        "sender": "dustwatch@office.example",
        "recipients": ["wang@office.example", "li@office.example"],
    }
    channel = MailChannel(**{**values, **changes})
    texts = load_translator().texts(CHINESE)
    MailSender(channel, Links("https://dust.example"), lambda: NOON, texts).send(notice or made_notice(), "number-1")


def test_mail_is_chinese_encrypted_and_goes_to_everybody(server, box):
    send(server.port)
    ((encrypted, envelope, mail),) = box.mails
    assert encrypted
    assert envelope.rcpt_tos == ["wang@office.example", "li@office.example"]
    assert mail["Subject"] == "新案件 #7 车辆未冲洗 · 滨江一号地块"
    assert mail["Message-ID"] == "<number-1@dustwatch>"
    assert "工地：滨江区 · 滨江一号地块" in mail.get_content()
    assert "https://dust.example/?case=7" in mail.get_content()


def test_a_name_can_not_add_headers(server, box):
    send(server.port, made_notice(site_name="x\r\nBcc: everybody@example.com"))
    ((_, envelope, mail),) = box.mails
    assert len(envelope.rcpt_tos) == 2
    assert mail["Bcc"] is None


def test_a_wrong_password_is_told_without_it(server, box):
    with pytest.raises(SendFailed, match="user and password") as caught:
        send(server.port, password="wrong-" + PASSWORD)
    assert PASSWORD not in str(caught.value)
    assert box.mails == []


def test_a_password_that_can_not_be_sent_is_told_without_it(server):
    with pytest.raises(SendFailed, match="ASCII") as caught:
        send(server.port, password="密码")
    assert "密" not in str(caught.value)


def test_a_server_whose_certificate_nobody_knows_gets_nothing(server, box, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(SendFailed, match="no secure connection"):
        send(server.port)
    assert box.mails == []


def test_recipients_that_are_refused_are_told(server):
    with pytest.raises(SendFailed, match="refused 1 of 2"):
        send(server.port, recipients=["wang@office.example", "nobody@office.example"])
    with pytest.raises(SendFailed, match="every recipient"):
        send(server.port, recipients=["nobody@office.example"])


def test_a_server_that_is_not_there_or_silent_is_a_failure(monkeypatch):
    with pytest.raises(SendFailed, match="can't be used"):
        send(free_port())
    monkeypatch.setattr("service.notices.mail.TIMEOUT_S", 0.2)
    with run_silent_receiver() as port, pytest.raises(SendFailed, match="can't be used"):
        send(port)
