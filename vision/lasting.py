"""Tells when something seen again and again has lasted long enough to matter, and when it has ended."""

from datetime import datetime
from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Level(StrEnum):
    """How a look stands to the two limits: a thing opens above the upper one and closes below the lower one."""

    ABSENT = "absent"
    BETWEEN = "between"
    PRESENT = "present"


class WatchedTimeMemory(BaseModel):
    """What a watched time remembers: its last look (UTC), and the seconds watched so far."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    last: AwareDatetime | None = None
    seconds: float = Field(default=0.0, ge=0, allow_inf_nan=False)


class LastingMemory(BaseModel):
    """What a lasting thing remembers; times are watched seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    level: Level
    is_open: bool
    lasted_s: float = Field(ge=0, allow_inf_nan=False)
    counted_s: float = Field(ge=0, allow_inf_nan=False)
    gone_s: float = Field(ge=0, allow_inf_nan=False)

    def open_alone(self) -> Self:
        """Return it with its absence counted anew, for when what is seen means something else than before."""
        return self.model_copy(update={"gone_s": 0.0, "level": Level.BETWEEN})


class WatchedTime:
    """Time as far as it was watched: nights and gaps between looks are left out."""

    def __init__(self, longest_gap_s: float, memory: WatchedTimeMemory | None = None) -> None:
        """Looks further apart than this leave a gap, of which nothing is known. It goes on from a `memory`."""
        self._longest_gap_s = longest_gap_s
        self._last: datetime | None = memory.last if memory else None
        self.seconds = memory.seconds if memory else 0.0
        """Watched so far."""

    def advance(self, at: datetime) -> float:
        """Take in a look at `at` (UTC), and return the watched seconds since the one before."""
        since = 0.0 if self._last is None else (at - self._last).total_seconds()
        self._last = at
        passed = since if 0 <= since <= self._longest_gap_s else 0.0
        self.seconds += passed
        return passed

    def pause(self) -> None:
        """Let no time pass from the last look to the next one."""
        self._last = None

    def memory(self) -> WatchedTimeMemory:
        """Return what another one goes on from."""
        return WatchedTimeMemory(last=self._last, seconds=self.seconds)


class Lasting:
    """One thing that opens when it has been present for a grace time, and closes when it was absent for a time.

    Time counts while two looks in a row agree. Before it opens, what is between the limits lets time stand still, and
    absence begins anew.
    """

    def __init__(self, grace_s: float, close_after_s: float, memory: LastingMemory | None = None) -> None:
        """It goes on from a `memory`."""
        self._grace_s = grace_s
        self._close_after_s = close_after_s
        self._level = memory.level if memory else Level.ABSENT
        self._counted_s = memory.counted_s if memory else 0.0
        self._gone_s = memory.gone_s if memory else 0.0
        self.is_open = memory.is_open if memory else False
        self.lasted_s = memory.lasted_s if memory else 0.0
        """Seconds present so far, up to the opening."""

    def look(self, level: Level, seconds: float, pace: float = 1.0) -> bool:
        """Take in a look `seconds` after the one before; tell whether the thing opens now.

        A `pace` below 1 lets the grace time pass more slowly.
        """
        passed = seconds if level is self._level else 0.0
        self._level = level
        if self.is_open:
            self._gone_s = self._gone_s + passed if level is Level.ABSENT else 0.0
            if level is Level.ABSENT and self._gone_s >= self._close_after_s:
                self._begin_anew()
        elif level is Level.ABSENT:
            self._begin_anew()
        elif level is Level.PRESENT:
            self.lasted_s += passed
            self._counted_s += passed * pace
            self.is_open = self._counted_s >= self._grace_s
            return self.is_open
        return False

    def memory(self) -> LastingMemory:
        """Return what another one goes on from."""
        return LastingMemory(
            level=self._level,
            is_open=self.is_open,
            lasted_s=self.lasted_s,
            counted_s=self._counted_s,
            gone_s=self._gone_s,
        )

    def _begin_anew(self) -> None:
        self.is_open = False
        self.lasted_s = self._counted_s = self._gone_s = 0.0
