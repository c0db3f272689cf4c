"""Handing packages in: what is taken, what is refused, and that a refusal leaves nothing."""

import errno
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.api import upload
from service.storage import evidence_folder
from service.storage.evidence_folder import INCOMING
from service.storage.package import open_package
from vision.evidence.manifest import ChainLink, Manifest
from vision.evidence.seal import seal_of
from vision.evidence.signature import fingerprint, public_key_of, sign
from vision.evidence.verify import verify_package

PROBLEM = "application/problem+json"


def refused(response, status, kind, evidence_root, api):
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM
    body = response.json()
    assert set(body) == {"type", "title", "status", "detail"}
    assert body["status"] == status
    assert body["type"] == f"urn:dustwatch:problem:{kind}"
    assert [path.name for path in evidence_root.iterdir()] == [INCOMING]
    assert list((evidence_root / INCOMING).iterdir()) == []
    assert api.get("/api/cases").json()["items"] == []
    return body["detail"]


@pytest.fixture
def check(api, evidence_root):
    return lambda response, status, kind: refused(response, status, kind, evidence_root, api)


def test_a_package_becomes_a_case(api, package):
    response = api.hand_in(package)
    assert response.status_code == 201
    case = response.json()
    assert response.headers["location"] == f"/api/cases/{case['id']}"
    assert case["key"] == package.key
    assert case["state"] == "found"
    assert case["site"] == {"id": "s-01", "name": "滨江一号地块"}
    assert case["opened_at"] == "2025-06-01T04:00:00Z"
    assert case["measures"] == {"wash_seconds": 4.2, "speed_kmh": 11.0}
    assert [(item["role"], item["url"]) for item in case["evidence"]] == [
        ("clean", f"/api/cases/{case['id']}/evidence/clean.jpg"),
        ("annotated", f"/api/cases/{case['id']}/evidence/annotated.jpg"),
        ("clip", f"/api/cases/{case['id']}/evidence/clip.mp4"),
    ]


def test_the_same_package_again_is_the_same_case(api, package):
    first = api.hand_in(package)
    second = api.hand_in(package)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


def test_the_answer_to_a_repeat_shows_what_became_of_the_case(api, package):
    case_id = api.hand_in(package).json()["id"]
    api.post(f"/api/cases/{case_id}/review", json={"decision": "confirm"})
    assert api.hand_in(package).json()["state"] == "confirmed"


def test_the_same_key_with_another_manifest_conflicts(api, package):
    first = api.hand_in(package).json()
    response = api.hand_in(package.with_manifest(track_id=99))
    assert response.status_code == 409
    assert response.headers["content-type"] == PROBLEM
    assert api.get("/api/cases").json()["items"] == [first]


def test_many_at_once_make_one_case(api, package):
    with ThreadPoolExecutor(6) as threads:
        responses = list(threads.map(lambda _: api.hand_in(package), range(6)))
    assert sorted(response.status_code for response in responses) == [200] * 5 + [201]
    assert len({response.json()["id"] for response in responses}) == 1


def test_a_folder_without_a_case_heals_when_the_edge_posts_again(api, app, package, monkeypatch, evidence_root):
    def crash(_finding):
        raise RuntimeError("power cut")

    with monkeypatch.context() as cut:
        cut.setattr(app.state.store, "add_or_get", crash)
        response = api.hand_in(package)
        assert response.status_code == 500
        assert response.headers["content-type"] == PROBLEM
    assert (evidence_root / package.key).is_dir()
    assert api.hand_in(package).status_code == 201
    assert api.get("/api/cases/1/evidence/clip.mp4").content == package.files["clip.mp4"]


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "another"}])
def test_the_header_must_name_the_violation(api, package, check, headers):
    response = api.post("/api/violations", files=package.parts(), headers=headers)
    assert "Idempotency-Key" in check(response, 422, "key-mismatch")


def test_a_broken_seal(api, package, check):

    check(api.hand_in(replace(package, seal=b"0" * 64 + b"  manifest.json\n")), 422, "seal-broken")


def test_a_manifest_of_another_kind(api, package, check):
    assert "rule" in check(api.hand_in(package.with_manifest(rule="littering")), 422, "bad-manifest")


def test_a_missing_file(api, package, check):
    parts = [part for part in package.parts() if part[1][0] != "clip.mp4"]
    response = api.post("/api/violations", files=parts, headers=package.headers)
    assert "clip.mp4" in check(response, 422, "wrong-files")


@pytest.mark.parametrize("name", ["extra.jpg", "../../evil.jpg", "/etc/passwd"])
def test_a_file_that_is_not_listed(api, package, check, name):
    check(api.hand_in(package.with_file(name, b"x")), 422, "wrong-files")


def test_a_file_twice(api, package, check):
    parts = [*package.parts(), ("files", ("clean.jpg", b"x", "image/jpeg"))]
    check(api.post("/api/violations", files=parts, headers=package.headers), 400, "bad-upload")


def test_an_altered_file(api, package, check):
    content = package.files["clean.jpg"]
    altered = package.with_file("clean.jpg", content[:-3] + b"abc")
    assert "SHA-256" in check(api.hand_in(altered), 422, "file-altered")


def test_a_file_of_another_type_than_it_says(api, make_package, check):
    fake = make_package(files={"clean.jpg": b"<html><script>alert(1)</script></html>"})
    assert "image/jpeg" in check(api.hand_in(fake), 422, "file-altered")


@pytest.mark.parametrize("part", ["manifest", "seal"])
@pytest.mark.parametrize("times", [0, 2])
def test_manifest_and_seal_come_once(api, package, check, part, times):
    parts = [item for item in package.parts() if item[0] != part]
    parts += [item for item in package.parts() if item[0] == part] * times
    response = api.post("/api/violations", files=parts, headers=package.headers)
    assert part in check(response, 400, "bad-upload")


