"""Reads what the office's rules need to know of a case, and tells what they say of it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain.cases import CaseState
from service.domain.lifecycle import STANDS_CONFIRMED, Step
from service.domain.office.advice import Advice, DatedStep, advice_of, course_of
from service.domain.office.days import day_of
from service.domain.office.errors import NoRulesOn
from service.domain.office.offences import Offence
from service.domain.office.rule_book import RuleBook
from service.storage.alert_store import alert_at
from service.storage.case_store import CaseStore
from service.storage.tables import CaseRow, CaseStepRow

_NOTHING_TO_ADVISE = frozenset({CaseState.REJECTED, CaseState.WITHDRAWN, CaseState.MERGED})


class AdviceStore:
    """Reads; changes nothing. Safe from any thread."""

    def __init__(self, store: CaseStore, rules: RuleBook) -> None:
        self._store = store
        self._rules = rules

    def advice(self, case_id: int, now: datetime) -> Advice | None:
        """Return what the rules of the day on which the case was found say of it now; None where it is no offence.

        Raises:
            NoSuchCase: there is none of this number.
            NoRulesOn: no version held on that day.
        """
        case = self._store.get(case_id)
        if case.state in _NOTHING_TO_ADVISE:
            return None
        rules = self._rules.rules_of(day_of(case.opened_at))
        offence = Offence(case.id, case.site_id, case.rule, case.opened_at, case.measures)
        with Session(self._store.engine) as session:
            others = tuple(_earlier(session, offence))
            course = course_of(_steps(session, case_id), case.due_at)
            alert = alert_at(session, case.opened_at)
        return advice_of(offence, others, course, alert, now, rules)

    def advice_if_any(self, case_id: int, now: datetime) -> Advice | None:
        """Return the same; None also where no rules held on that day. Raises NoSuchCase."""
        try:
            return self.advice(case_id, now)
        except NoRulesOn:
            return None


def _earlier(session: Session, offence: Offence) -> list[Offence]:
    confirmed = [state.value for state in STANDS_CONFIRMED]
    query = select(CaseRow.id, CaseRow.site_id, CaseRow.rule, CaseRow.opened_at).where(
        CaseRow.site_id == offence.project_id,
        CaseRow.opened_at <= offence.found_at,
        CaseRow.state.in_(confirmed),
        CaseRow.id != offence.case_id,
    )
    return [Offence(row.id, row.site_id, row.rule, row.opened_at) for row in session.execute(query)]


def _steps(session: Session, case_id: int) -> list[DatedStep]:
    columns = (CaseStepRow.step, CaseStepRow.at, CaseStepRow.was_due_at)
    query = select(*columns).where(CaseStepRow.case_id == case_id).order_by(CaseStepRow.number)
    return [DatedStep(Step(row.step), row.at, row.was_due_at) for row in session.execute(query)]
