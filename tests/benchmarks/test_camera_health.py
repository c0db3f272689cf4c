"""Damaged pictures are judged what they are, and healthy ones nothing: the essentials of the confusion table."""

from pathlib import Path

import pytest

from benchmarks.camera_health import CASES, confusion
from datasets.stories import FOLDER as STORIES

REQUIRED = tuple(case for case in CASES if case.required_share)


def _wrong(clips: list[Path]) -> list[str]:
    rows = confusion(clips, REQUIRED)
    assert all(row.sequences == 2 * len(clips) for row in rows)
    return [f"{row.case}: {row.judged}" for row in rows if row.right < row.sequences * (row.required_share or 0.0)]


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_rendered_cameras_are_judged_rightly() -> None:
    assert _wrong(sorted(STORIES.glob("*.mp4"))) == []


@pytest.mark.slow
@pytest.mark.clips
@pytest.mark.timeout(1200)
def test_real_cameras_are_judged_rightly(clips: Path) -> None:
    assert _wrong(sorted(clips.glob("*.mp4"))) == []
