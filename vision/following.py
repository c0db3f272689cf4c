"""When later pictures of a violation are due: now and then while it lasts, and one when it has ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from vision.evidence.manifest import Follows, Stage
from vision.violations import Violation


@dataclass(frozen=True)
class LaterPictures:
    """Seconds after which the first later picture is taken, and then each further one."""

    first_s: float = 3600.0
    every_s: float = 6 * 3600.0


USUAL = LaterPictures()


class Followed(BaseModel):
    """A violation that lasts, and what was shown of it: how many later pictures, and when the last picture (UTC)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    violation: Violation
    pictures: int = Field(default=0, ge=0)
    pictured_at: AwareDatetime

    def next(self, at: datetime) -> Self:
        """Return it with one picture more."""
        return self.model_copy(update={"pictures": self.pictures + 1, "pictured_at": at})

    def follows(self, stage: Stage) -> Follows:
        """Return the place of the next picture."""
        return Follows(key=self.violation.key, number=self.pictures + 1, stage=stage)


@dataclass(frozen=True)
class FollowUp:
    """A later picture that is due of a violation."""

    violation: Violation
    follows: Follows


class Following:
    """Follows the violations of one rule. Pure: it knows what it is told and nothing else."""

    def __init__(self, plan: LaterPictures, memory: Iterable[Followed] = ()) -> None:
        """It goes on from a `memory`."""
        self._plan = plan
        self._followed = {each.violation.key: each for each in memory}

    def look(self, lasting: Iterable[Violation], at: datetime) -> list[FollowUp]:
        """Take in what lasts at a look (UTC) in which it could be seen; return the pictures that are due of it.

        A violation that lasts no longer has one last picture due.
        """
        now = {violation.key: violation for violation in lasting}
        due = []
        for key in sorted(self._followed):  # the order must not depend on who remembered
            followed = self._followed[key]
            if key not in now:
                due.append(FollowUp(followed.violation, followed.follows(Stage.ENDED)))
                del self._followed[key]
            elif (at - followed.pictured_at).total_seconds() >= self._wait_s(followed):
                due.append(FollowUp(followed.violation, followed.follows(Stage.LASTING)))
                self._followed[key] = followed.next(at)
        for key in now.keys() - self._followed.keys():
            self._followed[key] = Followed(violation=now[key], pictured_at=now[key].opened_at)
        return due

    def memory(self) -> tuple[Followed, ...]:
        """Return what another one goes on from."""
        return tuple(self._followed[key] for key in sorted(self._followed))

    def _wait_s(self, followed: Followed) -> float:
        return self._plan.first_s if followed.pictures == 0 else self._plan.every_s
