"""What may be asked of lists and exports of cases, as parameters of an address."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.accounts.scope import Scope
from service.domain.cases import CaseState
from service.domain.office.days import OFFICE_TIME
from service.domain.office.levels import ControlLevel
from service.storage.case_filter import CaseFilter
from service.storage.list_position import CaseOrder

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
"""A day of the office, by Beijing time."""


class CaseQuery(BaseModel):
    """Which cases; all conditions hold together, and a name that is not here is refused."""

    model_config = ConfigDict(extra="forbid")

    state: CaseState | None = None
    rule: Annotated[Line | None, Field(description="The violation's kind", examples=["unwashed_truck"])] = None
    site: Annotated[Line | None, Field(description="The site's id", examples=["binjiang-1"])] = None
    district: Annotated[Line | None, Field(description="The site's district, in full", examples=["滨江区"])] = None
    street: Annotated[Line | None, Field(description="The site's street, in full", examples=["长河街道"])] = None
    level: Annotated[ControlLevel | None, Field(description="The site's control level")] = None
    camera: Annotated[Line | None, Field(description="The camera's id", examples=["binjiang-1-gate"])] = None
    party: Annotated[Line | None, Field(description="Whom it was handed over to last, in full")] = None
    found_from: Annotated[Day | None, Field(description="The first day (Asia/Shanghai)")] = None
    found_to: Annotated[Day | None, Field(description="The last day, included (Asia/Shanghai)")] = None
    overdue: Annotated[bool, Field(description="Only cases whose due time has passed")] = False
    text: Annotated[
        Line | None,
        Field(max_length=100, description="Number, key, or a part of the site's or camera's id or name"),
    ] = None

    def wanted(self, now: datetime, scope: Scope) -> CaseFilter:
        """Return the filter, within what may be seen; what is due before `now` is overdue."""
        return CaseFilter(
            state=self.state,
            rule=self.rule,
            camera_id=self.camera,
            site_id=self.site,
            district=self.district,
            street=self.street,
            level=self.level,
            found_from=None if self.found_from is None else begin_of(self.found_from),
            found_to=None if self.found_to is None else begin_of(self.found_to + timedelta(days=1)),
            overdue_at=now if self.overdue else None,
            party=self.party,
            text=self.text,
            scope=scope,
        )


class CaseListQuery(CaseQuery):
    """Which cases, in which order, and how many of them."""

    order: Annotated[
        CaseOrder,
        Field(
            description="`found`: the last found first; `due`: the first due first, without those that await nothing"
        ),
    ] = CaseOrder.FOUND
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str | None, Field(max_length=200, description="The `next_cursor` of the page before")] = None


def begin_of(day: date) -> datetime:
    """Return the moment at which the office's day begins."""
    return datetime.combine(day, time(), OFFICE_TIME)