def test_an_unknown_part(api, package, check):
    parts = [*package.parts(), ("surprise", ("a", b"x", "text/plain"))]
    check(api.post("/api/violations", files=parts, headers=package.headers), 400, "bad-upload")


@pytest.mark.parametrize(
    ("headers", "content"),
    [
        ({"Content-Type": "application/json"}, b"{}"),
        ({}, b""),
        ({"Content-Type": "multipart/form-data"}, b"x"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--y\r\nnonsense"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x\r\n\r\n"),
    ],
)
def test_a_body_that_is_no_form(api, check, headers, content):
    check(api.post("/api/violations", content=content, headers=headers), 400, "bad-upload")


def test_the_small_parts_may_be_plain_fields(api, package):
    files = [part for part in package.parts() if part[0] == "files"]
    fields = {"manifest": package.manifest_bytes.decode(), "seal": package.seal.decode()}
    response = api.post("/api/violations", files=files, data=fields, headers=package.headers)
    assert response.status_code == 201, response.text


def test_a_large_manifest(api, package, check):

    large = replace(package, manifest_bytes=b" " * (256 * 1024 + 1))
    check(api.hand_in(large), 413, "too-large")


def test_a_large_file(api, package, check, monkeypatch):
    monkeypatch.setattr(upload, "FILE_BYTES", 1000)
    check(api.hand_in(package), 413, "too-large")


def test_a_large_body_is_refused_by_its_length_before_it_is_read(api, package, check):
    async def never():
        raise AssertionError("the body was read")
        yield b""

    headers = {
        **package.headers,
        "Content-Length": str(upload.BODY_BYTES + 1),
        "Content-Type": "multipart/form-data; boundary=x",
    }
    check(api.post("/api/violations", content=never(), headers=headers), 413, "too-large")


def test_a_large_body_that_hides_its_length_is_refused_on_the_way(api, package, check, monkeypatch):
    monkeypatch.setattr(upload, "BODY_BYTES", 10_000)
    sent = 0

    async def endless():
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\n\r\n'
        while True:
            sent += 1000
            yield b"a" * 1000

    headers = {**package.headers, "Content-Type": "multipart/form-data; boundary=x"}
    response = api.post("/api/violations", content=Chunks(endless()), headers=headers)
    check(response, 413, "too-large")
    assert sent < 20_000


class Chunks:
    """An httpx body without a length."""

    def __init__(self, chunks):
        self._chunks = chunks

    def __aiter__(self):
        return self._chunks.__aiter__()


def full(*_arguments):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_asks_to_send_again(api, package, check, monkeypatch):
    monkeypatch.setattr(evidence_folder.os, "fsync", full)
    response = api.hand_in(package)
    monkeypatch.undo()
    check(response, 507, "storage-full")
    assert api.hand_in(package).status_code == 201


def test_a_full_disk_for_temporary_files_asks_to_send_again(api, package, check, monkeypatch):
    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "write", full)
    response = api.hand_in(package)
    monkeypatch.undo()
    check(response, 507, "storage-full")


def test_refusals_are_logged(api, package, check):
    from structlog.testing import capture_logs

    with capture_logs() as logs:
        api.hand_in(package.with_manifest(rule="littering"))
        api.hand_in(package)
    assert [entry["event"] for entry in logs] == ["request.refused", "case.found"]
    assert logs[0]["problem"] == "urn:dustwatch:problem:bad-manifest"


def signed(package, key, **link):
    """Return the package in a chain, signed with the key."""
    chained = package.with_manifest(chain={"number": 1, "previous": "0" * 64, **link})
    return replace(chained, seal=sign(chained.manifest_bytes, key, []).file_bytes)


def test_a_signed_package_is_kept_with_its_signature(api, package, evidence_root):
    sent = signed(package, Ed25519PrivateKey.generate(), number=7)
    assert api.hand_in(sent).status_code == 201
    assert api.hand_in(sent).status_code == 200
    folder = evidence_root / package.key
    assert (folder / "manifest.signature.json").read_bytes() == sent.seal
    assert not (folder / "manifest.sha256").exists()
    assert verify_package(folder) == []
    stored = Manifest.model_validate_json((folder / "manifest.json").read_bytes())
    assert stored.chain == ChainLink(number=7, previous="0" * 64)


def test_a_signature_that_does_not_hold_is_refused(api, package, check, evidence_root):
    key = Ed25519PrivateKey.generate()
    sent = signed(package, key)
    refused = [
        replace(sent, seal=sign(b"something else", key, []).file_bytes),  # over other bytes
        replace(sent, seal=sent.seal.replace(b"Ed25519", b"ed25519")),  # another structure
        replace(sent, seal=seal_of(sent.manifest_bytes)),  # a hash in place of the signature
        replace(package, seal=sign(package.manifest_bytes, key, []).file_bytes),  # signed, but in no chain
    ]
    for each in refused:
        check(api.hand_in(each), 422, "signature-broken")
    assert not (evidence_root / package.key).exists()


def test_the_key_that_signed_is_told(package):
    key = Ed25519PrivateKey.generate()
    sent = signed(package, key)
    assert open_package(sent.manifest_bytes, sent.seal).key_id == fingerprint(public_key_of(key))
    assert open_package(package.manifest_bytes, package.seal).key_id is None


def test_nobody_hands_a_dust_exceedance_in(api, package):
    forged = package.with_manifest(rule="dust_exceedance", model=None)
    answer = api.hand_in(forged)
    assert (answer.status_code, "nobody hands them in" in answer.text) == (422, True)
    assert api.hand_in(package.with_manifest(model=None)).status_code == 422
