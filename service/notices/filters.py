"""Which notices a channel gets: pure."""

from typing import Annotated

from pydantic import AfterValidator, Field

from service.config.zones import StrictConfig
from service.domain.office.levels import ControlLevel
from service.notices.notice import KINDS, Notice
from vision.evidence.manifest import DustRule
from vision.violations import RuleName


def _known_kind(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"there is no such event; known: {', '.join(KINDS)}")
    return kind


Kind = Annotated[str, AfterValidator(_known_kind)]


class Filter(StrictConfig):
    """What a channel is meant for; what is not told means all, and a notice has to pass everything that is."""

    events: Annotated[frozenset[Kind] | None, Field(min_length=1)] = None
    districts: Annotated[frozenset[str] | None, Field(min_length=1)] = None
    rules: Annotated[frozenset[RuleName | DustRule] | None, Field(min_length=1)] = None
    control_levels: Annotated[frozenset[ControlLevel] | None, Field(min_length=1)] = None
    """Of the site; a site that is not in the list has none."""

    def passes(self, notice: Notice) -> bool:
        """Return whether the channel gets the notice."""
        case = notice.case
        wanted = (
            (self.events, notice.kind),
            (self.districts, case.district),
            (self.rules, case.rule),
            (self.control_levels, case.control_level),
        )
        return all(chosen is None or value in chosen for chosen, value in wanted)
