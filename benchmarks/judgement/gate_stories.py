"""Recordings of the gates: all that happens at each, and an hour of its lawful passes alone. Pure but for the truth."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from benchmarks.judgement.stories import Expected
from datasets.render.camera import Box
from datasets.render.gate.spray import RAMP, strength
from datasets.render.gate.truth import boxes, depth, exit_line, foot, wash_bay
from datasets.render.judged.gate import FRAMES_PER_SECOND, SETUPS, JudgedGate, Passing, judged_gate
from datasets.render.judged.setup import SIZE, towards_sun
from datasets.render.plates import Plate, plan
from vision.violations import RuleName

KEYFRAME_S = 2.0
"""Seconds between two keyframes; while nothing moves, they alone are written."""
LAWFUL_S = 3600.0
AROUND_S = (1.0, 6.0)
"""Seconds kept before a lawful pass begins and after it has ended."""


@dataclass(frozen=True)
class GateFrame:
    """A picture of a recording: its time, which frame of the story it shows, and whether it is a keyframe."""

    seconds: float
    frame: int
    is_keyframe: bool


@dataclass(frozen=True)
class GateRecording:
    """A gate's recording; `is_lawful` has nothing unlawful in it."""

    name: str
    gate: JudgedGate
    frames: tuple[GateFrame, ...]
    expected: tuple[Expected, ...]
    is_lawful: bool

    @property
    def rule(self) -> RuleName:
        """The rule that judges it."""
        return RuleName.UNWASHED_TRUCK

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.frames[-1].seconds

    def truth(self) -> dict[str, Any]:
        """Return what is known of it, ready for JSON."""
        return {
            "story": self.name,
            "rule": self.rule.value,
            "seed": self.gate.setup.seed,
            "seconds": self.seconds,
            "violations": [vars(one) for one in self.expected],
            "look_alikes": list(look_alikes(self.gate)),
        }


@cache
def plates(number: int) -> tuple[Plate, ...]:
    """Return what each frame of a gate's story is made of."""
    gate = judged_gate(number)
    return tuple(plan(gate.story, *SIZE, towards_sun(gate.setup.skies[0])))


def look_alikes(gate: JudgedGate) -> tuple[str, ...]:
    """Return each look-alike once, also where it comes twice (out, and in again)."""
    return tuple(dict.fromkeys(each.order.look_alike for each in gate.passings if not each.order.is_violation))


def zones(gate: JudgedGate) -> dict[str, Any]:
    """Return the exit line and the wash bay as they stand in the configuration; the bay holds those that wash."""
    line, outward = exit_line(gate.setup.camera)
    washing = [each.lorry for each in gate.passings if each.order.kind in ("washed", "short")]
    return {
        "exit_line": {"points": [list(point) for point in line], "outward": list(outward)},
        "wash_bay": [list(point) for point in wash_bay(gate.story.clip, washing)],
    }


def leaves_at(gate: JudgedGate, passing: Passing) -> float:
    """Return when the vehicle's foot comes past the line, seconds of the story."""
    line, outward = exit_line(gate.setup.camera)
    found: dict[int, Box] = boxes(gate.story.clip, passing.lorry)
    return gate.story.clip.at(min(frame for frame, box in found.items() if depth(line, outward, foot(box)) > 0))


def whole(number: int) -> GateRecording:
    """Return the recording of everything that happens at a gate."""
    gate = judged_gate(number)
    clip, each = gate.story.clip, round(KEYFRAME_S * FRAMES_PER_SECOND)
    frames = tuple(
        GateFrame(clip.at(frame), frame, frame % each == 0)
        for frame in range(clip.frames)
        if frame % each == 0 or not _is_quiet(number, frame)
    )
    times = [leaves_at(gate, one) for one in gate.passings if one.order.is_violation]
    return GateRecording(clip.name, gate, frames, tuple(Expected(at, at) for at in times), is_lawful=False)


def lawful(number: int) -> GateRecording:
    """Return an hour in which only lawful passes take place, evenly spread, and nothing happens between them."""
    gate = judged_gate(number)
    spans = _lawful_spans(number)
    moving = sum(end - start for start, end in spans) / FRAMES_PER_SECOND
    pause = round((LAWFUL_S - moving) / len(spans) / KEYFRAME_S)
    frames: list[GateFrame] = []
    now = 0.0
    for start, end in spans:
        each = round(KEYFRAME_S * FRAMES_PER_SECOND)
        quiet_before = 0 if gate.passings[-1].order.kind != "parked" or end < gate.story.clip.frames else pause
        still = 0
        for _ in range(pause - quiet_before):
            frames.append(GateFrame(now, still, is_keyframe=True))
            now += KEYFRAME_S
        for frame in range(start, end):
            frames.append(GateFrame(now, frame, (frame - start) % each == 0))
            now += 1 / FRAMES_PER_SECOND
        for _ in range(quiet_before):
            frames.append(GateFrame(now, end - 1, is_keyframe=True))
            now += KEYFRAME_S
    return GateRecording(f"{gate.setup.name}-lawful", gate, tuple(frames), (), is_lawful=True)


def _lawful_spans(number: int) -> list[tuple[int, int]]:
    """Return the frames (first, one after the last) of the lawful passes that no violation overlaps."""
    gate = judged_gate(number)
    clip, spans = gate.story.clip, []
    unlawful = [each.lorry.drive for each in gate.passings if each.order.is_violation]
    for each in gate.passings:
        start, end = each.lorry.drive.starts_at - AROUND_S[0], each.lorry.drive.ends_at + AROUND_S[1]
        if each.order.is_violation or any(start < other.ends_at and end > other.starts_at for other in unlawful):
            continue
        spans.append((round(start * FRAMES_PER_SECOND), min(round(end * FRAMES_PER_SECOND), clip.frames)))
    return spans


def _is_quiet(number: int, frame: int) -> bool:
    gate = judged_gate(number)
    now = gate.story.clip.at(frame)
    moves = plates(number)[frame].crop is not None
    return not moves and strength(gate.story.trucks, now) <= 0 and strength(gate.story.trucks, now - RAMP) <= 0


def gate_recordings() -> list[GateRecording]:
    """Return all recordings of the gates."""
    return [record(number) for number in range(len(SETUPS)) for record in (whole, lawful)]
