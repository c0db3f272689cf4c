"""Replays the recordings through the edge's own parts and compares what that tells with the truth."""

from pathlib import Path

from benchmarks.judgement.cameras import configured
from benchmarks.judgement.gate_stories import GateRecording, look_alikes
from benchmarks.judgement.recordings import Story, make_recording, make_reference
from benchmarks.judgement.scores import Found, Outcome, compare
from service.edge.replay import Replayed, replay_recording
from vision.violations import RuleName, Violation

AMOUNTS = ("bare_soil_m2", "gap_m")


def judge(folder: Path, story: Story) -> Outcome:
    """Return how a story is judged. Raises PlateMissing where it was not rendered."""
    recording = make_recording(folder, story)
    order, config = configured(story, make_reference(folder, story))
    replayed = replay_recording(recording, order, config)
    found = [found_of(violation, replayed) for violation in replayed.violations]
    hits, missed, false_alarms = compare(story.rule, story.expected, found)
    return Outcome(
        story=story.name,
        rule=story.rule,
        seconds=story.seconds,
        is_lawful=not story.expected,
        look_alikes=_look_alikes(story),
        hits=tuple(hits),
        missed=tuple(missed),
        false_alarms=tuple(false_alarms),
        taken=tuple(_seen_at(story, one.seconds) for one in false_alarms),
    )


def found_of(violation: Violation, replayed: Replayed) -> Found:
    """Return what a replay's violation tells that can be compared."""
    measures = violation.measures
    amount = next((name for name in AMOUNTS if name in measures), None)
    return Found(
        seconds=replayed.seconds_at(violation.opened_at),
        amount=None if amount is None else measures[amount],
        amount_error=None if amount is None else measures[f"{amount}_error"],
        at=measures["at_share"] if violation.rule is RuleName.MISSING_HOARDING else None,
    )


def _seen_at(story: Story, seconds: float) -> str:
    """Return which look-alike is there at a time of a recording; nothing where none is."""
    if not isinstance(story, GateRecording):
        return story.look_alike
    frame = max((one for one in story.frames if one.seconds <= seconds), key=lambda one: one.seconds).frame
    now = story.gate.story.clip.at(frame)
    there = [one.order for one in story.gate.passings if one.lorry.pose(now) is not None]
    return ", ".join(order.look_alike or order.kind for order in there)


def _look_alikes(story: Story) -> tuple[str, ...]:
    """Return a story's look-alikes; those of an hour of lawful passes are counted with the gate's story."""
    if isinstance(story, GateRecording):
        return () if story.is_lawful else look_alikes(story.gate)
    return (story.look_alike,) if story.look_alike else ()
