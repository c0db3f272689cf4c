"""Evidence over HTTP: files in whole and in parts, nothing outside of the package, and damage is told."""

import io

import pytest
from PIL import Image


@pytest.fixture
def case(api, package):
    return api.hand_in(package).json()


def test_the_manifest_comes_byte_for_byte(api, case, package):
    response = api.get("/api/cases/1/evidence")
    assert response.content == package.manifest_bytes
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("name", "media_type"), [("clean.jpg", "image/jpeg"), ("clip.mp4", "video/mp4")])
def test_a_file_comes_with_its_type(api, case, package, name, media_type):
    response = api.get(f"/api/cases/1/evidence/{name}")
    assert response.content == package.files[name]
    assert response.headers["content-type"] == media_type
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["accept-ranges"] == "bytes"
    assert "immutable" in response.headers["cache-control"]
    assert response.headers["content-disposition"] == f'inline; filename="case-1-{name}"'


@pytest.mark.parametrize(
    ("wanted", "span"), [("0-9", slice(0, 10)), ("100-", slice(100, None)), ("-5", slice(-5, None))]
)
def test_a_part_of_a_clip(api, case, package, wanted, span):
    clip = package.files["clip.mp4"]
    response = api.get("/api/cases/1/evidence/clip.mp4", headers={"Range": f"bytes={wanted}"})
    first, last, _ = span.indices(len(clip))
    assert response.status_code == 206
    assert response.content == clip[span]
    assert response.headers["content-range"] == f"bytes {first}-{last - 1}/{len(clip)}"


def test_a_part_past_the_end(api, case, package):
    response = api.get("/api/cases/1/evidence/clip.mp4", headers={"Range": "bytes=999999999-"})
    assert response.status_code == 416
    assert response.headers["content-range"].endswith(f"*/{len(package.files['clip.mp4'])}")


@pytest.mark.parametrize(
    "path",
    [
        *("nothing.jpg", "manifest.json", "manifest.sha256", "CLEAN.JPG", "clean.jpg/", "clean.jpg%00"),
        *("../clean.jpg", "..%2f..%2fcases.db", "%2e%2e/cases.db", "%2Fetc%2Fpasswd", "..%5Ccases.db"),
    ],
)
def test_only_names_of_the_manifest_are_served(api, case, path):
    response = api.get(f"/api/cases/1/evidence/{path}")
    assert response.status_code in {404, 307}
    assert b"SQLite" not in response.content


@pytest.mark.parametrize("url", ["/api/cases/9/evidence", "/api/cases/9/evidence/clean.jpg", "/api/cases/9/thumbnail"])
def test_evidence_of_no_case(api, url):
    assert api.get(url).status_code == 404


def test_the_thumbnail_is_small(api, case, package):
    response = api.get("/api/cases/1/thumbnail")
    assert response.headers["content-type"] == "image/jpeg"
    assert Image.open(io.BytesIO(response.content)).size == (256, 144)
    assert len(response.content) < len(package.files["annotated.jpg"])


def test_a_case_without_pictures_has_no_thumbnail(api, make_package, media):
    api.hand_in(make_package(files={"clip.mp4": media["clip.mp4"]}))
    assert api.get("/api/cases/1/thumbnail").status_code == 404


def test_a_picture_that_is_none_is_told(api, make_package):
    api.hand_in(make_package(files={"clean.jpg": b"\xff\xd8\xff but no picture"}))
    response = api.get("/api/cases/1/thumbnail")
    assert response.status_code == 500
    assert response.json()["type"] == "urn:dustwatch:problem:evidence-damaged"


@pytest.mark.parametrize(("name", "url"), [("manifest.json", "evidence"), ("clean.jpg", "evidence/clean.jpg")])
@pytest.mark.parametrize("damage", ["remove", "change"])
def test_damaged_evidence_is_told_instead_of_shown(api, case, evidence_root, name, url, damage):
    path = evidence_root / case["key"] / name
    path.unlink() if damage == "remove" else path.write_bytes(b"another")
    response = api.get(f"/api/cases/1/{url}")
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "damaged" in response.json()["detail"]


def test_evidence_that_was_deleted_in_time_is_gone_and_its_manifest_stays(api, app, case, package):
    app.state.evidence.delete_files(package.key, package.files)
    for path in ("evidence/clean.jpg", "evidence/clip.mp4"):
        assert api.get(f"/api/cases/1/{path}").status_code == 410
    assert api.get("/api/cases/1/evidence").content == package.manifest_bytes
    assert api.hand_in(package).status_code == 200
