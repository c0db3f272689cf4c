"""What a watch remembers, so that another process goes on where it was: what lasts, and what may come to last."""

from pydantic import BaseModel, ConfigDict

from vision.following import Followed
from vision.missing_hoarding import HoardingMemory
from vision.uncovered_soil import SoilMemory
from vision.violations import RuleName


class WatchMemory(BaseModel):
    """The memories of one camera's rules; None where there is no such rule, or nothing to remember."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    soil: SoilMemory | None = None
    hoarding: HoardingMemory | None = None
    followed: tuple[Followed, ...] = ()
    """Of the violations that last, how far later pictures of them have come."""

    @property
    def open_keys(self) -> frozenset[str]:
        """The keys of all violations that last."""
        soil = () if self.soil is None or self.soil.violation is None else (self.soil.violation,)
        gaps = () if self.hoarding is None else self.hoarding.gaps
        return frozenset(each.key for each in (*soil, *(found for gap in gaps for found in gap.violations)))

    def joined(self, other: "WatchMemory") -> "WatchMemory":
        """Return both in one; each holds what the other lacks."""
        return WatchMemory(
            soil=self.soil or other.soil,
            hoarding=self.hoarding or other.hoarding,
            followed=(*self.followed, *other.followed),
        )

    def followed_by(self, rule: RuleName) -> tuple[Followed, ...]:
        """Return how far the violations of one rule were followed."""
        return tuple(each for each in self.followed if each.violation.rule is rule)
