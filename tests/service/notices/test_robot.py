"""Chat robots at a real web server: the form that each service wants, signatures, and refusals inside of a 200."""

import base64
import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

import pytest

from service.domain.lifecycle import Step
from service.notices.config import RobotChannel
from service.notices.links import Links
from service.notices.robot import RobotSender
from service.notices.sending import SendFailed
from service.texts.catalogue import CHINESE, load_translator
from tests.service.notices.made_notices import NOON, made_notice, made_step
from tests.service.notices.receivers import run_web_receiver

KEY = "robot-key-only-for-tests"
SECRET = "SEC-only-for-tests"


@pytest.fixture
def receiver():
    with run_web_receiver() as receiver:
        yield receiver


def send(receiver, service, notice, secret=None):
    webhook = f"{receiver.url}?key={KEY}"
    channel = RobotChannel(name="group", service=service, webhook=webhook, secret=secret, allow_private=True)
    texts = load_translator().texts(CHINESE)
    RobotSender(channel, Links("https://dust.example"), lambda: NOON, texts).send(notice, "1")
    return receiver.requests[-1]


def text_of(service, request):
    body = request.json
    if service == "wecom":
        return body["markdown"]["content"]
    return body["markdown"]["text"] if service == "dingtalk" else body["card"]["elements"][0]["content"]


@pytest.mark.parametrize("service", ["wecom", "dingtalk", "feishu"])
def test_people_read_chinese_with_a_link(receiver, service):
    receiver.answer = b'{"code": 0, "msg": "ok"}' if service == "feishu" else b'{"errcode": 0, "errmsg": "ok"}'
    request = send(receiver, service, made_notice(made_step(party="某建设集团"), assigned_to="某建设集团"))
    text = text_of(service, request)
    for expected in ("交办", "#7", "车辆未冲洗", "滨江区 · 滨江一号地块", "王工", "某建设集团"):
        assert expected in text
    assert "(https://dust.example/?case=7)" in text
    assert parse_qs(urlsplit(request.path).query)["key"] == [KEY]


def test_names_are_no_markup_and_call_nobody(receiver):
    name = "![x](http://evil)\n<@all> **loud**"
    text = text_of("wecom", send(receiver, "wecom", made_notice(made_step(Step.NOTE, reason=name), site_name=name)))
    assert text.count("](") == 1
    assert "<@" not in text
    assert "**loud" not in text


def test_dingtalk_signs_in_the_address(receiver):
    query = parse_qs(urlsplit(send(receiver, "dingtalk", made_notice(), SECRET).path).query)
    timestamp = str(int(NOON.timestamp() * 1000))
    mac = hmac.new(SECRET.encode(), f"{timestamp}\n{SECRET}".encode(), hashlib.sha256)
    assert (query["timestamp"], query["sign"]) == ([timestamp], [base64.b64encode(mac.digest()).decode()])


def test_feishu_signs_in_the_body(receiver):
    receiver.answer = b'{"StatusCode": 0}'
    body = send(receiver, "feishu", made_notice(), SECRET).json
    timestamp = str(int(NOON.timestamp()))
    mac = hmac.new(f"{timestamp}\n{SECRET}".encode(), digestmod=hashlib.sha256)
    assert (body["timestamp"], body["sign"]) == (timestamp, base64.b64encode(mac.digest()).decode())


@pytest.mark.parametrize(
    "answer", [b'{"errcode": 45009, "errmsg": "api freq out of limit"}', b"<html>", b"[]", b"{}", b"\xff"]
)
def test_what_the_robot_did_not_take_is_a_failure(receiver, answer):
    receiver.answer = answer
    with pytest.raises(SendFailed) as caught:
        send(receiver, "wecom", made_notice())
    assert KEY not in str(caught.value)
