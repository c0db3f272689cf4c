"""What makes a manifest acceptable."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.errors import BadManifest, SealBroken
from service.storage.media import looks_like
from service.storage.package import open_package


def opened(sample):
    return open_package(sample.manifest_bytes, sample.seal)


def test_a_good_package_opens(package):
    result = opened(package)
    assert result.key == package.key
    assert result.seal_bytes == package.seal
    assert result.manifest_bytes == package.manifest_bytes


@pytest.mark.parametrize(
    "spoil", [str.upper, str.strip, lambda seal: seal + "\n", lambda seal: "", lambda seal: seal[1:]]
)
def test_the_seal_must_match_byte_for_byte(package, spoil):
    with pytest.raises(SealBroken):
        open_package(package.manifest_bytes, spoil(package.seal.decode()).encode())


@given(st.data())
def test_any_changed_byte_of_the_manifest_breaks_the_seal(make_package, data):
    package = make_package()
    position = data.draw(st.integers(0, len(package.manifest_bytes) - 1))
    flipped = package.manifest_bytes[position] ^ data.draw(st.integers(1, 255))
    changed = package.manifest_bytes[:position] + bytes([flipped]) + package.manifest_bytes[position + 1 :]
    with pytest.raises(SealBroken):
        open_package(changed, package.seal)


def place(**changes):
    return {"site_id": "s", "site_name": "s", "camera_id": "c", "camera_name": "c", **changes}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rule": "littering"}, "rule"),
        ({"extra": 1}, "extra"),
        ({"key": "../../../../../../../etc/passwd-0000000"}, "key"),
        ({"opened_at": "2025-06-01T12:00:00"}, "opened_at"),
        ({"opened_at": "1970-01-01T00:00:00Z"}, "clock"),
        ({"opened_at": "9999-12-31T23:59:59-12:00"}, "out of range"),
        ({"measures": {"wash_seconds": float("nan")}}, "finite"),
        ({"parameters": {"x": float("inf")}}, "finite"),
        ({"claims": [{"class_name": "bare_soil", "points": [[0, 0], [1, 0], [1, float("nan")]]}]}, "finite"),
        ({"claims": [{"class_name": "bare_soil", "points": [[0, 0], [1, 0]]}]}, "claims.0.points"),
        ({"claims": [{"class_name": "../x", "points": [[0, 0], [1, 0], [1, 1]]}]}, "claims.0.class_name"),
        ({"place": place(site_name="a\u0000b")}, "control"),
        ({"place": place(site_name="a\nb")}, "control"),
        ({"place": place(camera_name=" ")}, "empty"),
        ({"place": place(site_name="长" * 201)}, "longer"),
        ({"place": place(street="")}, "empty"),
        ({"place": place(address="a\u001bb")}, "control"),
        ({"place": place(position={"latitude": 121.47, "longitude": 31.23})}, "confused"),
        ({"place": place(position={"latitude": float("nan"), "longitude": 31.23})}, "place.position"),
        ({"clock_state": {"estimated_error_s": float("inf")}}, "clock_state.estimated_error_s"),
        ({"software_versions": {"x": "\u0007"}}, "control"),
        ({"files": []}, "no file"),
    ],
)
def test_bad_manifests_are_refused_with_the_place_of_the_fault(package, changes, message):
    with pytest.raises(BadManifest, match=message):
        opened(package.with_manifest(**changes))


def file(name):
    return {"name": name, "role": "clean", "media_type": "image/jpeg", "size_bytes": 1, "sha256": "0" * 64}


@pytest.mark.parametrize(
    "names",
    [
        *(["a.jpg", "a.jpg"], ["manifest.json"], ["manifest.sha256"]),
        *(["../a.jpg"], ["a/b.jpg"], ["A.jpg"], [".hidden"], [""]),
        [f"{number}.jpg" for number in range(17)],
    ],
)
def test_file_names_that_could_do_harm_are_refused(package, names):
    with pytest.raises(BadManifest):
        opened(package.with_manifest(files=[file(name) for name in names]))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused_and_nothing_else(content):
    import hashlib

    with pytest.raises(BadManifest):
        open_package(content, f"{hashlib.sha256(content).hexdigest()}  manifest.json\n".encode())


scalars = st.none() | st.booleans() | st.floats() | st.text(max_size=20)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=50)
@given(values)
def test_arbitrary_json_is_refused_and_nothing_else(value):
    test_arbitrary_bytes_are_refused_and_nothing_else.hypothesis.inner_test(json.dumps(value).encode())


def test_first_bytes_tell_the_media_type(media):
    assert looks_like("image/jpeg", media["clean.jpg"])
    assert looks_like("video/mp4", media["clip.mp4"])
    assert not looks_like("image/jpeg", media["clip.mp4"])
    assert not looks_like("video/mp4", b"")
    assert not looks_like("text/html", b"<html>")
