"""Compares what was found with what is true: hits, misses, false alarms, and errors of sizes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.judgement.stories import Expected
from vision.violations import RuleName

GRACE_S = {RuleName.UNCOVERED_SOIL: 1800.0, RuleName.MISSING_HOARDING: 1800.0, RuleName.UNWASHED_TRUCK: 0.0}
"""How long each thing may last by default before it is a violation."""
EARLY_S = {RuleName.UNCOVERED_SOIL: 60.0, RuleName.MISSING_HOARDING: 60.0, RuleName.UNWASHED_TRUCK: 2.0}
"""So much before it is due a violation may be told and still be the right one."""
LATE_S = {RuleName.UNCOVERED_SOIL: 0.0, RuleName.MISSING_HOARDING: 0.0, RuleName.UNWASHED_TRUCK: 6.0}
"""So much after what is wrong has ended it may still be told: a truck has driven on by then."""
NEAR = 0.1
"""Gaps whose middles lie further apart than this share of the line are not the same."""


@dataclass(frozen=True)
class Found:
    """A violation that a replay told, `seconds` from the recording's start; `amount` in m² or m, with its own error."""

    seconds: float
    amount: float | None = None
    amount_error: float | None = None
    at: float | None = None


@dataclass(frozen=True)
class Hit:
    """An expected violation that was found, and how long after it was due."""

    expected: Expected
    found: Found
    late_s: float

    @property
    def error(self) -> float | None:
        """By how much the amount is wrong (m² or m), positive where too much was told."""
        if self.expected.amount is None or self.found.amount is None:
            return None
        return self.found.amount - self.expected.amount


@dataclass(frozen=True)
class Outcome:
    """How one recording was judged. `seconds` is its length; `look_alikes` are what could have been taken wrongly.

    `taken` is what each false alarm came from, where that is known.
    """

    story: str
    rule: RuleName
    seconds: float
    is_lawful: bool
    look_alikes: tuple[str, ...]
    hits: tuple[Hit, ...]
    missed: tuple[Expected, ...]
    false_alarms: tuple[Found, ...]
    taken: tuple[str, ...]

    @property
    def is_repeated(self) -> bool:
        """Whether nothing in it is its own: lawful passes that another recording has too."""
        return self.is_lawful and not self.look_alikes


@dataclass(frozen=True)
class Score:
    """What all recordings of one rule come to."""

    rule: RuleName
    violations: int
    look_alikes: int
    true_positives: int
    false_positives: int
    misses: int

    @property
    def precision(self) -> float:
        """Which share of what was told is true; 1 where nothing was told."""
        told = self.true_positives + self.false_positives
        return self.true_positives / told if told else 1.0

    @property
    def recall(self) -> float:
        """Which share of what is true was told; 1 where there was nothing to tell."""
        return self.true_positives / self.violations if self.violations else 1.0


def compare(
    rule: RuleName, expected: Sequence[Expected], found: Sequence[Found]
) -> tuple[list[Hit], list[Expected], list[Found]]:
    """Return hits, misses and false alarms; each expected violation is hit once at most, by the earliest that fits."""
    hits: list[Hit] = []
    missed: list[Expected] = []
    left = sorted(found, key=lambda one: one.seconds)
    for one in expected:
        fitting = next((candidate for candidate in left if _fits(rule, one, candidate)), None)
        if fitting is None:
            missed.append(one)
            continue
        left.remove(fitting)
        hits.append(Hit(one, fitting, round(fitting.seconds - one.since_s - GRACE_S[rule], 2)))
    return hits, missed, left


def _fits(rule: RuleName, expected: Expected, found: Found) -> bool:
    due = expected.since_s + GRACE_S[rule]
    in_time = due - EARLY_S[rule] <= found.seconds <= expected.until_s + LATE_S[rule]
    return in_time and (expected.at is None or found.at is None or abs(expected.at - found.at) <= NEAR)


def score(rule: RuleName, outcomes: Sequence[Outcome]) -> Score:
    """Return what the outcomes of one rule come to.

    Recordings without a violation or look-alike of their own repeat those of others; their false alarms are told as
    alarms a day alone.
    """
    own = [outcome for outcome in outcomes if outcome.rule is rule and not outcome.is_repeated]
    hits, misses = sum(len(one.hits) for one in own), sum(len(one.missed) for one in own)
    return Score(
        rule=rule,
        violations=hits + misses,
        look_alikes=sum(len(one.look_alikes) for one in own),
        true_positives=hits,
        false_positives=sum(len(one.false_alarms) for one in own),
        misses=misses,
    )


def false_alarms_a_day(outcomes: Sequence[Outcome]) -> tuple[float, int, float]:
    """Return the lawful hours, how many false alarms they gave, and how many that makes a camera and 24 hours."""
    own = [outcome for outcome in outcomes if outcome.is_lawful]
    hours = sum(one.seconds for one in own) / 3600
    alarms = sum(len(one.false_alarms) for one in own)
    return hours, alarms, 24 * alarms / hours if hours else 0.0
