"""Time-lapse stories of yards and perimeters: which rendered picture is seen for how long, and what is wrong. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from datasets.render.judged import wall, yard
from datasets.render.judged.setup import SetUp, Still
from vision.violations import RuleName

INTERVAL_S = 10.0
"""A patrol looks this often by default, and the recordings have a keyframe as often."""
SWAP_MIN = 4.0
"""Where a span has several pictures, each is seen for so long before the next."""
BEFORE_MIN, VIOLATION_MIN, LAWFUL_MIN, REPAIRED_MIN = 8.0, 44.0, 60.0, 22.0


@dataclass(frozen=True)
class Span:
    """Some minutes in which these pictures are seen in turn."""

    minutes: float
    stills: tuple[str, ...]


@dataclass(frozen=True)
class Expected:
    """A violation that has to be found: there from `since_s` to `until_s` of the recording, `amount` m² or m large.

    `at` is where along a perimeter's line its middle is (0..1), None elsewhere.
    """

    since_s: float
    until_s: float
    amount: float | None = None
    at: float | None = None


@dataclass(frozen=True)
class PatrolStory:
    """What one patrol camera sees; `look_alike` says what could be taken for a violation where there is none."""

    name: str
    rule: RuleName
    setup: SetUp
    spans: tuple[Span, ...]
    look_alike: str
    expected: tuple[Expected, ...]

    @property
    def looks(self) -> tuple[str, ...]:
        """The picture of each look."""
        seen: list[str] = []
        for span in self.spans:
            count, each = round(span.minutes * 60 / INTERVAL_S), round(SWAP_MIN * 60 / INTERVAL_S)
            seen += [span.stills[i // each % len(span.stills)] for i in range(count)]
        return tuple(seen)

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.looks) * INTERVAL_S

    def truth(self) -> dict[str, Any]:
        """Return what is known of it, ready for JSON."""
        return {
            "story": self.name,
            "rule": self.rule.value,
            "seed": self.setup.seed,
            "seconds": self.seconds,
            "look_alike": self.look_alike,
            "violations": [vars(one) for one in self.expected],
        }


SOIL_LOOK_ALIKES: tuple[tuple[tuple[str, tuple[str, ...]], ...], ...] = (
    (("shadow on the net", ("shadow", "shadow-mixer")), ("covered again in time", ("bare-a",))),
    (
        ("wet concrete", ("poured", "poured-mixer")),
        ("a tenth bare", ("little",)),
        ("covered again in time", ("bare-b",)),
    ),
    (("net off under work", ("work", "work-2")), ("shadow on the net, low sun", ("shadow",))),
    (("lorry on the net, dusk", ("lorry", "lorry-dusk")), ("net at dusk", ("covered-truck", "covered"))),
    (("wet concrete in rain", ("poured", "poured-truck")), ("wet net in rain", ("covered", "covered-truck"))),
    (("dusty net", ("dusty", "covered")), ("net off under work, haze", ("work", "work-2"))),
)
HOARDING_LOOK_ALIKES: tuple[tuple[tuple[str, tuple[str, ...]], ...], ...] = (
    (("gate open", ("gate-open", "gate-truck")), ("put up again in time", ("gap-a",))),
    (("truck parked before it", ("parked",)), ("gap of 0.6 m", ("small",)), ("put up again in time", ("gap-b",))),
    (("shadow", ("shadow", "whole")), ("panel of another colour", ("patched",))),
    (("gate open at dusk", ("gate-open",)), ("truck parked, low sun", ("parked", "whole"))),
    (
        ("gate open in rain", ("gate-open",)),
        ("pallets before it, rain", ("pallets",)),
        ("wet, rain", ("whole", "whole-truck")),
    ),
    (("panel of another colour, haze", ("patched",)), ("against the light", ("against-light", "whole-truck"))),
)


def _lawful(look_alike: str, stills: tuple[str, ...], usual: str) -> tuple[Span, ...]:
    minutes = REPAIRED_MIN if look_alike.endswith("in time") else LAWFUL_MIN - BEFORE_MIN
    after = LAWFUL_MIN - BEFORE_MIN - minutes
    return (Span(BEFORE_MIN, (usual,)), Span(minutes, stills), *((Span(after, (usual,)),) if after else ()))


def _stories(
    rule: RuleName,
    setup: SetUp,
    usual: str,
    violations: Mapping[tuple[str, ...], tuple[Expected, ...]],
    look_alikes: tuple[tuple[str, tuple[str, ...]], ...],
) -> list[PatrolStory]:
    stories = []
    for number, (pictures, expected) in enumerate(violations.items()):
        spans = (Span(BEFORE_MIN, (usual,)), Span(VIOLATION_MIN, pictures))
        stories.append(PatrolStory(f"{setup.name}-violation-{number}", rule, setup, spans, "", expected))
    for number, (look_alike, pictures) in enumerate(look_alikes):
        lawful = _lawful(look_alike, pictures, usual)
        stories.append(PatrolStory(f"{setup.name}-lawful-{number}", rule, setup, lawful, look_alike, ()))
    return stories


def _lasting(amount: float, at: float | None = None) -> Expected:
    return Expected(BEFORE_MIN * 60, (BEFORE_MIN + VIOLATION_MIN) * 60, amount, at)


def _mostly(first: str, second: str) -> tuple[str, ...]:
    """Return pictures in turn of which the second is seen once, early: a machine or a worker comes and goes.

    While a machine is taken for a lorry at work, the grace time is longer; it must not stay.
    """
    return (first, first, second, *(first,) * 8)


def soil_stories() -> list[PatrolStory]:
    """Return the yards' stories: two violations of each, and its look-alikes."""
    made: list[PatrolStory] = []
    for setup in yard.SETUPS:
        stills = {still.name: still for still in yard.stills(setup)}
        violations = {
            _mostly("bare-a", "bare-a-digger"): (_lasting(yard.bare_m2(stills["bare-a"])),),
            ("bare-b", "bare-b-truck"): (_lasting(yard.bare_m2(stills["bare-b"])),),
        }
        look_alikes = SOIL_LOOK_ALIKES[setup.number]
        made += _stories(RuleName.UNCOVERED_SOIL, setup, "covered", violations, look_alikes)
    return made


