"""Everything that administrators look after."""

from dataclasses import dataclass
from pathlib import Path

from models.registry.registry import Registry
from service.accounts.accounts import Accounts
from service.clock import Clock
from service.storage.audit_store import AuditStore
from service.storage.health_store import HealthStore
from service.storage.notice_store import NoticeStore


@dataclass(frozen=True)
class Administered:
    """The stores; `accounts` is None where the service is open, `shadow` where no shadow run is to be shown.

    `channels` are the names of those that notices are sent to.
    """

    accounts: Accounts | None
    audit: AuditStore
    health: HealthStore
    notices: NoticeStore
    registry: Registry
    clock: Clock
    shadow: Path | None
    channels: tuple[str, ...]
