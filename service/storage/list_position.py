"""Where a list of cases goes on: an opaque text that holds the last case's place, so that new cases shift nothing."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from service.errors import BadCursor

_MAX_ID = 2**31 - 1
_FIELDS = 3


class CaseOrder(StrEnum):
    """The order of a list."""

    FOUND = "found"
    """The last found first."""
    DUE = "due"
    """The first due first; cases of which nothing is due are left out."""


@dataclass(frozen=True)
class ListPosition:
    """The last case that was listed: its time by which the list is ordered (UTC), and its number."""

    order: CaseOrder
    at: datetime
    case_id: int

    def cursor(self) -> str:
        """Return the position as a text for addresses."""
        told = [self.order.value, self.at.astimezone(UTC).isoformat(), self.case_id]
        return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")

    @classmethod
    def of_cursor(cls, cursor: str, order: CaseOrder) -> "ListPosition":
        """Read a position back.

        Raises:
            BadCursor: it is none, or one of a list in another order.
        """
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            told = json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
            position = _read(told)
        except (ValueError, OverflowError, RecursionError, binascii.Error) as error:
            raise BadCursor from error
        if position is None or position.order is not order:
            raise BadCursor
        return position


def _read(told: object) -> ListPosition | None:
    if not isinstance(told, list) or len(told) != _FIELDS:
        return None
    order, at, case_id = told
    if not isinstance(order, str) or not isinstance(at, str) or type(case_id) is not int:
        return None
    moment = datetime.fromisoformat(at)
    if moment.tzinfo is None or not 0 < case_id <= _MAX_ID:
        return None
    return ListPosition(CaseOrder(order), moment.astimezone(UTC), case_id)