def _gaps(setup: SetUp, still: Still) -> tuple[Expected, ...]:
    line = wall.LINES_X[setup.number - wall.SETUPS[0].number]
    return tuple(
        _lasting(round(end - start, 3), round(fraction_along(setup, line, (start + end) / 2), 4))
        for start, end in wall.gaps_m(still, line)
    )


def fraction_along(setup: SetUp, line: tuple[float, float], metres: float) -> float:
    """Return where along the line's picture a place is that is so many metres from its start."""
    ends = setup.camera.project([(line[0], 0.0, 0.0), (line[1], 0.0, 0.0), (line[0] + metres, 0.0, 0.0)])
    whole, part = ends[1] - ends[0], ends[2] - ends[0]
    return float((part @ whole) / (whole @ whole))


def hoarding_stories() -> list[PatrolStory]:
    """Return the perimeters' stories: two violations of each, and its look-alikes."""
    made: list[PatrolStory] = []
    for number, setup in enumerate(wall.SETUPS):
        stills = {still.name: still for still in wall.stills(setup)}
        violations = {
            _mostly("gap-a", "gap-a-worker"): _gaps(setup, stills["gap-a"]),
            _mostly("gap-b", "gap-b-worker"): _gaps(setup, stills["gap-b"]),
        }
        made += _stories(RuleName.MISSING_HOARDING, setup, "whole", violations, HOARDING_LOOK_ALIKES[number])
    return made


@cache
def patrol_stories() -> tuple[PatrolStory, ...]:
    """Return the stories of all yards and perimeters."""
    return (*soil_stories(), *hoarding_stories())
