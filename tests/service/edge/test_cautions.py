"""What is less safe than it could be is told at the start, by place, and never repeats a secret."""

from pathlib import Path

import pytest

from models.registry.registry import DEFAULT_MODEL, Registry
from models.registry.signatures import KEYS_VARIABLE, make_key, read_private_key
from service.config.file import load_config
from service.edge.cautions import cautions
from tests.service.cli.test_commands import dustwatch, one_error

CONFIG = """\
queue: {queue}
queue_token: ${{DUSTWATCH_QUEUE_TOKEN}}
sites: [{{id: s, name: 工地}}]
cameras: [{{id: c, site: s, name: 堆场, url: "rtsp://admin:{password}@10.0.0.3/live"}}]
"""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DUSTWATCH_QUEUE_TOKEN", "t0ken")
    monkeypatch.setenv("CAMERA", "s3cret")
    monkeypatch.setenv("DUSTWATCH_MODELS", str(tmp_path / "models"))
    monkeypatch.delenv(KEYS_VARIABLE, raising=False)


def written(tmp_path: Path, queue: str = "https://queue.example", password: str = "${CAMERA}") -> Path:
    path = tmp_path / "dustwatch.yaml"
    path.write_text(CONFIG.format(queue=queue, password=password), encoding="utf-8")
    return path


def told(path: Path) -> list[str]:
    return [caution.event for caution in cautions(load_config(path), path)]


def own_model() -> Registry:
    registry = Registry()
    registry.add_version(DEFAULT_MODEL, "own", registry.folder(DEFAULT_MODEL, registry.versions(DEFAULT_MODEL)[0]))
    return registry


def test_nothing_is_told_where_all_is_well(tmp_path: Path) -> None:
    assert told(written(tmp_path)) == []


@pytest.mark.parametrize(
    ("queue", "expected"),
    [
        ("http://queue.example:8080", ["queue.without_https"]),
        ("http://192.0.2.10:8080", ["queue.without_https"]),
        ("http://127.0.0.1:8080", []),
        ("http://localhost:8080", []),
        ("http://[::1]:8080", []),
    ],
)
def test_a_token_that_would_go_over_the_network_in_clear_is_told(
    tmp_path: Path, queue: str, expected: list[str]
) -> None:
    assert told(written(tmp_path, queue)) == expected


def test_a_password_in_the_file_is_told_by_line(tmp_path: Path) -> None:
    path = written(tmp_path, password="s3cret")
    (caution,) = cautions(load_config(path), path)
    assert (caution.event, caution.at) == ("config.plain_passwords", (f"{path}:4: cameras[0].url",))
    done = dustwatch("check", "--offline", path)
    shown = done.stdout + done.stderr
    assert f"{path}:4: cameras[0].url: 文件中有明文密码" in shown
    assert "s3cret" not in shown


def test_a_model_of_ones_own_that_nobody_had_to_sign_is_told(tmp_path: Path) -> None:
    own_model().promote(DEFAULT_MODEL, "own", "王工", "try")
    assert told(written(tmp_path)) == ["models.unsigned"]


def test_where_keys_are_trusted_an_unsigned_model_runs_nowhere_and_a_signed_one_is_told_of_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry, path = own_model(), written(tmp_path)
    registry.promote(DEFAULT_MODEL, "own", "王工", "before keys were trusted")
    monkeypatch.setenv(KEYS_VARIABLE, str(make_key(tmp_path / "office.pem")))
    for command in (["run", path], ["check", "--offline", path]):
        assert "not signed" in one_error(dustwatch(*command))
    stranger = tmp_path / "stranger.pem"
    make_key(stranger)
    registry.sign(DEFAULT_MODEL, "own", read_private_key(stranger))
    assert one_error(dustwatch("run", path))

    registry.sign(DEFAULT_MODEL, "own", read_private_key(tmp_path / "office.pem"))
    assert dustwatch("check", "--offline", path).returncode == 0
    assert told(path) == []
