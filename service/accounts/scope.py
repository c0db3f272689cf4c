"""Which sites somebody may see: everywhere, or those of districts, of streets, or single ones."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.domain.sites import FilledLine, SiteId

MOST = 200
StreetOfDistrict = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^/\x00-\x1f\x7f]+/[^/\x00-\x1f\x7f]+$")
]
"""`district/street`, since two districts may have streets of one name."""


class Scope(BaseModel):
    """A part of the city; it may be empty, and then nothing is in it."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", json_schema_extra={"examples": [{"districts": ["滨江区"], "streets": []}]}
    )

    everywhere: bool = False
    districts: Annotated[frozenset[FilledLine], Field(max_length=MOST)] = frozenset()
    streets: Annotated[frozenset[StreetOfDistrict], Field(max_length=MOST)] = frozenset()
    sites: Annotated[frozenset[SiteId], Field(max_length=MOST)] = frozenset()

    def allows(self, site_id: str, district: str = "", street: str = "") -> bool:
        """Tell whether the site is in the scope; of a site that is not in the list of sites only the id is known."""
        if self.everywhere or site_id in self.sites:
            return True
        return bool(district) and (district in self.districts or f"{district}/{street}" in self.streets)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it."""
        return not (self.everywhere or self.districts or self.streets or self.sites)


EVERYWHERE = Scope(everywhere=True)
