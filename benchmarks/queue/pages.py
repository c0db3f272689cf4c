"""How soon the queue's first page and the usual filters answer over HTTP, one request after the other."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from benchmarks.camera_figures import percentile
from benchmarks.queue.city import party_of

CASES = "/api/v1/cases"
TIMES = 60
UNMEASURED = 3
"""The first requests of a kind, which fill caches."""


@dataclass(frozen=True)
class PageFigure:
    """Milliseconds of a query; `items` is how many cases its first page holds."""

    median_ms: float
    p95_ms: float
    slowest_ms: float
    items: int


def queries(until: datetime) -> Mapping[str, Mapping[str, str]]:
    """Return what is asked for, by its name; `until` is when the last case was found."""
    week_ago = f"{until - timedelta(days=7):%Y-%m-%d}"
    year_ago, month_later = f"{until - timedelta(days=400):%Y-%m-%d}", f"{until - timedelta(days=370):%Y-%m-%d}"
    return {
        "first page": {},
        "waiting": {"state": "found"},
        "waiting, first due first": {"state": "found", "order": "due"},
        "passed": {"state": "passed"},
        "kind": {"rule": "missing_hoarding"},
        "site": {"site": "site-7"},
        "site with few cases": {"site": "site-399"},
        "district": {"district": "3区"},
        "district, waiting": {"district": "3区", "state": "found"},
        "street": {"street": "17街道"},
        "camera": {"camera": "site-7-1"},
        "control level": {"level": "A"},
        "a week": {"found_from": week_ago},
        "a month of last year": {"found_from": year_ago, "found_to": month_later},
        "overdue": {"overdue": "true"},
        "overdue, first due first": {"overdue": "true", "order": "due"},
        "party": {"party": party_of(7)},
        "party, being put right": {"party": party_of(7), "state": "rectifying"},
        "text of many sites": {"text": "大桥"},
        "text of one site": {"text": "学府397号"},
        "text of none": {"text": "没有这里"},
        "number": {"text": "#4321"},
        "nothing fits": {"district": "没有区"},
        "district, kind, level, waiting": {
            "district": "3区",
            "rule": "unwashed_truck",
            "level": "B",
            "state": "found",
        },
    }


def measure_pages(address: str, until: datetime, times: int = TIMES) -> dict[str, PageFigure]:
    """Ask for each page `times` times in turns, so that none has the caches for itself, and tell how long it took."""
    asked = queries(until)
    took: dict[str, list[float]] = {name: [] for name in asked}
    items: dict[str, int] = {}
    with httpx.Client(base_url=address, timeout=60) as client:
        for number in range(times + UNMEASURED):
            for name, params in asked.items():
                began = time.perf_counter()
                answer = client.get(CASES, params=params)
                ms = (time.perf_counter() - began) * 1000
                answer.raise_for_status()
                items[name] = len(answer.json()["items"])
                if number >= UNMEASURED:
                    took[name].append(ms)
    return {name: _figure(values, items[name]) for name, values in took.items()}


def deep_pages_ms(address: str, pages: int = 200) -> float:
    """Return the milliseconds of the slowest of many pages that follow each other."""
    slowest, cursor = 0.0, None
    with httpx.Client(base_url=address, timeout=60) as client:
        for _ in range(pages):
            began = time.perf_counter()
            told = client.get(CASES, params={"cursor": cursor} if cursor else {}).json()
            slowest = max(slowest, (time.perf_counter() - began) * 1000)
            cursor = told["next_cursor"]
            if cursor is None:
                break
    return round(slowest, 1)


def _figure(values: list[float], items: int) -> PageFigure:
    shares = (percentile(values, 0.5), percentile(values, 0.95), max(values))
    median, p95, slowest = (round(value or 0.0, 1) for value in shares)
    return PageFigure(median, p95, slowest, items)
