"""Makes observations of a zone for tests of the uncovered-soil rule."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from vision.ground_plane import Measured
from vision.uncovered_soil import SoilObservation, UncoveredSoilParameters, UncoveredSoilRule
from vision.violations import Violation

START = datetime(2026, 3, 1, tzinfo=UTC)
EVERY_S = 10.0
PARAMETERS = UncoveredSoilParameters(window_s=60, grace_s=300, close_after_s=200)
ZONE_XYXY = (0.1, 0.3, 0.9, 0.8)


def looks(
    shares: Iterable[float | None],
    *,
    after_s: float = 0.0,
    has_earthworks: bool = False,
    is_light: bool = True,
    bare_soil_m2: Measured | None = None,
) -> list[SoilObservation]:
    """Return a look each 10 s, the first `after_s` seconds from the start."""
    return [
        SoilObservation(
            START + timedelta(seconds=after_s + number * EVERY_S), share, has_earthworks, is_light, bare_soil_m2
        )
        for number, share in enumerate(shares)
    ]


def judge(
    observations: Iterable[SoilObservation], parameters: UncoveredSoilParameters = PARAMETERS
) -> tuple[list[Violation], UncoveredSoilRule]:
    """Return what a new rule finds."""
    rule = UncoveredSoilRule("yard", ZONE_XYXY, parameters, longest_gap_s=60)
    found = [violation for look in observations if (violation := rule.observe(look)) is not None]
    return found, rule


def seconds(violation: Violation) -> float:
    """Return when the violation opened, in seconds from the start."""
    return (violation.opened_at - START).total_seconds()
