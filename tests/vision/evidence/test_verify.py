"""Any changed byte of a package is found and its file is named."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.vision.evidence.packages import make_package
from vision.evidence.faults import Problem
from vision.evidence.seal import seal_of
from vision.evidence.verify import find_packages, verify_package

FILES = ["clean.jpg", "annotated.jpg", "clip.mp4", "manifest.json", "manifest.signature.json"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, video: Path) -> Path:
    return make_package(tmp_path_factory.mktemp("evidence"), video)


def test_a_whole_package_has_no_fault(whole: Path) -> None:
    assert verify_package(whole) == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(FILES), place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_any_changed_byte_is_found(whole: Path, name: str, place: float, flip: int) -> None:
    path = whole / name
    original = path.read_bytes()
    changed = bytearray(original)
    changed[int(place * len(changed))] ^= flip
    try:
        path.write_bytes(bytes(changed))
        faults = verify_package(whole)
    finally:
        path.write_bytes(original)
    assert any(name in fault.file for fault in faults)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(whole: Path, tmp_path: Path, name: str) -> None:
    package = Path(shutil.copytree(whole, tmp_path / "package"))
    (package / name).unlink()
    assert [fault.file for fault in verify_package(package)] == [name]


def test_a_file_that_was_added_is_named(whole: Path, tmp_path: Path) -> None:
    package = Path(shutil.copytree(whole, tmp_path / "package"))
    (package / "more.jpg").write_bytes(b"x")
    assert [fault.file for fault in verify_package(package)] == ["more.jpg"]


def test_a_manifest_sealed_again_after_a_change_of_a_picture_is_found(whole: Path, tmp_path: Path) -> None:
    package = Path(shutil.copytree(whole, tmp_path / "package"))
    (package / "clean.jpg").write_bytes((package / "clean.jpg").read_bytes() + b"\0")
    assert [fault.file for fault in verify_package(package)] == ["clean.jpg"]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_the_signature_can_be_checked_without_dustwatch(whole: Path, tmp_path: Path) -> None:
    document = json.loads((whole / "manifest.signature.json").read_text())
    pem = f"-----BEGIN PUBLIC KEY-----\n{document['public_key']}\n-----END PUBLIC KEY-----\n"
    (tmp_path / "key.pem").write_text(pem)
    (tmp_path / "signature").write_bytes(base64.b64decode(document["signature"]))
    check = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", tmp_path / "key.pem", "-rawin"]
    files = ["-in", whole / "manifest.json", "-sigfile", tmp_path / "signature"]
    subprocess.run([*check, *files], check=True, capture_output=True)


def unsigned(whole: Path, folder: Path) -> Path:
    """Return a copy of the package as it was made before there were chains."""
    package = Path(shutil.copytree(whole, folder))
    (package / "manifest.signature.json").unlink()
    document = json.loads((package / "manifest.json").read_text())
    del document["chain"]
    content = json.dumps(document).encode()
    (package / "manifest.json").write_bytes(content)
    (package / "manifest.sha256").write_bytes(seal_of(content))
    return package


def test_a_package_from_before_there_were_chains_is_whole_but_not_signed(whole: Path, tmp_path: Path) -> None:
    package = unsigned(whole, tmp_path / "package")
    assert verify_package(package) == []
    assert [fault.kind for fault in verify_package(package, {"0" * 64})] == [Problem.UNSIGNED]


def test_a_signature_can_not_be_replaced_by_a_hash(whole: Path, tmp_path: Path) -> None:
    package = Path(shutil.copytree(whole, tmp_path / "package"))
    (package / "manifest.signature.json").write_bytes(seal_of((package / "manifest.json").read_bytes()))
    assert [fault.kind for fault in verify_package(package)] == [Problem.SIGNATURE_BROKEN]
    (package / "manifest.signature.json").rename(package / "manifest.sha256")
    kinds = {fault.file: fault.kind for fault in verify_package(package)}
    assert kinds == {"manifest.signature.json": Problem.MISSING, "manifest.sha256": Problem.STRANGER}


def test_packages_are_found_at_any_depth(whole: Path, tmp_path: Path) -> None:
    for name in ("a", "b/c"):
        shutil.copytree(whole, tmp_path / name)
    assert find_packages(tmp_path) == [tmp_path / "a", tmp_path / "b" / "c"]
    assert find_packages(whole) == [whole]


def test_what_a_killed_process_left_half_written_is_no_package(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "key")
    shutil.copytree(whole, tmp_path / ".incoming" / "1f2e")
    assert find_packages(tmp_path) == [tmp_path / "key"]


def test_a_manifest_with_something_unknown_in_it_is_refused(whole: Path, tmp_path: Path) -> None:
    package = Path(shutil.copytree(whole, tmp_path / "package"))
    document = json.loads((package / "manifest.json").read_text())
    (package / "manifest.json").write_text(json.dumps(document | {"note": "trust me"}))
    assert any("manifest.json" in fault.file for fault in verify_package(package))
