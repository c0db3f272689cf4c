"""What an edge is less safe by than it could be, as its configuration stands: told when it starts, never refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from models.registry.registry import Registry
from models.registry.signatures import KEYS_VARIABLE
from service.config.file import plain_passwords
from service.config.schema import Config
from streams.host_addresses import is_this_machine


@dataclass(frozen=True)
class Caution:
    """`event` for the log, `at` where it is, and the advice in Chinese and English."""

    event: str
    at: tuple[str, ...]
    chinese: str
    english: str


def cautions(config: Config, file: Path) -> Iterator[Caution]:
    """Tell what to look at, none where all is well. Raises ConfigError, ModelError."""
    if written := plain_passwords(file):
        yield Caution(
            "config.plain_passwords",
            tuple(written),
            "文件中有明文密码，请写 ${NAME} 并设环境变量",
            "a password stands in the file; write ${NAME} and set the environment variable",
        )
    queue = urlsplit(config.queue)
    if config.queue_token is not None and queue.scheme == "http" and not is_this_machine(queue.hostname or ""):
        yield Caution(
            "queue.without_https",
            (f"{file}: queue",),
            "令牌与证据将明文传输，请用 https:// 的地址",
            "the token and the evidence go over the network in clear; write an address of https://",
        )
    if unsigned := Registry().unsigned((config.model, config.machine_model, config.surface_model, config.mud_model)):
        yield Caution(
            "models.unsigned",
            tuple(unsigned),
            f"自有模型未要求签名，请签名并设 {KEYS_VARIABLE}",
            f"models of your own are used and nobody had to sign them; sign them and set {KEYS_VARIABLE}",
        )
