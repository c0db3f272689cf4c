"""Keeps the pollution alerts, and brings the due times of what is handed over forward while they last."""

from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from service.domain.cases import Case
from service.domain.due import AWAITED_AFTER, Awaited, DueTimes
from service.domain.lifecycle import HistoryEntry, Step
from service.domain.office.alert import AlertHistory, due_under_alert
from service.domain.office.alert_periods import AlertPeriod, history_of, in_order
from service.domain.office.days import day_of
from service.domain.office.errors import NoRulesOn
from service.domain.office.levels import AlertLevel, ControlLevel
from service.domain.office.rule_book import RuleBook
from service.storage.alert_tables import PollutionAlertRow
from service.storage.database import lock_for_writing, storage_errors
from service.storage.tables import CaseRow, CaseStepRow

_WITH_THE_PARTY = frozenset({Awaited.ACCEPT, Awaited.RECTIFY})
"""What is awaited of a party that a case was handed over to: an alert asks for it sooner."""
_HANDS_OVER = (Step.ASSIGN, Step.RETURN)


class AlertStore:
    """The alerts' only way to the database. Every method is one transaction and safe from any thread."""

    def __init__(self, engine: Engine, rules: RuleBook) -> None:
        self._engine = engine
        self._rules = rules

    def periods(self) -> tuple[AlertPeriod, ...]:
        """Return all alerts, the oldest first."""
        with Session(self._engine) as session:
            return _periods(session)

    def put(self, period: AlertPeriod, who: str, now: datetime) -> bool:
        """Keep an alert, or change the one that began at its time, and reckon the due times anew.

        Returns whether it is new.

        Raises:
            AlertsOverlap: another level holds at its time.
        """
        with storage_errors(), Session(self._engine) as session, session.begin():
            lock_for_writing(session)
            row = session.get(PollutionAlertRow, period.starts_at)
            is_new = row is None
            if row is None:
                row = PollutionAlertRow(starts_at=period.starts_at)
                session.add(row)
            row.ends_at, row.level, row.set_by, row.set_at = period.ends_at, period.level.value, who, now
            session.flush()
            alerts = history_of(in_order(_periods(session)))
            for case in session.scalars(select(CaseRow).where(CaseRow.ordinary_due_at.is_not(None))):
                handed_at = _handed_at(session, case.id)
                if case.ordinary_due_at is not None and handed_at is not None:
                    case.due_at = _shortened(self._rules, alerts, case.opened_at, handed_at, case.ordinary_due_at)
            return is_new


def due_after(
    session: Session,
    before: Case,
    entry: HistoryEntry,
    *,
    level: ControlLevel | None,
    due_times: DueTimes,
    rules: RuleBook,
) -> tuple[datetime | None, datetime | None]:
    """Return when the case is due after the step, and when it would be without an alert (None where that is alike)."""
    if entry.step not in AWAITED_AFTER:
        return before.due_at, before.ordinary_due_at
    ordinary = due_times.after_step(entry.step, before.due_at, rule=before.rule, level=level, at=entry.at)
    if ordinary is None or AWAITED_AFTER[entry.step] not in _WITH_THE_PARTY:
        return ordinary, None
    handed_at = entry.at if entry.step in _HANDS_OVER else _handed_at(session, before.id) or entry.at
    alerts = history_of(_periods(session))
    return _shortened(rules, alerts, before.opened_at, handed_at, ordinary), ordinary


def alert_at(session: Session, moment: datetime) -> AlertLevel | None:
    """Return the level that held at the moment, None without an alert."""
    return history_of(_periods(session)).level_at(moment)


def _periods(session: Session) -> tuple[AlertPeriod, ...]:
    rows = session.scalars(select(PollutionAlertRow).order_by(PollutionAlertRow.starts_at))
    return tuple(AlertPeriod(row.starts_at, row.ends_at, AlertLevel(row.level)) for row in rows)


def _handed_at(session: Session, case_id: int) -> datetime | None:
    query = (
        select(CaseStepRow.at)
        .where(CaseStepRow.case_id == case_id, CaseStepRow.step.in_([step.value for step in _HANDS_OVER]))
        .order_by(CaseStepRow.number.desc())
        .limit(1)
    )
    return session.scalar(query)


def _shortened(
    rules: RuleBook, alerts: AlertHistory, found_at: datetime, handed_at: datetime, ordinary: datetime
) -> datetime:
    try:
        rule = rules.rules_of(day_of(found_at)).alert
    except NoRulesOn:
        return ordinary  # found before the office's first version
    return due_under_alert(handed_at, ordinary, alerts, rule).due_at
