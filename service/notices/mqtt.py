"""Sends notices to an MQTT broker."""

import ssl
import threading

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from service.notices.config import BrokerChannel
from service.notices.http_post import trusted_certificates
from service.notices.links import Links, json_bytes, notice_json
from service.notices.notice import Notice
from service.notices.sending import TIMEOUT_S, SendFailed

_AT_LEAST_ONCE = 1
_NOT_IN_TOPICS = str.maketrans({"/": "_", "+": "_", "#": "_", "$": "_", "\0": "_"})
NO_DISTRICT = "none"


def topic_of(template: str, notice: Notice) -> str:
    """Return the topic; what would divide it, or stand for others, is replaced in the names."""
    case = notice.case
    values = {
        "district": case.district or NO_DISTRICT,
        "site_id": case.site_id,
        "camera_id": case.camera_id,
        "rule": case.rule,
        "kind": notice.kind,
        "case_id": str(case.id),
    }
    return template.format(**{name: value.translate(_NOT_IN_TOPICS) for name, value in values.items()})


class BrokerSender:
    """Publishes to one broker with QoS 1; each notice has a connection of its own, which they are rare enough for."""

    def __init__(self, channel: BrokerChannel, links: Links) -> None:
        self._channel, self._links = channel, links

    def send(self, notice: Notice, delivery: str) -> None:
        """Publish the notice, and return once the broker has it. Raises SendFailed."""
        content = {**notice_json(notice, self._links), "delivery": delivery}
        connection = _Connection(self._channel)
        try:
            connection.publish(topic_of(self._channel.topic, notice), json_bytes(content))
        except ssl.SSLError as error:
            raise SendFailed(f"no secure connection to the broker: {error.reason}") from None
        except (OSError, ValueError, RuntimeError) as error:
            raise SendFailed(f"the broker can't be used: {error}") from None
        finally:
            connection.close()


class _Connection:
    def __init__(self, channel: BrokerChannel) -> None:
        self._answered = threading.Event()
        self._refused = ""
        self._client = Client(CallbackAPIVersion.VERSION2, client_id="", reconnect_on_failure=False)
        self._client.connect_timeout = TIMEOUT_S
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        if channel.user:
            self._client.username_pw_set(
                channel.user, channel.password.get_secret_value() if channel.password else None
            )
        if channel.tls:
            self._client.tls_set_context(trusted_certificates())
        self._channel = channel

    def publish(self, topic: str, content: bytes) -> None:
        self._client.connect(self._channel.host, self._channel.port)
        self._client.loop_start()
        if not self._answered.wait(TIMEOUT_S):
            raise SendFailed(f"the broker did not answer within {TIMEOUT_S:.0f} s")
        if self._refused:
            raise SendFailed(f"the broker refused the connection: {self._refused}")
        sent = self._client.publish(topic, content, qos=_AT_LEAST_ONCE)
        sent.wait_for_publish(TIMEOUT_S)
        if not sent.is_published():
            raise SendFailed(f"the broker did not confirm within {TIMEOUT_S:.0f} s")

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(
        self, _client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        self._refused = str(reason) if reason.is_failure else ""
        self._answered.set()

    def _on_disconnect(
        self, _client: Client, _data: object, _flags: DisconnectFlags, reason: ReasonCode, _more: Properties | None
    ) -> None:
        if not self._answered.is_set():
            self._refused = str(reason)
            self._answered.set()
