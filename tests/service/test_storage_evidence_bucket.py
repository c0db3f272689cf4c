"""Evidence in a bucket: what is there is whole, what was cut off is not there, and copies can be lost."""

import io
import shutil

import obstore
import pytest

from service.errors import EvidenceUnusable, KeyTaken, StorageBusy
from service.storage import evidence_bucket
from service.storage.attachment import make_attachment
from service.storage.evidence_bucket import open_evidence
from service.storage.evidence_folder import attachment_folder
from service.storage.package import open_package
from tests.conftest import free_port


@pytest.fixture
def bucket(bucket_url, tmp_path):
    return open_evidence(tmp_path / "packages", bucket_url)


def receive(evidence, sample):
    opened = open_package(sample.manifest_bytes, sample.seal)
    return evidence.receive(opened, {name: io.BytesIO(content) for name, content in sample.files.items()})


def objects(bucket):
    listed = [item["path"] for chunk in obstore.list(bucket._bucket) for item in chunk]
    return {path: bytes(obstore.get(bucket._bucket, path).bytes()) for path in listed}


def test_a_package_is_in_the_bucket_byte_for_byte_and_comes_back_without_its_copy(bucket, package, tmp_path):
    receive(bucket, package)
    files = {**package.files, "manifest.json": package.manifest_bytes, "manifest.sha256": package.seal}
    assert objects(bucket) == {f"{package.key}/{name}": content for name, content in files.items()}
    shutil.rmtree(tmp_path / "packages" / package.key)
    for name, content in files.items():
        assert bucket.path(package.key, name).read_bytes() == content


def test_an_attachment_is_in_the_bucket_and_comes_back_without_its_copy(bucket, tmp_path):
    attachment = make_attachment("整改报告", b"%PDF-1.7 %%EOF")
    folder = attachment_folder(7, attachment.item.sha256)
    bucket.keep_attachment(7, attachment)
    assert objects(bucket) == {f"{folder}/{attachment.item.sha256}": attachment.content}
    shutil.rmtree(tmp_path / "packages" / folder)
    assert bucket.path(folder, attachment.item.sha256).read_bytes() == attachment.content


def test_an_upload_that_is_cut_off_is_not_there_and_is_put_again(bucket, package, monkeypatch, tmp_path):
    real = obstore.put

    def cut_off(store, path, *rest, **options):
        if path.endswith("clip.mp4"):
            raise obstore.exceptions.GenericError("connection reset")
        return real(store, path, *rest, **options)

    with monkeypatch.context() as patch, pytest.raises(StorageBusy):
        patch.setattr(evidence_bucket.obstore, "put", cut_off)
        receive(bucket, package)
    assert f"{package.key}/manifest.sha256" not in objects(bucket)
    assert not (tmp_path / "packages" / package.key).exists()
    assert receive(bucket, package) == package.key
    assert f"{package.key}/manifest.sha256" in objects(bucket)


def test_another_server_with_the_same_bucket_keeps_the_key(bucket, bucket_url, package, tmp_path):
    receive(bucket, package)
    before = objects(bucket)
    other = open_evidence(tmp_path / "other", bucket_url)
    with pytest.raises(KeyTaken):
        receive(other, package.with_manifest(track_id=8))
    assert objects(bucket) == before
    assert receive(other, package) == package.key


def test_the_copies_asked_for_the_longest_ago_go_first(bucket, make_package, monkeypatch, tmp_path):
    monkeypatch.setattr(evidence_bucket, "MOST_COPIES", 3)
    keys = [receive(bucket, make_package()) for _ in range(3)]
    bucket.path(keys[0], "manifest.json")
    keys.append(receive(bucket, make_package()))
    left = {path.name for path in (tmp_path / "packages").iterdir() if not path.name.startswith(".")}
    assert left == {keys[0], keys[3]}
    assert all(bucket.path(key, "manifest.json").is_file() for key in keys)


def test_a_package_that_is_nowhere_has_no_file(bucket):
    assert not bucket.path("nowhere", "manifest.json").exists()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://somewhere/else", "write s3://"),
        ("s3://name:secret@bucket/", "AWS_ACCESS_KEY_ID"),
        ("s3://bucket?secret_key=abc", "unknown settings: secret_key"),
    ],
)
def test_an_address_that_can_not_be_right_is_refused_without_what_is_secret(url, told, tmp_path):
    with pytest.raises(EvidenceUnusable, match=told) as caught:
        open_evidence(tmp_path, url)
    assert not {"name:secret", "abc"} & set(str(caught.value).split())


def test_a_server_or_a_bucket_that_is_not_there_is_told(bucket_url, s3, tmp_path):
    with pytest.raises(EvidenceUnusable, match="s3://none"):
        open_evidence(tmp_path, f"s3://none/x?endpoint={s3.endpoint}")
    with pytest.raises(EvidenceUnusable, match="s3://bucket") as caught:
        open_evidence(tmp_path, f"s3://bucket/x?endpoint=http://127.0.0.1:{free_port()}")
    assert "only-for-tests" not in str(caught.value)
