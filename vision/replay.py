"""Shows a recording to a camera's sampler, networks and watch: as fast as they can, in the recording's own time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from streams.looks import Look, Sampler
from streams.packets import Packet, PacketRing
from vision.networks import Networks
from vision.violations import Violation
from vision.watch import Watch


@dataclass(frozen=True)
class ReplayedLook:
    """One look, captured at `captured_at` (UTC): what it brought, and the watch's figures after it."""

    captured_at: datetime
    is_unchanged: bool
    violations: tuple[Violation, ...]
    figures: Mapping[str, float]


def replay(
    packets: Iterable[Packet], ring: PacketRing, sampler: Sampler, networks: Networks, watch: Watch
) -> Iterator[ReplayedLook]:
    """Yield every look at the recording, judged in turn; the same packets give the same looks.

    Looks are gathered until the workers have enough to do. No look waits for want of time, whatever the networks take.
    """
    waiting: list[Look] = []
    for look in sampled(packets, ring, sampler):
        waiting.append(look)
        if len(waiting) == networks.most_at_once:
            yield from _judged(waiting, networks, watch)
            waiting = []
    yield from _judged(waiting, networks, watch)


def sampled(packets: Iterable[Packet], ring: PacketRing, sampler: Sampler) -> Iterator[Look]:
    """Yield the looks that a sampler takes which has all the time it wants after each packet."""
    for packet in packets:
        number = ring.append(packet)
        if number is None:
            continue
        sampler.offer(packet, number)
        while sampler.has_work():
            look = sampler.next_look(ring)
            if look is None:  # nothing comes of what is there; the next packet brings more
                break
            yield look


def _judged(looks: Sequence[Look], networks: Networks, watch: Watch) -> Iterator[ReplayedLook]:
    frames = [look.picture.to_frame() for look in looks if look.picture is not None]
    needs = [watch.needs_at(frame.captured_at) for frame in frames]
    seen = iter(networks.see(frames, needs, [watch.looks_closely_at] * len(frames)))
    for look in looks:
        findings = watch.see_unchanged(look.captured_at) if look.is_unchanged else watch.see(next(seen))
        violations = tuple(finding.violation for finding in findings if finding.follows is None)
        yield ReplayedLook(look.captured_at, look.is_unchanged, violations, dict(watch.figures))
