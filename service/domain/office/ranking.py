"""The red list and the black list (红黑榜) of a period: every site's score with its parts, its rank and its place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from service.domain.office.days import PeriodLength
from service.domain.office.parameters import Parameters
from service.domain.office.reasons import Reason, because


class RankingRule(Parameters):
    """How sites are scored and how long the lists are."""

    period: PeriodLength = Field(title="评定周期 Period: month, quarter, year")
    base_points: int = Field(title="基础分 Points that every site begins with")
    points_each: dict[str, int] = Field(
        title="每起（次）加减分；未列出的不计分 Points for each; what is not listed has none"
    )
    least_inspections: int = Field(ge=0, title="参评所需最少检查次数 Inspections below which a site is not ranked")
    red_places: int = Field(ge=0, title="红榜名额 Places on the red list")
    red_from: int = Field(title="红榜最低分 Lowest score on the red list")
    black_places: int = Field(ge=0, title="黑榜名额 Places on the black list")
    black_to: int = Field(title="黑榜最高分 Highest score on the black list")
    ties: Literal["all", "none"] = Field(
        title="末位并列：all 全部上榜，none 全部不上榜 Ties for the last place: all are listed, or none"
    )

    @model_validator(mode="after")
    def _lists_are_apart(self) -> Self:
        if self.red_from <= self.black_to:
            raise ValueError("red_from has to be higher than black_to, or a site could be on both lists")
        return self


@dataclass(frozen=True)
class SiteRecord:
    """What happened at a site in the period: `counts` by event, a rule's name or what else the figures name."""

    site_id: str
    site_name: str
    inspections: int
    counts: Mapping[str, int]


@dataclass(frozen=True)
class ScorePart:
    """One line of the formula: `count` times `points_each`."""

    event: str
    count: int
    points_each: int

    @property
    def points(self) -> int:
        """What it adds to the score."""
        return self.count * self.points_each


class ListName(StrEnum):
    """The two lists."""

    RED = "red"
    BLACK = "black"


class RankingReason(StrEnum):
    """Why a site is where it is, as English texts."""

    RED = "red list: {score} points, at least {limit}; {better} sites are better ({places} places)"
    BLACK = "black list: {score} points, at most {limit}; {worse} sites are worse ({places} places)"
    IN_BETWEEN = "on neither list: {score} points, rank {rank} of {sites}"
    TIED_OUT = "on neither list: tied for the last place, and such ties are not listed"
    FEW_INSPECTIONS = "not ranked: inspected {inspections} times, at least {least} are needed"


@dataclass(frozen=True)
class Standing:
    """Where a site stands; `rank` is None for one that is not ranked. Sites of one score share their rank."""

    site_id: str
    site_name: str
    base_points: int
    parts: tuple[ScorePart, ...]
    score: int
    rank: int | None
    listed: ListName | None
    reason: Reason

    def formula(self, name_of: Callable[[str], str] = str) -> str:
        """Return the score as a sum, such as `100 - 2 x 5 (unwashed_truck) = 90`; `name_of` names what is counted."""
        terms = "".join(
            f" {'-' if part.points_each < 0 else '+'} {part.count} x {abs(part.points_each)} ({name_of(part.event)})"
            for part in self.parts
        )
        return f"{self.base_points}{terms} = {self.score}"


def standings(records: Sequence[SiteRecord], rule: RankingRule) -> tuple[Standing, ...]:
    """Return every site's standing in the period, the best first, those not ranked last; the order of records is free.

    The rule is that of the period's first day, so that every site could know it beforehand.
    """
    ranked = [_score(record, rule) for record in records if _is_ranked(record, rule)]
    found = [_standing(record, ranked, rule) for record in records]
    return tuple(sorted(found, key=lambda each: (each.rank is None, -each.score, each.site_id)))


def _is_ranked(record: SiteRecord, rule: RankingRule) -> bool:
    return record.inspections >= rule.least_inspections


def _score(record: SiteRecord, rule: RankingRule) -> int:
    return rule.base_points + sum(part.points for part in _parts(record, rule))


def _parts(record: SiteRecord, rule: RankingRule) -> tuple[ScorePart, ...]:
    parts = (ScorePart(event, record.counts.get(event, 0), points) for event, points in rule.points_each.items())
    return tuple(part for part in parts if part.count)


def _standing(record: SiteRecord, ranked: Sequence[int], rule: RankingRule) -> Standing:
    """Return one site's standing among the scores of all that are ranked."""
    score = _score(record, rule)
    rank, listed = None, None
    if _is_ranked(record, rule):
        rank = 1 + sum(other > score for other in ranked)
        listed, reason = _place(score, rank, ranked, rule)
    else:
        reason = because(RankingReason.FEW_INSPECTIONS, inspections=record.inspections, least=rule.least_inspections)
    return Standing(
        record.site_id, record.site_name, rule.base_points, _parts(record, rule), score, rank, listed, reason
    )


def _place(score: int, rank: int, ranked: Sequence[int], rule: RankingRule) -> tuple[ListName | None, Reason]:
    better, worse = rank - 1, sum(other < score for other in ranked)
    tied = len(ranked) - better - worse
    if score >= rule.red_from and better < rule.red_places:
        listed, places = ListName.RED, rule.red_places
        reason = because(RankingReason.RED, score=score, limit=rule.red_from, better=better, places=places)
        is_tied_out = better + tied > places
    elif score <= rule.black_to and worse < rule.black_places:
        listed, places = ListName.BLACK, rule.black_places
        reason = because(RankingReason.BLACK, score=score, limit=rule.black_to, worse=worse, places=places)
        is_tied_out = worse + tied > places
    else:
        return None, because(RankingReason.IN_BETWEEN, score=score, rank=rank, sites=len(ranked))
    if rule.ties == "none" and is_tied_out:
        return None, because(RankingReason.TIED_OUT)
    return listed, reason
