"""/api/v1/cases/{id}/advice: what the office's rules say of a case, with the version that held when it was found."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from service.api.inputs import CaseId
from service.api.problems import answers
from service.clock import Clock
from service.domain.office.advice import Advice
from service.domain.office.levels import AlertLevel
from service.domain.office.reasons import Reason
from service.storage.advice_store import AdviceStore
from service.texts.catalogue import CHINESE, load_translator


class ReasonJson(BaseModel):
    """Why, in both languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, reason: Reason) -> "ReasonJson":
        """Return the reason's JSON."""
        return cls(zh=reason.text(load_translator().texts(CHINESE)), en=reason.text())


class AdviceJson(BaseModel):
    """What the rules advise; people decide. All but `case` is null where the case is no offence.

    `rules` names the version that held on the day the case was found, `alert` the pollution alert of that moment.
    """

    case: int
    rules: str | None
    alert: AlertLevel | None
    guidance_first: Annotated[bool | None, Field(description="721: a first minor offence is met with guidance first")]
    guidance_reasons: list[ReasonJson]
    is_escalated: Annotated[bool | None, Field(description="从严处罚")]
    escalation_reasons: list[ReasonJson]

    @classmethod
    def of(cls, case_id: int, advice: Advice | None) -> "AdviceJson":
        """Return the advice's JSON."""
        if advice is None:
            return cls(
                case=case_id,
                rules=None,
                alert=None,
                guidance_first=None,
                guidance_reasons=[],
                is_escalated=None,
                escalation_reasons=[],
            )
        return cls(
            case=case_id,
            rules=advice.version,
            alert=advice.alert,
            guidance_first=advice.leniency.guidance_first,
            guidance_reasons=[ReasonJson.of(each) for each in advice.leniency.reasons],
            is_escalated=advice.escalation.is_escalated,
            escalation_reasons=[ReasonJson.of(each) for each in advice.escalation.reasons],
        )


def advice_router(store: AdviceStore, clock: Clock) -> APIRouter:
    """Return the route of the advice."""
    router = APIRouter(prefix="/api/v1/cases", tags=["the office's rules"])

    @router.get("/{case_id}/advice", responses=answers(404, 409, 422))
    def get_advice(case_id: CaseId) -> AdviceJson:
        """Return what the office's rules say of the case now."""
        return AdviceJson.of(case_id, store.advice(case_id, clock()))

    return router
