"""A camera that is read and looked at as the engine does it, and tells what was seen and how fast."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Self

from streams.addresses import VideoSource
from streams.backoff import Backoff
from streams.feed import CameraFeed, CameraState
from streams.full_rate import FullRateSampler
from tests.conftest import wait_until
from tests.made_video import read_number

TOLERANCE = 0.25
"""By what share of its pace a camera may be disturbed by the faults of another: a look more or less is a fifth."""


@dataclass(frozen=True)
class Seen:
    """One picture: when it was captured (UTC), the number drawn into it, and its height and width."""

    captured_at: datetime
    number: int
    size: tuple[int, int]


@dataclass(frozen=True)
class Pace:
    """How many packets came and pictures were due up to a time of the camera's own (UTC)."""

    at: datetime
    packets: int
    looks: int

    def since(self, before: "Pace") -> tuple[float, float]:
        """Return packets and looks for each second of the camera's own time: a busy machine is no slow camera."""
        seconds = (self.at - before.at).total_seconds()
        return (self.packets - before.packets) / seconds, (self.looks - before.looks) / seconds


class WatchedCamera:
    """Reads the camera at `url` in one thread and looks at its pictures in another; `seen` grows meanwhile."""

    def __init__(
        self,
        url: str,
        *,
        transport: Literal["tcp", "udp"] = "tcp",
        looks_per_second: float = 25.0,
        timeout_s: float = 2.0,
        first_wait_s: float = 0.1,
    ) -> None:
        self.seen: list[Seen] = []
        self._usual: tuple[float, float] | None = None
        self._work = threading.Event()
        self._stopping = False
        self.feed = CameraFeed(
            "watched",
            VideoSource(url, transport, timeout_s),
            FullRateSampler(looks_per_second),
            on_work=self._work.set,
            backoff=Backoff(first_wait_s, 3 * first_wait_s),
        )
        self._thread = threading.Thread(target=self._look, name="onlooker", daemon=True)

    def __enter__(self) -> Self:
        self.feed.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.feed.stop()
        self._stopping = True
        self._work.set()
        self._thread.join(10)

    def wait_for(self, state: CameraState, problem: str = "", seconds: float = 15.0) -> str:
        """Wait until the camera is in this state with this text in its problem, and return the whole problem."""

        def is_there() -> bool:
            return self.feed.status.state is state and problem in self.feed.status.problem

        wait_until(is_there, seconds, f"{state} {problem!r}, now {self.feed.status}")
        return self.feed.status.problem

    def wait_live(self, connections: int = 1) -> None:
        """Wait until the camera is live, on its connection of this number or a later one."""
        wait_until(
            lambda: self.feed.status.state is CameraState.LIVE and self.feed.status.connections >= connections,
            15,
            f"live on connection {connections}, now {self.feed.status}",
        )

    def wait_for_true_pictures(self, loop: int = 100, count: int = 20) -> None:
        """Wait until the next `count` pictures are whole and fit their times, in a video of `loop` pictures."""
        begin = len(self.seen)

        def are_true() -> bool:
            newest = self.seen[begin:][-count:]
            if len(newest) < count:
                return False
            start = newest[0]
            steps = ((one.captured_at - start.captured_at).total_seconds() * 25 for one in newest)
            off = [(one.number - start.number - round(step)) % loop for one, step in zip(newest, steps, strict=True)]
            return all(min(one, loop - one) <= 1 for one in off)

        wait_until(are_true, 15, f"true pictures, now {self.seen[-count:]} {self.feed.status}")

    def pace(self) -> Pace:
        """Return the counts as they stand."""
        status = self.feed.status
        assert status.last_packet_at is not None
        looks = sum(one.captured_at <= status.last_packet_at for one in self.seen) + status.dropped
        return Pace(status.last_packet_at, status.packets, looks)

    def settle(self, before: Pace, seconds: float = 2.0) -> Pace:
        """Wait until the camera's own time is `seconds` further, and what came by then was looked at."""
        wait_until(lambda: self.pace().at >= before.at + timedelta(seconds=seconds), 30, "the camera goes on")
        until = self.pace().at
        wait_until(lambda: self.seen[-1].captured_at >= until - timedelta(seconds=0.5), 30, "the camera is looked at")
        return self.pace()

    def learn_usual_pace(self) -> None:
        """Measure, while nothing is wrong, what `undisturbed` compares with."""
        self.wait_live()
        wait_until(lambda: len(self.seen) > 5, 15, "the first pictures")
        before = self.pace()
        self._usual = self.settle(before, 3.0).since(before)

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Assert that the camera keeps its usual pace, on one connection, while the block runs."""
        before, connections = self.pace(), self.feed.status.connections
        yield
        now = self.settle(before).since(before)
        assert self.feed.status.connections == connections
        assert self._usual is not None
        for usual, pace in zip(self._usual, now, strict=True):
            assert abs(pace - usual) <= TOLERANCE * usual, f"{now} a second instead of {self._usual}"

    def _look(self) -> None:
        while not self._stopping:
            self._work.wait(1.0)
            self._work.clear()
            while not self._stopping and self.feed.has_work():
                look = self.feed.next_look()
                if look is None or look.picture is None:
                    break
                image = look.picture.to_frame().image
                self.seen.append(Seen(look.captured_at, read_number(image), (image.shape[0], image.shape[1])))
