"""Which case to go to: pure, over the list as it is shown (newest first, so the numbers fall)."""

from collections.abc import Sequence

from service.domain.cases import Case


def step(cases: Sequence[Case], current: int | None, by: int) -> Case | None:
    """Return the case one further down (`by=1`) or up (`by=-1`) from case number `current`.

    At the ends it stays where it is. `current` need not be in the list any more: its old place counts.
    """
    if not cases:
        return None
    if current is None:
        return cases[0]
    if by > 0:
        return next((case for case in cases if case.id < current), cases[-1])
    return next((case for case in reversed(cases) if case.id > current), cases[0])
