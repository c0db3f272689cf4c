"""Finds the cases that were put right and verified, with how long that took and whether it was in time."""

from sqlalchemy import ColumnElement, Select, Subquery, case, func, select

from service.domain.lifecycle import Step
from service.storage.tables import CaseRow, CaseStepRow

_AT = CaseStepRow.at


def rectified(within: tuple[ColumnElement[bool], ...]) -> Subquery:
    """Return the cases that fulfil the conditions, were handed over, put right, and verified since.

    Columns: `opened_at`, `rule` and `site_id` of the case; `handed` is when it was last handed over, `put_right` when
    the party last reported it so, or when it was verified where the party did not; `is_in_time` tells whether that was
    due then. What was sent back since counts for nothing.
    """
    by_case = (
        select(
            CaseStepRow.case_id,
            _last(Step.ASSIGN).label("handed"),
            _last(Step.RETURN).label("returned"),
            _last(Step.REPORT).label("reported"),
            _last(Step.VERIFY).label("verified"),
            _last(Step.REPORT, _IS_IN_TIME).label("reported_in_time"),
            _last(Step.VERIFY, _IS_IN_TIME).label("verified_in_time"),
        )
        .where(CaseStepRow.case_id.in_(_verified(within)))
        .group_by(CaseStepRow.case_id)
        .subquery()
    )
    told = by_case.c
    since = case((told.returned > told.handed, told.returned), else_=told.handed)
    was_reported = told.reported > since
    put_right = case((was_reported, told.reported), else_=told.verified)
    in_time = case((was_reported, told.reported_in_time), else_=told.verified_in_time)
    return (
        select(
            CaseRow.opened_at,
            CaseRow.rule,
            CaseRow.site_id,
            told.handed,
            put_right.label("put_right"),
            func.coalesce(in_time == put_right, False).label("is_in_time"),
        )
        .join(by_case, told.case_id == CaseRow.id)
        .where(told.verified > since)
        .subquery()
    )


_IS_IN_TIME = CaseStepRow.was_due_at.is_(None) | (CaseStepRow.was_due_at >= _AT)


def _verified(within: tuple[ColumnElement[bool], ...]) -> Select[int]:
    steps = select(CaseStepRow.case_id).join(CaseRow, CaseRow.id == CaseStepRow.case_id)
    return steps.where(*within, CaseStepRow.step == Step.VERIFY.value)


def _last(step: Step, *more: ColumnElement[bool]) -> ColumnElement[object]:
    return func.max(case((CaseStepRow.step == step.value, case((more[0], _AT)) if more else _AT)))
