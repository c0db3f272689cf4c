"""A site under watch: where it is, of which kind, how strictly it is controlled, and who answers for it."""

from enum import StrEnum
from functools import cache
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from service.domain.office.levels import ControlLevel
from service.domain.office_data import read_data
from vision.evidence.manifest import Position

CATEGORIES_FILE = "site_categories.yaml"
MOST_PARTIES = 20

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""One line of text, possibly empty."""
FilledLine = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
]
SiteId = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x20\x7f/?#%]+$")]
"""The `site.id` of the edges' configuration; no spaces and nothing that an address gives a meaning to."""


class PartyRole(StrEnum):
    """In what capacity a party answers for a site (责任主体)."""

    OWNER = "owner"
    BUILDER = "builder"
    CONTRACTOR = "contractor"
    SUPERVISOR = "supervisor"


class Category(BaseModel):
    """A kind of site, with its names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    zh: FilledLine
    en: FilledLine


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    categories: Annotated[tuple[Category, ...], Field(min_length=1)]


@cache
def site_categories() -> dict[str, Category]:
    """Return the kinds of site by their id, as their data file lists them; it is read once."""
    return {category.id: category for category in read_data(_File, CATEGORIES_FILE).categories}


class ResponsibleParty(BaseModel):
    """A firm or a person that answers for the site."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: PartyRole
    name: FilledLine
    contact: Line = ""


class Site(BaseModel):
    """A site; `point_keeper` (点位长) is the person answerable for its camera points."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "id": "binjiang-1",
                    "name": "滨江一号地块",
                    "category": "construction",
                    "district": "滨江区",
                    "street": "长河街道",
                    "is_key_area": True,
                    "control_level": "A",
                    "parties": [{"role": "contractor", "name": "某建设集团", "contact": "0571-0000000"}],
                    "point_keeper": "李工",
                    "point_keeper_contact": "",
                    "position": {"latitude": 30.2084, "longitude": 120.212},
                }
            ]
        },
    )

    id: SiteId
    name: FilledLine
    category: str
    district: FilledLine
    street: Line = ""
    is_key_area: bool = False
    control_level: ControlLevel = ControlLevel.B
    parties: Annotated[tuple[ResponsibleParty, ...], Field(max_length=MOST_PARTIES)] = ()
    point_keeper: Line = ""
    point_keeper_contact: Line = ""
    position: Position | None = None

    @model_validator(mode="after")
    def _is_of_a_known_kind(self) -> Self:
        known = site_categories()
        if self.category not in known:
            message = f"there is no category {self.category!r}; there are: {', '.join(known)}"
            raise ValueError(message)
        return self

    def party(self, role: PartyRole) -> ResponsibleParty | None:
        """Return the first party of this role, or None."""
        return next((party for party in self.parties if party.role is role), None)
