"""Sends notices into a chat group, through the group's robot: WeCom (企业微信), DingTalk (钉钉) or Feishu (飞书)."""

import base64
import hashlib
import hmac
import json
from http import HTTPStatus
from typing import Any
from urllib.parse import quote_plus

from service.clock import Clock
from service.notices.config import RobotChannel, RobotService
from service.notices.http_post import Answer, HttpPost
from service.notices.links import Links, json_bytes
from service.notices.notice import Notice
from service.notices.sending import SendFailed
from service.notices.wording import Message, message_of
from service.texts.catalogue import Texts

_MARKUP = str.maketrans({"[": "［", "]": "］", "<": "＜", ">": "＞", "*": "＊", "`": "｀", "@": "＠", "!": "！"})
"""What would be markup, a link or a call to everybody: names come from elsewhere, and are to be read as they are."""


class RobotSender:
    """Sends to one robot."""

    def __init__(self, channel: RobotChannel, links: Links, clock: Clock, texts: Texts) -> None:
        self._channel, self._links, self._clock, self._texts = channel, links, clock, texts
        self._http = HttpPost(allow_private=channel.allow_private)

    def send(self, notice: Notice, delivery: str) -> None:
        """Post the notice in words; robots know no numbers of deliveries. Raises SendFailed."""
        message = message_of(notice, self._links, self._texts)
        text = markdown(message, self._texts)
        url = self._channel.webhook.get_secret_value()
        secret = self._channel.secret.get_secret_value() if self._channel.secret else None
        now = self._clock().timestamp()
        body: dict[str, Any]
        if self._channel.service is RobotService.WECOM:
            body = {"msgtype": "markdown", "markdown": {"content": text}}
        elif self._channel.service is RobotService.DINGTALK:
            body = {"msgtype": "markdown", "markdown": {"title": _plain(message.headline), "text": text}}
            url += _dingtalk_signature(secret, str(round(now * 1000)), url) if secret else ""
        else:
            card = {"elements": [{"tag": "markdown", "content": text}]}
            body = {"msg_type": "interactive", "card": card}
            body |= _feishu_signature(secret, str(int(now))) if secret else {}
        _check(self._http.post(url, json_bytes(body)))


def markdown(message: Message, _: Texts) -> str:
    """Return the message in the markdown that all three services understand."""
    lines = [f"**{_plain(message.headline)}**", *(f"{label}：{_plain(value)}" for label, value in message.lines)]
    if message.url:
        lines.append(f"[{_('Open the case')}]({message.url})")
    return "\n\n".join(lines)


def _plain(text: str) -> str:
    return text.translate(_MARKUP)


def _dingtalk_signature(secret: str, timestamp: str, url: str) -> str:
    mac = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256)
    sign = quote_plus(base64.b64encode(mac.digest()))
    return f"{'&' if '?' in url else '?'}timestamp={timestamp}&sign={sign}"


def _feishu_signature(secret: str, timestamp: str) -> dict[str, str]:
    # The text to be signed is the key, and what is signed is empty: that is how the service wants it.
    mac = hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256)
    return {"timestamp": timestamp, "sign": base64.b64encode(mac.digest()).decode()}


def _check(answer: Answer) -> None:
    """Robots answer 200 also where they did not take the message, and tell by a code. Raises SendFailed."""
    if answer.status != HTTPStatus.OK:
        raise SendFailed(f"the robot answered {answer.status}")
    try:
        told = json.loads(answer.body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise SendFailed("the robot's answer is no JSON object")
    code = told.get("errcode", told.get("code", told.get("StatusCode")))
    if code != 0:
        why = " ".join(str(told.get("errmsg", told.get("msg", ""))).split())[:200]
        raise SendFailed(f"the robot refused it: {code} {why}".rstrip())
