"""Sends notices to another program as signed JSON over HTTP."""

import hashlib
import hmac
from http import HTTPStatus

from service.clock import Clock
from service.notices.config import WebhookChannel
from service.notices.http_post import HttpPost
from service.notices.links import Links, json_bytes, notice_json
from service.notices.notice import Notice
from service.notices.sending import SendFailed

SIGNATURE, TIMESTAMP, DELIVERY = "X-Dustwatch-Signature", "X-Dustwatch-Timestamp", "X-Dustwatch-Delivery"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature header: HMAC-SHA256 over the timestamp (seconds since 1970), a dot and the body."""
    mac = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"sha256={mac.hexdigest()}"


class WebhookSender:
    """Sends to one webhook; any answer of 200 to 299 means that it has the notice."""

    def __init__(self, channel: WebhookChannel, links: Links, clock: Clock) -> None:
        self._channel, self._links, self._clock = channel, links, clock
        self._http = HttpPost(allow_private=channel.allow_private)

    def send(self, notice: Notice, delivery: str) -> None:
        """Post the notice. Raises SendFailed."""
        body = json_bytes(notice_json(notice, self._links))
        timestamp = str(int(self._clock().timestamp()))
        headers = {
            SIGNATURE: signature(self._channel.secret.get_secret_value(), timestamp, body),
            TIMESTAMP: timestamp,
            DELIVERY: delivery,
        }
        status = self._http.post(self._channel.url, body, headers).status
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise SendFailed(f"the receiver answered {status}")
