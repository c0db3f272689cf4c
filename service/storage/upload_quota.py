"""How much the people of sites have attached today, and how much they may: a disk is not theirs to fill."""

from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from service.domain.lifecycle import Actor, Role
from service.domain.office.days import day_of
from service.domain.report_period import midnight
from service.errors import UploadQuotaUsed
from service.storage.tables import CaseStepRow

SITE_BYTES_A_DAY = 200_000_000
"""What one site user may attach on one of the office's days."""


class UploadQuota:
    """Reads what was attached; safe from any thread."""

    def __init__(self, engine: Engine, site_bytes_a_day: int = SITE_BYTES_A_DAY) -> None:
        self._engine = engine
        self._most = site_bytes_a_day

    def check(self, actor: Actor, size_bytes: int, now: datetime) -> None:
        """See that somebody of a site may attach so much more today; others may attach what they want.

        Counted is what was kept under the name that histories show, which two users may share.

        Raises:
            UploadQuotaUsed: it would be too much.
        """
        if actor.role is not Role.SITE:
            return
        query = select(CaseStepRow.attachments).where(
            CaseStepRow.at >= midnight(day_of(now)),
            CaseStepRow.actor == actor.name,
            CaseStepRow.role == Role.SITE.value,
            CaseStepRow.attachments.is_not(None),
        )
        with Session(self._engine) as session:
            used = sum(int(item["size_bytes"]) for items in session.scalars(query) for item in items or ())
        if used + size_bytes > self._most:
            raise UploadQuotaUsed(limit_mb=self._most // 1_000_000)
