"""The table of claims: who looks at which case, until when."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.storage.columns import UtcDateTime
from service.storage.tables import Base


class ClaimRow(Base):
    """One claim. A row whose time has run out means nothing, and is taken away by the next who asks."""

    __tablename__ = "case_claims"
    __table_args__ = (Index(None, "holder"), Index(None, "until"))

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    holder: Mapped[str] = mapped_column(String(64))
    who: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
