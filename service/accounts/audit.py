"""An entry of the audit log: who did what, when, from where. Entries are only ever added."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

COMMAND_LINE = "command line"
"""Who, where somebody with access to the machine did it."""


class Action(StrEnum):
    """What is written down."""

    SIGNED_IN = "signed in"
    SIGN_IN_REFUSED = "sign-in refused"
    SIGNED_OUT = "signed out"
    PASSWORD_SET = "password set"  # noqa: S105 - no password
    TOTP_ON = "second factor on"
    TOTP_OFF = "second factor off"
    LINK_MADE = "one-time link made"
    USER_MADE = "user made"
    USER_CHANGED = "user changed"
    TOKEN_MADE = "token made"  # noqa: S105 - no password
    TOKEN_REVOKED = "token revoked"  # noqa: S105 - no password
    MACHINE_REFUSED = "machine refused"
    """Its token is bound to other sites."""
    MODEL_PROMOTED = "model promoted"
    MODEL_ROLLED_BACK = "model rolled back"
    LOOKED = "looked at evidence"


@dataclass(frozen=True)
class Entry:
    """`who` is a name, `address` an IP address; `case_id` where a case was looked at, `detail` what else is to say."""

    at: datetime
    who: str
    action: Action
    address: str = ""
    case_id: int | None = None
    detail: str = ""
