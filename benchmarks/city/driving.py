"""Sends requests at given rates whether the service keeps up or not, and times each from the moment it was due."""

import asyncio
import itertools
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import aiohttp

from benchmarks.camera_figures import percentile
from benchmarks.city.traffic import Request, Traffic

TICK_S = 0.02
MOST_UNDER_WAY = 600
"""More requests than that wait for an answer: the service has fallen behind for good, and the rest is not sent."""
GIVE_UP_S = 30.0


@dataclass
class Answers:
    """What came back: milliseconds from due to answered by kind, how many of each status, what could not be sent."""

    seconds: float = 0.0
    """In which requests became due; answers may come later."""
    until_answered_s: float = 0.0
    due: int = 0
    took_ms: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    """By kind, what was answered with an error or not at all."""
    not_sent: int = 0
    up_bytes: int = 0
    down_bytes: int = 0

    @property
    def answered(self) -> int:
        """How many were answered as they should be."""
        return sum(len(each) for each in self.took_ms.values()) - self.refused.total()

    @property
    def failed(self) -> int:
        """How many were answered with an error, or not at all."""
        return self.refused.total()

    def figures(self) -> dict[str, object]:
        """Return rates, latencies and errors."""
        every = [ms for each in self.took_ms.values() for ms in each]
        return {
            "seconds": round(self.seconds, 1),
            "due_a_second": round(self.due / self.seconds, 1),
            "answered_a_second": round(self.answered / self.until_answered_s, 1),
            "until_answered_s": round(self.until_answered_s, 1),
            **_percentiles(every),
            "failed": self.failed,
            "not_sent": self.not_sent,
            "statuses": dict(self.statuses),
            "answered_by_kind_a_second": {
                kind: round((len(each) - self.refused[kind]) / self.until_answered_s, 2)
                for kind, each in self.took_ms.items()
            },
            "p95_ms_by_kind": {kind: round(percentile(each, 0.95) or 0, 1) for kind, each in self.took_ms.items()},
        }


def _percentiles(every: Sequence[float]) -> dict[str, float]:
    shares = {"p50_ms": 0.5, "p95_ms": 0.95, "p99_ms": 0.99}
    return {name: round(percentile(every, share) or 0, 1) for name, share in shares.items()}


class Senders:
    """Connections of edges, which have tokens, and of reviewers, each with a session of their own."""

    def __init__(self, addresses: Sequence[str], links: Sequence[str]) -> None:
        """`links` are the reviewers' one-time links; each reviewer stays at one address, edges take turns."""
        self._addresses, self._links = addresses, links
        self._turn = itertools.cycle(addresses)
        self._edges: aiohttp.ClientSession
        self._reviewers: list[aiohttp.ClientSession] = []

    async def __aenter__(self) -> "Senders":
        timeout = aiohttp.ClientTimeout(total=GIVE_UP_S)
        self._edges = aiohttp.ClientSession(connector=_connector(), timeout=timeout)
        for link, address in zip(self._links, itertools.cycle(self._addresses), strict=False):
            jar = aiohttp.CookieJar(unsafe=True)  # keeps cookies of an address without a name
            headers = {"Origin": address}
            session = aiohttp.ClientSession(connector=_connector(), cookie_jar=jar, headers=headers, timeout=timeout)
            self._reviewers.append(session)
            async with session.get(address + link) as answer:
                await answer.read()
        return self

    async def __aexit__(self, *_: object) -> None:
        for session in (self._edges, *self._reviewers):
            await session.close()

    async def send(self, request: Request) -> tuple[int, Mapping[str, str], int]:
        """Send it, and return status, headers and the answer's bytes. Raises ClientError or TimeoutError."""
        if request.reviewer is None:
            session, address = self._edges, next(self._turn)
        else:
            session, address = (
                self._reviewers[request.reviewer],
                self._addresses[request.reviewer % len(self._addresses)],
            )
        url = address + request.path
        async with session.request(request.method, url, data=request.body, headers=request.headers) as answer:
            body = await answer.read()
            head = sum(len(name) + len(value) + 4 for name, value in answer.raw_headers)
            return answer.status, answer.headers, len(body) + head


def _connector() -> aiohttp.TCPConnector:
    """Return connections without limit that end before the service, after 5 s of silence, hangs up on one in use."""
    return aiohttp.TCPConnector(limit=0, keepalive_timeout=3)


async def drive(traffic: Traffic, senders: Senders, rates: Mapping[str, float], seconds: float) -> Answers:
    """Send each kind at its rate a second for a while; every request is due at a time that no answer moves."""
    answers, owed, under_way = Answers(), dict.fromkeys(rates, 0.0), set[asyncio.Task[None]]()
    began = last = time.perf_counter()
    while (now := time.perf_counter()) - began < seconds:
        for kind, rate in rates.items():
            owed[kind] += rate * (now - last)
            for _ in range(int(owed[kind])):
                answers.due += 1
                if len(under_way) >= MOST_UNDER_WAY:
                    answers.not_sent += 1
                    continue
                task = asyncio.create_task(_send(traffic, senders, traffic.make(kind), kind, now, answers))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
            owed[kind] %= 1
        last = now
        await asyncio.sleep(max(0.0, TICK_S - (time.perf_counter() - now)))
    answers.seconds = time.perf_counter() - began
    if under_way:
        await asyncio.wait(under_way, timeout=GIVE_UP_S)
    answers.until_answered_s = time.perf_counter() - began
    return answers


async def ask_once(traffic: Traffic, senders: Senders, kind: str, times: int, at_once: int) -> None:
    """Send so many of one kind, so that what follows finds the service as it is when it has run for a while."""
    left, answers = iter(range(times)), Answers()

    async def work() -> None:
        for _ in left:
            await _send(traffic, senders, traffic.make(kind), kind, time.perf_counter(), answers)

    await asyncio.gather(*(work() for _ in range(at_once)))


async def in_turn(traffic: Traffic, senders: Senders, kind: str, seconds: float, at_once: int) -> Answers:
    """Send one kind as fast as `at_once` senders get answers."""
    answers, began = Answers(), time.perf_counter()

    async def work() -> None:
        while (now := time.perf_counter()) - began < seconds:
            answers.due += 1
            await _send(traffic, senders, traffic.make(kind), kind, now, answers)

    await asyncio.gather(*(work() for _ in range(at_once)))
    answers.seconds = answers.until_answered_s = time.perf_counter() - began
    return answers


async def _send(
    traffic: Traffic, senders: Senders, request: Request, kind: str, due_at: float, answers: Answers
) -> None:
    headers: Mapping[str, str] = {}
    try:
        status, headers, size = await senders.send(request)
    except (aiohttp.ClientError, TimeoutError) as error:
        status, size = 0, 0
        answers.statuses[type(error).__name__] += 1
    else:
        answers.statuses[str(status)] += 1
    answers.took_ms[kind].append((time.perf_counter() - due_at) * 1000)
    answers.up_bytes += len(request.body) + len(request.path) + sum(map(len, request.headers.values())) + 100
    answers.down_bytes += size
    if not 200 <= status < 400:
        answers.refused[kind] += 1
    traffic.answered(request, status, headers)
