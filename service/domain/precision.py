"""How often what was found was right, as inspectors decided, with how sure that is. Pure."""

import math
from dataclasses import dataclass

Z_95 = 1.959963984540054
"""The normal distribution's quantile for an interval of 95 %."""


@dataclass(frozen=True)
class Precision:
    """Of the decided cases the confirmed and the rejected ones; shares between 0 and 1, None where none was decided.

    `low` and `high` are Wilson's interval of 95 %: the true share lies within for 19 of 20 such samples, if cases were
    decided without regard to each other.
    """

    confirmed: int
    rejected: int
    share: float | None
    low: float | None
    high: float | None


def precision_of(confirmed: int, rejected: int) -> Precision:
    """Return the precision of so many confirmed and rejected cases."""
    decided = confirmed + rejected
    if not decided:
        return Precision(confirmed, rejected, None, None, None)
    low, high = wilson(confirmed, decided)
    return Precision(confirmed, rejected, confirmed / decided, low, high)


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """Return Wilson's score interval of 95 % for `hits` of `tries`, at least one try."""
    share, square = hits / tries, Z_95 * Z_95
    middle = (share + square / (2 * tries)) / (1 + square / tries)
    half = Z_95 / (1 + square / tries) * math.sqrt(share * (1 - share) / tries + square / (4 * tries * tries))
    # The ends are exact where there are no hits, or nothing but hits; rounding must not move the share out.
    return (0.0 if hits == 0 else min(share, max(0.0, middle - half))), (
        1.0 if hits == tries else max(share, min(1.0, middle + half))
    )
