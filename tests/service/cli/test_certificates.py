"""`dustwatch certificates`: what is written, who may read it, and what is refused."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.certificates import read_authority
from service.cli.main import command_line
from service.errors import CertificateProblem


def certificates(*arguments: str | Path):
    return CliRunner().invoke(command_line(), ["certificates", *map(str, arguments)])


def test_authority_and_service_are_written_and_keys_are_kept_from_others(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    assert certificates("authority", folder, "--name", "扬尘办").exit_code == 0
    made = certificates("issue", folder, "queue.local", "192.0.2.10")
    assert made.exit_code == 0
    assert "--tls-certificate" in made.output
    assert {path.name for path in folder.iterdir()} == {
        "authority.key", "authority.pem", "queue.local.key", "queue.local.pem",
    }  # fmt: skip
    assert {path.stat().st_mode & 0o777 for path in folder.glob("*.key")} == {0o600}
    assert read_authority(folder / "authority.key", folder / "authority.pem")


def test_nothing_is_written_over(tmp_path: Path) -> None:
    certificates("authority", tmp_path)
    before = (tmp_path / "authority.key").read_bytes()
    again = certificates("authority", tmp_path)
    assert isinstance(again.exception, CertificateProblem)
    assert "there already" in str(again.exception)
    assert (tmp_path / "authority.key").read_bytes() == before


def test_without_an_authority_nothing_is_given(tmp_path: Path) -> None:
    refused = certificates("issue", tmp_path, "queue.local")
    assert isinstance(refused.exception, CertificateProblem)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("given", ["--tls-certificate", "--tls-key"])
def test_serve_wants_both_files(tmp_path: Path, given: str) -> None:
    certificates("authority", tmp_path)
    file = tmp_path / ("authority.pem" if given == "--tls-certificate" else "authority.key")
    refused = CliRunner().invoke(command_line(), ["serve", "--data", str(tmp_path / "data"), given, str(file)])
    assert isinstance(refused.exception, CertificateProblem)
    assert "together" in str(refused.exception)
