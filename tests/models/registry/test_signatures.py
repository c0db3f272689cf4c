"""Where keys are trusted, a version is used only as it was signed by one of them."""

from pathlib import Path

import pytest

from models.errors import BadModelKey, BuiltIn, ModelUnsigned
from models.registry.registry import Registry
from models.registry.signatures import KEYS_VARIABLE, SIGNATURE_NAME, make_key, read_private_key, trusted_keys
from tests.models.made_models import colour_network, made_model, write_model

NAME = "surfaces"


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """A built-in version, `1`, in production, and the user's `2`."""
    network = colour_network()
    built_in = tmp_path / "built-in"
    write_model(built_in / NAME / "1", made_model(network))
    (built_in / NAME / "production").write_text("1\n")
    registry = Registry(tmp_path / "user", built_in)
    registry.add_version(NAME, "2", write_model(tmp_path / "made", made_model(network)))
    return registry


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A private key whose public half is trusted, beside that of somebody else."""
    ours, others = make_key(tmp_path / "ours.pem"), make_key(tmp_path / "others.pem")
    both = tmp_path / "trusted.pem"
    both.write_bytes(others.read_bytes() + b"\n" + ours.read_bytes())
    monkeypatch.setenv(KEYS_VARIABLE, str(both))
    return tmp_path / "ours.pem"


def test_an_unsigned_version_is_refused_until_it_is_signed(registry: Registry, key: Path) -> None:
    assert registry.load(NAME).version == "1"
    with pytest.raises(ModelUnsigned, match="not signed"):
        registry.promote(NAME, "2", "王工", "try")

    registry.sign(NAME, "2", read_private_key(key))

    registry.promote(NAME, "2", "王工", "try")
    assert registry.load(NAME).version == "2"


@pytest.mark.parametrize("name", ["model.onnx", "card.yaml", "checkpoint.pt"])
def test_a_file_that_was_changed_or_added_after_signing_is_noticed(registry: Registry, key: Path, name: str) -> None:
    registry.sign(NAME, "2", read_private_key(key))
    path = registry.folder(NAME, "2") / name
    path.write_bytes((path.read_bytes() if path.exists() else b"") + b" ")

    with pytest.raises(ModelUnsigned, match="as it is"):
        registry.load(NAME, "2")


def test_a_key_that_nobody_trusts_signs_nothing(registry: Registry, key: Path, tmp_path: Path) -> None:
    make_key(tmp_path / "stranger.pem")
    registry.sign(NAME, "2", read_private_key(tmp_path / "stranger.pem"))
    with pytest.raises(ModelUnsigned):
        registry.load(NAME, "2")
    (registry.folder(NAME, "2") / SIGNATURE_NAME).write_bytes(b"no signature")
    with pytest.raises(ModelUnsigned):
        registry.load(NAME, "2")


def test_without_trusted_keys_no_signature_is_asked_for(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEYS_VARIABLE, raising=False)
    assert trusted_keys() is None
    assert registry.load(NAME, "2").version == "2"


def test_what_came_with_the_package_is_not_signed(registry: Registry, key: Path) -> None:
    with pytest.raises(BuiltIn):
        registry.sign(NAME, "1", read_private_key(key))


@pytest.mark.parametrize("text", ["", "no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"])
def test_a_file_without_keys_stops_with_an_error_instead_of_trusting_everything(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.pem"
    path.write_text(text)
    with pytest.raises(BadModelKey):
        trusted_keys({KEYS_VARIABLE: str(path)})
    with pytest.raises(BadModelKey):
        trusted_keys({KEYS_VARIABLE: str(tmp_path / "none.pem")})


def test_a_private_key_is_readable_by_its_owner_alone_and_never_written_over(tmp_path: Path) -> None:
    make_key(tmp_path / "key.pem")
    assert (tmp_path / "key.pem").stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        make_key(tmp_path / "key.pem")
    with pytest.raises(BadModelKey):
        read_private_key(tmp_path / "key.pem.pub")
