"""`dustwatch evidence`: what was tampered with is named in one line, and keys are shown and changed."""

import io
import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typer.testing import CliRunner, Result

from service.api.intake import Intake
from service.api.upload import Upload
from service.cli.evidence import app
from service.cli.queue_folder import DATABASE_NAME, EVIDENCE_FOLDER, open_queue
from service.storage.case_store import CaseStore
from service.storage.database import open_database
from service.storage.evidence_folder import EvidenceFolder
from tests.service.cli.test_commands import dustwatch
from tests.vision.evidence.packages import make_chain, read_manifest, seal_again
from vision.evidence.keyring import Keyring

CONFIG = """\
sites: [{{id: xinghe, name: 星河湾二期}}]
cameras: [{{id: gate, site: xinghe, name: 东门出口, url: "rtsp://10.0.0.3/live"}}]
data: {data}
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "200"})


def verified(*arguments: object) -> tuple[int, dict[str, Any]]:
    result = run("verify", *arguments, "--json")
    return result.exit_code, json.loads(result.stdout)


def kinds(document: dict[str, Any]) -> list[str]:
    return [fault["kind"] for fault in document["faults"]]


@pytest.fixture
def edge(tmp_path: Path) -> Path:
    make_chain(tmp_path / "edge", 3)
    return tmp_path / "edge"


@pytest.fixture
def config(edge: Path, tmp_path: Path) -> Path:
    path = tmp_path / "dustwatch.yaml"
    path.write_text(CONFIG.format(data=edge), encoding="utf-8")
    return path


def numbered(edge: Path) -> dict[int, Path]:
    packages = {read_manifest(package).chain: package for package in (edge / "ready").iterdir()}
    return {link.number: package for link, package in packages.items() if link is not None}


def take_in(edge: Path, queue: Path) -> None:
    """Hand the edge's packages in to a queue."""
    with closing(CaseStore(open_database(f"sqlite:///{queue / DATABASE_NAME}"))) as store:
        intake = Intake(store, EvidenceFolder(queue / EVIDENCE_FOLDER))
        for _, package in sorted(numbered(edge).items()):
            manifest = read_manifest(package)
            files = {file.name: io.BytesIO((package / file.name).read_bytes()) for file in manifest.files}
            seal = (package / "manifest.signature.json").read_bytes()
            intake.accept(manifest.key, Upload((package / "manifest.json").read_bytes(), seal, files))


def test_whole_chains_say_what_told_where_they_end(edge: Path) -> None:
    code, document = verified(edge / "ready", "--camera-chain")
    assert code == 0
    assert document["chains"] == [{"camera": "gate", "packages": 3, "last_number": 3, "end_known_by": "unknown"}]
    code, document = verified(edge / "ready", "--heads", edge / "chain")
    assert code == 0
    assert document["chains"][0]["end_known_by"] == "head"
    assert document["trust_checked"] is False


def test_without_asking_for_chains_a_part_of_one_is_whole(edge: Path) -> None:
    shutil.rmtree(numbered(edge)[2])
    assert verified(edge / "ready")[0] == 0
    code, document = verified(edge / "ready", "--camera-chain")
    assert (code, kinds(document)) == (1, ["removed"])


def test_a_finding_is_one_line_in_chinese_and_english(edge: Path, capfd: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(numbered(edge)[3])
    result = run("verify", edge / "ready", "--heads", edge / "chain")
    assert result.exit_code == 1
    (line,) = [line for line in (result.output + capfd.readouterr().err).splitlines() if line.startswith("✗")]
    assert "证据链末尾被截断" in line
    assert "the chain's end was cut off: it ends at 2, its head says 3" in line


def test_a_changed_head_is_named(edge: Path) -> None:
    head = edge / "chain" / "gate.json"
    head.write_text(head.read_text().replace('"number": 3', '"number": 2'))
    code, document = verified(edge / "ready", "--heads", edge / "chain")
    assert (code, kinds(document)) == (1, ["head_broken"])
    assert document["faults"][0]["file"] == "gate.json"


def test_a_cut_off_end_is_found_by_the_queues_cases(edge: Path, tmp_path: Path) -> None:
    queue = tmp_path / "queue"
    take_in(edge, queue)
    evidence = queue / EVIDENCE_FOLDER
    code, document = verified(evidence, "--camera-chain", "--queue", queue)
    assert code == 0, document
    assert document["chains"][0]["end_known_by"] == "queue"
    shutil.rmtree(evidence / numbered(edge)[3].name)
    code, document = verified(evidence, "--camera-chain", "--queue", queue)
    assert (code, kinds(document)) == (1, ["not_here"])


def test_a_package_forged_at_the_queue_is_not_as_received(edge: Path, tmp_path: Path) -> None:
    queue = tmp_path / "queue"
    take_in(edge, queue)
    seal_again(queue / EVIDENCE_FOLDER / numbered(edge)[3].name, Ed25519PrivateKey.generate(), track_id=99)
    code, document = verified(queue / EVIDENCE_FOLDER, "--queue", queue)
    assert (code, kinds(document)) == (1, ["not_as_received"])


def test_a_folder_without_a_queue_is_no_queue(edge: Path, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="there is no case queue"):
        open_queue(tmp_path)


def test_one_trusted_fingerprint_follows_rotations(edge: Path, config: Path) -> None:
    (first,) = Keyring(edge / "keys").keys().fingerprints
    rotated = dustwatch("evidence", "rotate-key", config)
    assert rotated.stdout.split() == [Keyring(edge / "keys").keys().fingerprints[-1]]
    make_chain(edge, 1, first=3)
    listed = run("keys", config).stdout.splitlines()
    assert [line.split()[0] for line in listed] == Keyring(edge / "keys").keys().fingerprints
    assert listed[0].startswith(first)
    code, document = verified(edge / "ready", "--heads", edge / "chain", "--trust", first)
    assert (code, document["trust_checked"]) == (0, True)
    assert sorted(document["keys"]) == sorted(line.split()[0] for line in listed)


def test_a_key_that_no_trusted_one_vouches_for_is_named(edge: Path, tmp_path: Path) -> None:
    keys = edge / "keys" / "keys.json"
    assert verified(edge / "ready", "--keys", keys)[0] == 0
    forger = Ed25519PrivateKey.generate()
    for package in numbered(edge).values():
        seal_again(package, forger)
    assert verified(edge / "ready", "--camera-chain")[0] == 0
    code, document = verified(edge / "ready", "--camera-chain", "--keys", keys)
    assert (code, kinds(document)) == (1, ["untrusted"] * 3)


def test_a_fingerprint_that_is_none_is_refused(edge: Path) -> None:
    assert run("verify", edge / "ready", "--trust", "abc").exit_code == 2


def test_several_folders_are_one_collection(edge: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert verified(edge / "ready", elsewhere)[0] == 1  # nothing in it
    numbered(edge)[2].rename(elsewhere / "second")
    code, document = verified(edge / "ready", elsewhere, "--camera-chain")
    assert (code, document["packages"]) == (0, 3)
