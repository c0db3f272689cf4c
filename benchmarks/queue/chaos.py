"""`python -m benchmarks.queue.chaos`: ten edges hand violations in while the service is killed and lines break.

The edges' real posters, `dustwatch serve` with accounts, some packages handed in by two edges: each violation has to
become one case. Options: `--violations N`, `--edges N`, `--only sqlite|postgresql`.
"""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from benchmarks.machine import describe_machine
from benchmarks.queue.broken_line import broken_line
from benchmarks.queue.databases import DATABASES, RESULTS, new_database
from benchmarks.queue.edges import manifest_of
from benchmarks.queue.killed_service import KilledService
from service.accounts.accounts import Accounts
from service.accounts.audit import Action
from service.accounts.principal import MachineScope
from service.cli.queue_folder import EVIDENCE_FOLDER
from service.clock import utc_now
from service.delivery.poster import Poster
from service.storage.database import open_database
from service.storage.notice_tables import NoticeRow
from service.storage.tables import CaseRow
from streams.backoff import Backoff
from tests.conftest import free_port
from tests.service.conftest import draw_scene, encode_clip
from vision.evidence.manifest import MANIFEST_NAME, SEAL_NAME
from vision.evidence.seal import seal_of

TWICE_SHARE = 0.1
"""Of so many packages a second edge holds a copy, and hands it in as well."""
BREAK_SHARE = 0.5
"""Of so many connections; one carries many packages, since posters keep theirs."""
LONGEST_BYTES = 200_000
"""A connection that is cut carries fewer bytes than this; a package has some 15,000."""
POLL_S = 0.2


@dataclass(frozen=True)
class Chaos:
    """How much of it: `kills_at_least` keeps a small run going until so many kills have happened."""

    violations: int
    edges: int = 10
    lives_s: tuple[float, float] = (2.0, 12.0)
    kills_at_least: int = 0
    within_s: float = 3600.0


@dataclass(frozen=True)
class ChaosFigures:
    """What came of it. All but the first five have to be 0."""

    violations: int
    handed_in_twice: int
    seconds: float
    kills: int
    broken_connections: int
    undelivered: int
    refused: int
    lost: int
    doubled: int
    told_wrongly: int
    """Cases of which not exactly one notice tells that they were found."""
    without_evidence: int
    """Cases whose package is not whole in the service's folder."""

    @property
    def wrong(self) -> int:
        """How much went wrong."""
        return sum((self.undelivered, self.refused, self.lost, self.doubled, self.told_wrongly, self.without_evidence))


def run(url: str, folder: Path, chaos: Chaos) -> ChaosFigures:
    """Make the packages, let the edges hand them in, and look into database and evidence afterwards."""
    data = folder / "service"
    data.mkdir(parents=True)
    engine = open_database(url)
    accounts = Accounts(engine, utc_now)
    token = accounts.tokens.add(
        "edges", {MachineScope.VIOLATIONS_WRITE}, accounts.entry("benchmark", Action.TOKEN_MADE)
    )
    keys, twice = make_packages(folder / "edges", chaos)
    port = free_port()
    service = KilledService(data, url, port, lives_s=chaos.lives_s)
    began = time.monotonic()
    with ExitStack() as opened:
        line = opened.enter_context(broken_line(port, break_share=BREAK_SHARE, longest_bytes=LONGEST_BYTES))
        opened.callback(service.stop)
        service.start()
        posters = [
            Poster(
                edge / "ready", f"http://127.0.0.1:{line.port}", token=token, timeout_s=20, backoff=Backoff(0.1, 2.0)
            )
            for edge in sorted((folder / "edges").iterdir())
        ]
        for poster in posters:
            opened.callback(poster.stop)
            poster.start()
        while time.monotonic() - began < chaos.within_s:
            waiting = sum(poster.waiting() for poster in posters)
            if not waiting and service.kills >= chaos.kills_at_least:
                break
            time.sleep(POLL_S)
        service.calm()
        seconds, undelivered = time.monotonic() - began, sum(poster.waiting() for poster in posters)
    refused = sum(1 for edge in (folder / "edges").iterdir() for _ in (edge / "refused").iterdir())
    found = _look(engine, keys, data / EVIDENCE_FOLDER)
    engine.dispose()
    return ChaosFigures(len(keys), twice, round(seconds, 1), service.kills, line.broken, undelivered, refused, **found)


def make_packages(folder: Path, chaos: Chaos) -> tuple[set[str], int]:
    """Write the edges' whole packages, each with real pictures and a clip; return the keys and how many come twice."""
    draw = random.Random(7)
    contents = {
        "clean.jpg": draw_scene(192, 108),
        "annotated.jpg": draw_scene(192, 108, box=True),
        "clip.mp4": encode_clip(0.5),
    }
    keys: set[str] = set()
    twice = 0
    for number in range(chaos.violations):
        key, edge = str(uuid.UUID(int=draw.getrandbits(128), version=4)), number % chaos.edges
        keys.add(key)
        package = folder / f"edge-{edge:02d}" / "ready" / key
        _write(package, manifest_of(key, edge, contents), contents)
        if draw.random() < TWICE_SHARE and chaos.edges > 1:
            other = folder / f"edge-{(edge + 1) % chaos.edges:02d}" / "ready" / key
            shutil.copytree(package, other)
            twice += 1
    return keys, twice


def _write(package: Path, manifest: Mapping[str, object], contents: Mapping[str, bytes]) -> None:
    package.mkdir(parents=True)
    text = json.dumps(manifest, ensure_ascii=False).encode()
    (package / MANIFEST_NAME).write_bytes(text)
    (package / SEAL_NAME).write_bytes(seal_of(text))
    for name, content in contents.items():
        (package / name).write_bytes(content)


def _look(engine: Engine, keys: set[str], evidence: Path) -> dict[str, int]:
    with Session(engine) as session:
        cases = session.execute(select(CaseRow.id, CaseRow.key, CaseRow.folder)).all()
        found = select(NoticeRow.case_id, func.count()).where(NoticeRow.kind == "found").group_by(NoticeRow.case_id)
        told = dict(session.execute(found).all())
    return {
        "lost": len(keys - {case.key for case in cases}),
        "doubled": len(cases) - len({case.key for case in cases}),
        "told_wrongly": sum(told.get(case.id) != 1 for case in cases),
        "without_evidence": sum(not _is_whole(evidence / case.folder) for case in cases),
    }


def _is_whole(package: Path) -> bool:
    manifest = package / MANIFEST_NAME
    if not manifest.is_file():
        return False
    files = json.loads(manifest.read_bytes())["files"]
    return all(
        (package / each["name"]).is_file() and (package / each["name"]).stat().st_size == each["size_bytes"]
        for each in files
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it on each database, keep the figures, and return 1 where anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.queue.chaos", description=__doc__)
    parser.add_argument("--violations", type=int, default=10_000)
    parser.add_argument("--edges", type=int, default=10)
    parser.add_argument("--only", choices=DATABASES)
    options = parser.parse_args(arguments)
    path = RESULTS / "queue_chaos.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    wrong = 0
    for kind in [options.only] if options.only else DATABASES:
        with tempfile.TemporaryDirectory(prefix="dustwatch-chaos-") as name, new_database(kind, Path(name)) as url:
            figures = run(url, Path(name), Chaos(options.violations, options.edges))
        print(f"{kind}: {figures}", file=sys.stderr)
        wrong += figures.wrong
        kept[kind] = {**asdict(figures), "load_average": os.getloadavg()}
        kept["machine"] = describe_machine()
        path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
