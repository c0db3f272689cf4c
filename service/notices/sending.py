"""What every way of sending has in common: one notice at a time, with a number of its own, or a reason why not."""

import traceback
import uuid
from typing import Protocol

from service.notices.notice import Notice

TIMEOUT_S = 10.0
"""For each thing that a receiver is waited for."""
_NAMESPACE = uuid.UUID("0c3f3a52-4a5e-5f6b-8f0e-6c1b0a2f7d11")


class SendFailed(Exception):
    """The receiver did not take the notice; the text says why and holds no secret."""


class Sender(Protocol):
    """Sends to one channel."""

    def send(self, notice: Notice, delivery: str) -> None:
        """Send the notice, and return once the receiver has it. Raises SendFailed.

        `delivery` is the same in every try, so that a receiver can tell what it has had before.
        """
        ...


def delivery_number(channel: str, notice: Notice) -> str:
    """Return the number, a UUID, of this notice's way to this channel."""
    return str(uuid.uuid5(_NAMESPACE, f"{channel}/{notice.key}"))


def failure_text(error: Exception) -> str:
    """Return why the sending failed; of a mistake of ours the kind and place, since its text may hold a secret."""
    if isinstance(error, SendFailed):
        return str(error)
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {where.name}, line {where.lineno}"
