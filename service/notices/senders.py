"""Makes the senders of a file of channels."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.clock import Clock
from service.notices.config import NoticesConfig
from service.notices.filters import Filter
from service.notices.links import Links
from service.notices.mail import MailSender
from service.notices.mqtt import BrokerSender
from service.notices.robot import RobotSender
from service.notices.sending import Sender
from service.notices.webhook import WebhookSender
from service.texts.catalogue import CHINESE, load_translator


@dataclass(frozen=True)
class OpenChannel:
    """A channel that can be sent to; `only` tells what it is meant for."""

    name: str
    only: Filter
    sender: Sender


def open_channels(config: NoticesConfig, clock: Clock) -> Sequence[OpenChannel]:
    """Return every channel of the file; nothing is connected to yet. People are told in Chinese."""
    links = Links(None if config.public_url is None else config.public_url.rstrip("/"))
    texts = load_translator().texts(CHINESE)
    return [
        *(OpenChannel(each.name, each.only, WebhookSender(each, links, clock)) for each in config.webhooks),
        *(OpenChannel(each.name, each.only, RobotSender(each, links, clock, texts)) for each in config.robots),
        *(OpenChannel(each.name, each.only, MailSender(each, links, clock, texts)) for each in config.mails),
        *(OpenChannel(each.name, each.only, BrokerSender(each, links)) for each in config.brokers),
    ]
