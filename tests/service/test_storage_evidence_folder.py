"""The evidence folder: whole packages or none, and healing after a crash."""

import errno
import io
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.errors import FileAltered, KeyTaken, StorageFull
from service.storage import evidence_folder
from service.storage.evidence_folder import INCOMING
from service.storage.package import open_package


def receive(folder, sample):
    opened = open_package(sample.manifest_bytes, sample.seal)
    return folder.receive(opened, {name: io.BytesIO(content) for name, content in sample.files.items()})


@pytest.fixture
def root(folder, tmp_path):
    return tmp_path / "packages"


def stored(root):
    return sorted(path.name for path in root.iterdir() if path.name != INCOMING)


def leftovers(root):
    return list((root / INCOMING).iterdir())


def test_a_package_is_stored_byte_for_byte(folder, root, package):
    name = receive(folder, package)
    assert name == package.key
    found = {path.name: path.read_bytes() for path in (root / name).iterdir()}
    assert found == {**package.files, "manifest.json": package.manifest_bytes, "manifest.sha256": package.seal}
    assert folder.path(name, "clean.jpg").read_bytes() == package.files["clean.jpg"]
    assert leftovers(root) == []


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda content: content + b"x", "size"),
        (lambda content: content[:-1], "size"),
        (lambda content: b"", "size"),
        (lambda content: content[:-1] + bytes([content[-1] ^ 1]), "SHA-256"),
        (lambda content: b"<html>" + content[6:], "no image/jpeg"),
    ],
)
def test_an_altered_file_leaves_nothing_behind(folder, root, package, spoil, message):
    with pytest.raises(FileAltered, match=message):
        receive(folder, package.with_file("clean.jpg", spoil(package.files["clean.jpg"])))
    assert stored(root) == []
    assert leftovers(root) == []


def test_the_same_package_again_is_kept(folder, root, package):
    receive(folder, package)
    before = (root / package.key).stat().st_ino
    receive(folder, package)
    assert (root / package.key).stat().st_ino == before
    assert leftovers(root) == []


def test_another_package_can_not_take_the_key(folder, root, package):
    receive(folder, package)
    with pytest.raises(KeyTaken):
        receive(folder, package.with_manifest(track_id=8))
    assert (root / package.key / "manifest.json").read_bytes() == package.manifest_bytes
    assert leftovers(root) == []


@pytest.mark.parametrize("name", ["clip.mp4", "manifest.json", "manifest.sha256"])
@pytest.mark.parametrize("damage", ["remove", "change"])
def test_a_damaged_package_without_a_case_is_replaced(folder, root, package, name, damage):
    receive(folder, package)
    path = root / package.key / name
    path.unlink() if damage == "remove" else path.write_bytes(b"spoiled")
    receive(folder, package)
    expected = {**package.files, "manifest.json": package.manifest_bytes, "manifest.sha256": package.seal}
    assert path.read_bytes() == expected[name]
    assert leftovers(root) == []


def test_many_at_once_store_one_package(folder, root, package):
    with ThreadPoolExecutor(8) as threads:
        names = set(threads.map(lambda _: receive(folder, package), range(8)))
    assert names == {package.key}
    assert stored(root) == [package.key]
    assert leftovers(root) == []


@pytest.mark.parametrize("call", ["fsync", "rename"])
def test_a_full_disk_leaves_nothing_behind(folder, root, package, monkeypatch, call):
    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    if call == "fsync":
        monkeypatch.setattr(evidence_folder.os, "fsync", full)
    else:
        monkeypatch.setattr("pathlib.Path.rename", full)
    with pytest.raises(StorageFull):
        receive(folder, package)
    assert stored(root) == []
    assert leftovers(root) == []


def test_everything_is_synced_before_the_name_is_given(folder, root, package, monkeypatch):
    synced = []
    real = os.fsync
    monkeypatch.setattr(evidence_folder.os, "fsync", lambda handle: (synced.append(stored(root)), real(handle)))
    receive(folder, package)
    assert synced == [[]] * 6 + [[package.key]]  # three files, manifest, seal, their folder; then the root


def test_sweeping_removes_what_is_old_and_spares_what_is_being_written(folder, root):
    old, new = root / INCOMING / "old", root / INCOMING / "new"
    old.mkdir()
    (old / "half.jpg").write_bytes(b"x")
    new.mkdir()
    long_ago = time.time() - evidence_folder.STALE_S - 60
    os.utime(old, (long_ago, long_ago))
    assert folder.sweep() == 1
    assert leftovers(root) == [new]
    assert folder.is_writable()
