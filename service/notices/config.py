"""The file that names the channels: where notices go, which ones, and by what secrets."""

import os
import string
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, StringConstraints, model_validator

from service.config.document import read_config
from service.config.zones import StrictConfig
from service.notices.filters import Filter

SECRETS = frozenset({"secret", "password", "webhook"})
"""Keys whose values are only ever taken from the environment; a robot's webhook holds its key."""
TOPIC_NAMES = frozenset({"district", "site_id", "camera_id", "rule", "kind", "case_id"})
ChannelName = Annotated[str, StringConstraints(pattern=r"^[^\s/](.{0,62}[^\s/])?$")]
Port = Annotated[int, Field(ge=1, le=65535)]
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,253}$")]
MailAddress = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+$", max_length=254)]


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good or "@" in parts.netloc or not text.isascii():
        raise ValueError("write an address like https://host/path, without user and password")
    return text


def _secret_web_address(secret: SecretStr) -> SecretStr:
    _web_address(secret.get_secret_value())
    return secret


def _topic(template: str) -> str:
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError:
        raise ValueError("write each brace as {name}") from None
    unknown = [name for _, name, spec, how in parts if name is not None and (name not in TOPIC_NAMES or spec or how)]
    if unknown:
        raise ValueError(f"there is no {{{unknown[0]}}}; known: {', '.join(sorted(TOPIC_NAMES))}")
    if not template or any(character in text for text, *_ in parts for character in "+#\0"):
        raise ValueError("a topic is not empty and holds none of + and #")
    return template


WebAddress = Annotated[str, AfterValidator(_web_address)]


class Channel(StrictConfig):
    """What every channel has: a name of its own, and what it is meant for."""

    name: ChannelName
    only: Filter = Filter()


class WebhookChannel(Channel):
    """Another program, which is sent signed JSON."""

    url: WebAddress
    secret: Annotated[SecretStr, Field(min_length=16)]
    allow_private: bool = False
    """Whether it may be at an address that the internet does not reach."""


class RobotService(StrEnum):
    """Whose robot it is."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


class RobotChannel(Channel):
    """A chat group's robot; `secret` where the robot asks for signatures."""

    service: RobotService
    webhook: Annotated[SecretStr, AfterValidator(_secret_web_address)]
    secret: SecretStr | None = None
    allow_private: bool = False


class MailEncryption(StrEnum):
    """How the way to the mail server is kept secret."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class MailChannel(Channel):
    """People who are sent e-mail."""

    host: Host
    port: Port = 587
    encryption: MailEncryption = MailEncryption.STARTTLS
    user: str | None = None
    password: SecretStr | None = None
    sender: MailAddress
    recipients: Annotated[tuple[MailAddress, ...], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _hides_the_password(self) -> Self:
        if self.password is not None and self.encryption is MailEncryption.NONE:
            raise ValueError("a password is not sent without encryption")
        return self


class BrokerChannel(Channel):
    """An MQTT broker."""

    host: Host
    port: Port = 1883
    tls: bool = False
    user: str | None = None
    password: SecretStr | None = None
    topic: Annotated[str, AfterValidator(_topic)] = "dustwatch/{district}/{site_id}/{kind}"


class NoticesConfig(StrictConfig):
    """All channels."""

    public_url: WebAddress | None = None
    """Where people reach the queue's page, for the links."""
    webhooks: tuple[WebhookChannel, ...] = ()
    robots: tuple[RobotChannel, ...] = ()
    mails: tuple[MailChannel, ...] = ()
    brokers: tuple[BrokerChannel, ...] = ()

    @property
    def channels(self) -> Iterator[Channel]:
        """All channels of every kind."""
        yield from (*self.webhooks, *self.robots, *self.mails, *self.brokers)

    @model_validator(mode="after")
    def _names_are_their_own(self) -> Self:
        names = [channel.name for channel in self.channels]
        if not names:
            raise ValueError("there is no channel; write webhooks, robots, mails or brokers")
        if doubled := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"there are two channels {doubled[0]}")
        return self


def load_notices(path: Path, environment: Mapping[str, str] = os.environ) -> NoticesConfig:
    """Read `path`; secrets are written `${NAME}` and taken from the environment. Raises ConfigError."""
    return read_config(path, NoticesConfig, environment, secrets=SECRETS)
