"""Whether inspectors who decided the same case decided it alike: a history's decisions in, figures out. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from service.domain.lifecycle import Step

DECISIONS = frozenset({Step.CONFIRM, Step.REJECT})


@dataclass(frozen=True)
class Decided:
    """A decision, or one that was taken back (undo), as a case's history tells it; steps of a case in their order."""

    case_id: int
    number: int
    step: Step
    actor: str


@dataclass(frozen=True)
class Agreement:
    """What histories hold about two people and one case.

    A case is decided by a second person only after a decision was taken back, so `alike` of `by_two` tells how often
    the second look changed nothing, not how much inspectors agree on all cases. Decisions without a name do not count.
    """

    taken_back: int
    """Decisions that were taken back, by whom ever."""
    by_two: int
    """Cases that two different people decided, one after the other."""
    alike: int
    """Of those, cases whose last two such decisions are the same."""


def agreement_of(history: Iterable[Decided]) -> Agreement:
    """Return the agreement that the histories of cases tell of."""
    by_case: dict[int, list[Decided]] = defaultdict(list)
    for each in history:
        by_case[each.case_id].append(each)
    taken_back = by_two = alike = 0
    for steps in by_case.values():
        in_order = sorted(steps, key=lambda each: each.number)
        taken_back += sum(each.step is Step.UNDO for each in in_order)
        pair = _last_pair(in_order)
        if pair is not None:
            by_two += 1
            alike += pair[0].step is pair[1].step
    return Agreement(taken_back, by_two, alike)


def _last_pair(steps: list[Decided]) -> tuple[Decided, Decided] | None:
    """Return the last decision and the one before it of somebody else; None where there is only one person."""
    named = [each for each in steps if each.step in DECISIONS and each.actor]
    if not named:
        return None
    last = named[-1]
    others = [each for each in named if each.actor != last.actor]
    return (others[-1], last) if others else None
