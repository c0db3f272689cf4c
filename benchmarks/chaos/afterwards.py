"""Looks into the queue and the object store once all is calm: the cases, and whether their evidence is whole."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import obstore
from obstore.store import S3Store

from benchmarks.chaos.matching import FoundCase
from benchmarks.chaos.system import STORE_KEYS, System
from service.evidence_check import Reference, all_cases, check_evidence
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from vision.evidence.manifest import MANIFEST_NAME, Manifest
from vision.evidence.recorder import CHAIN_FOLDER
from vision.evidence.verify import find_packages


@dataclass(frozen=True)
class Afterwards:
    """The cases, and what is wrong with the evidence."""

    cases: tuple[FoundCase, ...]
    packages: int
    faults: tuple[str, ...]
    clips: dict[str, int]
    """How many are complete; incomplete, as the manifest says, where the edge was killed; none in later pictures."""


def look(system: System, folder: Path) -> Afterwards:
    """Fetch all evidence into the folder, and check it by itself, as chains and against the queue."""
    _fetch(system.bucket, folder)
    engine = open_database(system.database.url)
    cases = all_cases(CaseStore(engine))
    engine.dispose()
    packages = find_packages(folder)
    reference = Reference(heads=system.edge_disk.data / CHAIN_FOLDER, cases=cases)
    report = check_evidence(packages, reference, as_chains=True)
    seen = system.watching.first_seen
    found = tuple(
        FoundCase(one.key, one.camera_id, str(one.rule), one.opened_at.timestamp(), seen.get(one.key)) for one in cases
    )
    clips = Counter(_clip(package) for package in packages)
    faults = tuple(f"{fault.package.name[:8]} {fault.file} {fault.problem} {fault.params}" for fault in report.faults)
    return Afterwards(found, report.packages, faults, dict(clips))


def _clip(package: Path) -> str:
    manifest = Manifest.model_validate_json((package / MANIFEST_NAME).read_bytes())
    if manifest.clip is None:
        return "none"
    return "complete" if manifest.clip.complete else "incomplete"


def _fetch(bucket: str, folder: Path) -> None:
    address = urlsplit(bucket)
    endpoint = parse_qs(address.query)["endpoint"][0]
    store = S3Store(
        address.netloc,
        prefix=address.path.strip("/"),
        config={
            "endpoint": endpoint,
            "region": "us-east-1",
            "access_key_id": STORE_KEYS["AWS_ACCESS_KEY_ID"],
            "secret_access_key": STORE_KEYS["AWS_SECRET_ACCESS_KEY"],
        },
        client_options={"allow_http": True},
    )
    for chunk in obstore.list(store):
        for item in chunk:
            path = folder / item["path"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(bytes(obstore.get(store, item["path"]).bytes()))
