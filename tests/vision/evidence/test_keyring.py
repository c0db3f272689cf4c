"""Keys are made once, kept private, and follow each other so that one trusted fingerprint leads to all later ones."""

import stat
from pathlib import Path

import pytest

from tests.vision.evidence.failing_disk import Disk, Killed
from vision.evidence.errors import KeysDamaged, NoKeys
from vision.evidence.keyring import Keyring, read_key_list
from vision.evidence.signature import MOST_ROTATIONS, SignatureBad, check_signature, read_signature


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def keyring(folder: Path) -> Keyring:
    keyring = Keyring(folder)
    keyring.make_first()
    return keyring


def test_the_private_key_is_for_its_owner_alone(keyring: Keyring, folder: Path) -> None:
    (private,) = folder.glob("*.pem")
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert private.stem == keyring.keys().fingerprints[-1]
    assert "PRIVATE" not in (folder / "keys.json").read_text()


def test_the_first_key_is_made_once(keyring: Keyring, folder: Path) -> None:
    before = keyring.keys()
    Keyring(folder).make_first()
    assert keyring.keys() == before


def test_a_signature_holds_for_what_was_signed_and_nothing_else(keyring: Keyring) -> None:
    signature = keyring.sign(b"manifest")
    assert read_signature(signature.file_bytes, b"manifest") == signature
    with pytest.raises(SignatureBad):
        read_signature(signature.file_bytes, b"manifest ")


def test_the_first_fingerprint_is_enough_after_rotations(keyring: Keyring) -> None:
    (first,) = keyring.keys().fingerprints
    for _ in range(3):
        keyring.rotate()
    signature = keyring.sign(b"manifest")
    check_signature(signature, b"manifest")
    assert signature.key_id == keyring.keys().fingerprints[-1] != first
    assert signature.is_vouched_for({first})
    assert not signature.is_vouched_for({"0" * 64})


def test_a_rotation_destroys_the_old_private_key(keyring: Keyring, folder: Path) -> None:
    keyring.rotate()
    (private,) = folder.glob("*.pem")
    assert private.stem == keyring.keys().fingerprints[-1]


def test_a_running_edge_signs_with_the_key_that_another_process_made(keyring: Keyring, folder: Path) -> None:
    Keyring(folder).rotate()
    assert keyring.sign(b"manifest").key_id == keyring.keys().fingerprints[-1]
    assert len(keyring.sign(b"manifest").rotations) == 1


def test_any_changed_byte_of_a_signature_with_rotations_is_found(keyring: Keyring) -> None:
    keyring.rotate()
    content = keyring.sign(b"manifest").file_bytes
    for place in range(len(content)):
        changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        with pytest.raises(SignatureBad):
            read_signature(changed, b"manifest")


def test_a_key_that_only_claims_to_follow_the_trusted_one_is_refused(keyring: Keyring, tmp_path: Path) -> None:
    thief = Keyring(tmp_path / "thief")
    thief.make_first()
    genuine = keyring.rotate().rotations
    forged = thief.sign(b"manifest").model_copy(update={"rotations": genuine})
    with pytest.raises(SignatureBad, match="do not lead to the key"):
        check_signature(forged, b"manifest")
    renamed = genuine[0].model_copy(update={"new_public_key": forged.public_key})
    with pytest.raises(SignatureBad, match="something else"):
        check_signature(forged.model_copy(update={"rotations": [renamed]}), b"manifest")


def test_a_signature_stays_small_however_often_the_key_changes(keyring: Keyring) -> None:
    genuine = keyring.sign(b"manifest")
    for _ in range(MOST_ROTATIONS + 1):
        keyring.rotate()
    signature = keyring.sign(b"manifest")
    assert read_signature(signature.file_bytes, b"manifest") == signature
    assert len(signature.file_bytes) < 64 << 10
    assert not signature.is_vouched_for({genuine.key_id})


def test_without_keys_nothing_is_shown_or_rotated(folder: Path) -> None:
    for action in (Keyring(folder).keys, Keyring(folder).rotate):
        with pytest.raises(NoKeys, match="there is no key"):
            action()
    assert not folder.exists()


@pytest.mark.parametrize("spoil", ["cut", "moved"])
def test_a_damaged_key_list_is_told(keyring: Keyring, folder: Path, spoil: str) -> None:
    keyring.rotate()
    path = folder / "keys.json"
    text = path.read_text()
    first, second = (key for key in keyring.keys().public_keys)
    path.write_text(text[:-9] if spoil == "cut" else text.replace(first, second, 1))
    with pytest.raises(KeysDamaged, match="backup"):
        read_key_list(path)
    with pytest.raises(KeysDamaged):
        keyring.sign(b"manifest")


@pytest.mark.parametrize("spoil", ["missing", "another"])
def test_a_private_key_that_does_not_belong_to_the_list_is_told(keyring: Keyring, folder: Path, spoil: str) -> None:
    (private,) = folder.glob("*.pem")
    other = Keyring(folder.parent / "other")
    other.make_first()
    (another,) = (folder.parent / "other").glob("*.pem")
    private.unlink() if spoil == "missing" else private.write_bytes(another.read_bytes())
    with pytest.raises(KeysDamaged, match=spoil):
        keyring.sign(b"manifest")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_rotation_killed_at_any_step_leaves_one_key_that_signs(
    keyring: Keyring, folder: Path, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    with monkeypatch.context() as patch:
        disk = Disk(patch)
        keyring.rotate()
    for step in range(disk.steps):
        before = keyring.keys().fingerprints[-1]
        with monkeypatch.context() as patch:
            dying = Disk(patch)
            dying.fails_at, dying.after = step, after
            with pytest.raises(Killed):
                keyring.rotate()
        assert keyring.sign(b"manifest").is_vouched_for({before})
        Keyring(folder).make_first()
        assert {path.name for path in folder.iterdir()} == {
            "keys.json",
            "lock",
            f"{keyring.keys().fingerprints[-1]}.pem",
        }
