"""The rendered yard and hoarding, seen by the models themselves: what is wrong is reported once, and nothing else."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from datasets.stories import perimeter_story, yard_story
from models.inference.detector import Detector
from models.inference.surfaces import SurfaceSegmenter
from models.registry.registry import load_model
from streams.addresses import VideoSource
from streams.frames import decode_all
from streams.full_rate import FrameSampler
from streams.sources import OpenVideo
from tests.vision.evidence.packages import PLACE
from vision.geometry import Zone
from vision.ground_plane import Correspondence
from vision.missing_hoarding import MissingHoardingParameters
from vision.networks import Networks
from vision.patrol_watch import PatrolWatch
from vision.perimeter import Perimeter
from vision.perimeter_watch import PerimeterCamera, PerimeterWatch
from vision.surface_samples import MACHINE_CLASSES
from vision.uncovered_soil import UncoveredSoilParameters
from vision.violations import RuleName, Violation
from vision.yard_watch import YardCamera, YardWatch

START = datetime(2026, 3, 1, tzinfo=UTC)
WINDOW_S, GRACE_S, CLOSE_AFTER_S = 3.0, 8.0, 1.0
SLACK_S = 6.0
"""What the window, a look a second, and an excavator that hides the soil it lays bare may add to a time."""
AREA_WITHIN = 0.2
"""An excavator and a lorry stand on the soil while the violation opens; 17 % were missed."""
Watch = Callable[[PatrolWatch, Path], Iterator[tuple[float, list[Violation]]]]

pytestmark = pytest.mark.slow


def on_the_ground(
    homography: Sequence[Sequence[float]], places: Sequence[tuple[float, float]]
) -> tuple[Correspondence, ...]:
    """Return places on the picture with where they truly are on the ground."""
    metres = cv2.perspectiveTransform(np.array([places], np.float64), np.array(homography, np.float64))[0]
    return tuple(Correspondence(at, (x, y)) for at, (x, y) in zip(places, metres.tolist(), strict=True))


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Give a function that shows a clip to a watch, a picture a second, and yields each second and what was found."""
    networks = Networks(
        surfaces=SurfaceSegmenter(load_model("surfaces"), threads=1),
        machines=Detector(load_model("vehicles"), MACHINE_CLASSES, score_threshold=None, threads=1),
    )

    def show(patrol: PatrolWatch, clip: Path) -> Iterator[tuple[float, list[Violation]]]:
        sampler = FrameSampler(1.0)
        with OpenVideo(VideoSource(str(clip)), started_at=START) as video:
            for frame in decode_all(video.packets()):
                if sampler.wants(frame.captured_at):
                    (seen,) = networks.see([frame], [patrol.needs])
                    found = [finding.violation for finding in patrol.see(seen) if finding.follows is None]
                    yield (frame.captured_at - START).total_seconds(), found

    yield show
    networks.close()


def test_soil_laid_bare_is_reported_once_and_ends_when_it_is_covered(watch: Watch) -> None:
    story = yard_story()
    parameters = UncoveredSoilParameters(
        window_s=WINDOW_S, grace_s=GRACE_S, close_after_s=CLOSE_AFTER_S, earthworks_factor=1
    )
    ground = on_the_ground(story.homography, [(0.1, 0.95), (0.9, 0.95), (0.2, 0.36), (0.75, 0.34)])
    yard = YardWatch(YardCamera(PLACE, Zone(story.zone), parameters, 60, "Asia/Shanghai", ground))
    found, shares = [], []
    for second, violations in watch(PatrolWatch(judges=[yard]), story.clip):
        found += violations
        shares.append((yard.figures["zone_bare_soil_share"], story.soil_share[int(second)]))
    (violation,) = found
    assert violation.rule is RuleName.UNCOVERED_SOIL
    is_too_much_at = next(state.since for state in story.states if state.soil_share >= parameters.open_share)
    opened_s = (violation.opened_at - START).total_seconds()
    assert is_too_much_at + GRACE_S - SLACK_S <= opened_s <= is_too_much_at + GRACE_S + SLACK_S
    assert yard.figures["soil_violations"] == 0
    bare_m2 = max(state.soil_area_m2 for state in story.states)
    assert violation.measures["bare_soil_m2"] == pytest.approx(bare_m2, rel=AREA_WITHIN)
    wholly_bare = [seen for seen, true in shares if true == max(story.soil_share)]
    assert sorted(wholly_bare)[len(wholly_bare) // 2] == pytest.approx(max(story.soil_share), abs=0.1)
    assert max(seen for seen, true in shares[:7] + shares[-7:] if true == 0) < parameters.close_share


def test_a_missing_panel_is_reported_once_and_an_open_gate_never(watch: Watch) -> None:
    story = perimeter_story()
    gate = (story.fraction_at(story.gate.from_m), story.fraction_at(story.gate.to_m))
    perimeter = Perimeter(story.line.points, (gate,))
    parameters = MissingHoardingParameters(window_s=WINDOW_S, grace_s=GRACE_S, close_after_s=CLOSE_AFTER_S)
    ground = on_the_ground(story.homography, [(0.1, 0.95), (0.9, 0.95), *story.line.points])
    fence = PerimeterWatch(PerimeterCamera(PLACE, perimeter, parameters, 60, "Asia/Shanghai", ground))
    found = [each for _, violations in watch(PatrolWatch(judges=[fence]), story.clip) for each in violations]
    (violation,) = found
    assert violation.rule is RuleName.MISSING_HOARDING
    (missing,) = story.missing
    opened_s = (violation.opened_at - START).total_seconds()
    assert missing.since + GRACE_S <= opened_s <= missing.whole_since + GRACE_S + SLACK_S
    ((from_m, to_m),) = story.gaps_m[int(missing.whole_until) - 1]
    assert violation.measures["at_share"] == pytest.approx(
        (story.fraction_at(from_m) + story.fraction_at(to_m)) / 2, abs=0.02
    )
    assert violation.measures["gap_share"] == pytest.approx(
        story.fraction_at(to_m) - story.fraction_at(from_m), abs=0.03
    )
    assert violation.measures["gap_m"] == pytest.approx(to_m - from_m, abs=0.3)
    assert fence.figures["hoarding_violations"] == 0
