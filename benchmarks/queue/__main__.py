"""`python -m benchmarks.queue`: measures the queue on SQLite and on PostgreSQL, each with a million cases in it.

Options: `--json` prints the figures, `--cases N`, `--seconds S` of each load, `--only sqlite|postgresql`,
`--reviewers` for the reviewers' decisions alone.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from benchmarks.machine import describe_machine
from benchmarks.queue.city import City
from benchmarks.queue.databases import DATABASES, RESULTS, new_database
from benchmarks.queue.edges import post
from benchmarks.queue.filling import fill, size_mb
from benchmarks.queue.pages import deep_pages_ms, measure_pages
from benchmarks.queue.reviewers import review
from benchmarks.queue.serving import served
from service.cli.options import progress_bar
from service.storage.database import open_database


def measure(kind: str, cases: int, seconds: float, *, only_reviewers: bool = False) -> dict[str, Any]:
    """Fill a new database and measure it; nothing of it stays."""
    city = City(cases, datetime.now(UTC))
    with tempfile.TemporaryDirectory(prefix="dustwatch-queue-") as name, new_database(kind, Path(name)) as url:
        engine = open_database(url)
        began = time.monotonic()
        with progress_bar(f"{kind}: {cases} cases") as progress:
            fill(engine, city, progress)
        _say(f"{kind}: filled in {time.monotonic() - began:.0f} s, {size_mb(engine)} MB")
        evidence = Path(name) / "evidence"
        try:
            if only_reviewers:
                return {"cases": cases, "reviewers": measure_reviewers(engine, url, evidence, seconds)}
            return measure_filled(engine, url, evidence, city, seconds)
        finally:
            engine.dispose()


def measure_filled(engine: Engine, url: str, evidence: Path, city: City, seconds: float) -> dict[str, Any]:
    """Serve the city's cases, and measure pages, then edges, then reviewers, who sign in."""
    result: dict[str, Any] = {"cases": city.cases, "size_mb": size_mb(engine), "load_average": os.getloadavg()}
    with served(url, evidence) as address:
        pages = measure_pages(address, city.until)
        _say(f"pages: slowest p95 {max(figure.p95_ms for figure in pages.values())} ms")
        result["pages"] = {name: asdict(figure) for name, figure in pages.items()}
        result["slowest_of_200_pages_ms"] = deep_pages_ms(address)
        posts = post(address, engine, seconds)
        _say(str(posts))
    return {**result, "reviewers": measure_reviewers(engine, url, evidence, seconds), "edges": asdict(posts)}


def measure_reviewers(engine: Engine, url: str, evidence: Path, seconds: float) -> dict[str, Any]:
    """Serve the cases with accounts, and measure the reviewers alone."""
    load = os.getloadavg()
    with served(url, evidence, with_accounts=True) as address:
        reviews = review(address, engine, seconds)
    _say(str(reviews))
    return {**asdict(reviews), "load_average": load}


def main() -> None:
    """Measure, show the table (or JSON with --json), and keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.queue", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=120.0, help="how long reviewers, and edges, work")
    parser.add_argument("--only", choices=DATABASES)
    parser.add_argument("--reviewers", action="store_true", help="measure the reviewers alone, in queue_reviewers.json")
    options = parser.parse_args()
    kinds = [options.only] if options.only else list(DATABASES)
    path = RESULTS / ("queue_reviewers.json" if options.reviewers else "queue.json")
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    kept["machine"] = describe_machine()
    for kind in kinds:
        kept[kind] = measure(kind, options.cases, options.seconds, only_reviewers=options.reviewers)
        path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if options.json:
        print(json.dumps(kept, ensure_ascii=False))
        return
    for kind in kinds:
        if not options.reviewers:
            Console().print(_table(kind, kept[kind]))


def _table(kind: str, result: dict[str, Any]) -> Table:
    table = Table("what", "median ms", "p95 ms", title=f"{kind}: {result['cases']} cases")
    for name, figure in result["pages"].items():
        table.add_row(name, str(figure["median_ms"]), str(figure["p95_ms"]))
    reviews, edges = result["reviewers"], result["edges"]
    table.add_row("decision", str(reviews["decision_median_ms"]), str(reviews["decision_p95_ms"]))
    table.add_row(f"post ({edges['posts_a_second']} a second)", "", str(edges["post_p95_ms"]))
    lost, doubled = reviews["lost"] + edges["lost"], reviews["doubled"] + edges["doubled"]
    table.add_row("lost, doubled", str(lost), str(doubled))
    return table


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
