"""One version of all of the office's rules, and the days that it holds on."""

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from service.domain.office.alert import AlertRule
from service.domain.office.control import ControlRule
from service.domain.office.coverage import CoverageRule
from service.domain.office.escalation import EscalationRule
from service.domain.office.leniency import LeniencyRule
from service.domain.office.parameters import Parameters
from service.domain.office.ranking import RankingRule


class RuleSet(Parameters):
    """One file of rules, valid from a day to a last day; without a last day, until the next version begins."""

    version: str = Field(min_length=1, max_length=100, title="版本 Version")
    about: str = Field(default="", title="说明 What it is, and where its figures come from")
    valid_from: date = Field(title="生效日 First day")
    valid_until: date | None = Field(default=None, title="失效日（含） Last day; none: until the next version")
    leniency: LeniencyRule
    escalation: EscalationRule
    ranking: RankingRule
    coverage: CoverageRule
    alert: AlertRule
    control: ControlRule

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until is before valid_from")
        return self
