"""The office's own authority: who knows it believes a service with its certificate, and nobody else does."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography.x509 import DNSName, IPAddress, SubjectAlternativeName

from service.api.app import create_app
from service.api.server import Server, TlsFiles
from service.certificates import AUTHORITY_DAYS, Certified, issue, make_authority, read_authority
from service.errors import CertificateProblem
from tests.conftest import free_port, wait_until

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def _kept(folder: Path, name: str, made: Certified) -> TlsFiles:
    files = TlsFiles(folder / f"{name}.pem", folder / f"{name}.key")
    files.certificate.write_bytes(made.certificate_pem())
    files.key.write_bytes(made.key_pem())
    return files


@pytest.fixture
def authority(tmp_path: Path) -> TlsFiles:
    return _kept(tmp_path, "authority", make_authority("test", datetime.now(UTC)))


@pytest.fixture
def address(authority: TlsFiles, tmp_path: Path) -> Iterator[str]:
    known = read_authority(authority.key, authority.certificate)
    files = _kept(tmp_path, "service", issue(known, ["127.0.0.1"], datetime.now(UTC), 30))
    app = create_app(f"sqlite:///{tmp_path}/cases.db", tmp_path / "evidence", pages=False, is_open=True)
    port = free_port()
    server = Server(app, "127.0.0.1", port, files)
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started, 60, "the server starts")
    yield f"https://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def test_who_knows_the_authority_believes_the_service_and_others_do_not(
    address: str, authority: TlsFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"{address}/healthz")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))  # as on an edge
    assert httpx.get(f"{address}/healthz").status_code == 200
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"{address.replace('127.0.0.1', 'localhost')}/healthz")


def test_a_certificate_names_its_hosts_and_does_not_outlive_the_authority() -> None:
    authority = make_authority("test", NOW)
    made = issue(authority, ["queue.local", "192.0.2.10", "2001:db8::1"], NOW, 397).certificate
    names = made.extensions.get_extension_for_class(SubjectAlternativeName).value
    assert names.get_values_for_type(DNSName) == ["queue.local"]
    assert [str(at) for at in names.get_values_for_type(IPAddress)] == ["192.0.2.10", "2001:db8::1"]
    assert made.not_valid_before_utc < NOW
    assert made.not_valid_after_utc == NOW + timedelta(days=397)
    late = issue(authority, ["queue.local"], NOW + timedelta(days=AUTHORITY_DAYS - 10), 397).certificate
    assert late.not_valid_after_utc <= authority.certificate.not_valid_after_utc
    with pytest.raises(CertificateProblem, match="expired"):
        issue(authority, ["queue.local"], NOW + timedelta(days=AUTHORITY_DAYS), 397)


def test_a_host_that_is_none_is_refused() -> None:
    with pytest.raises(CertificateProblem, match="no host name"):
        issue(make_authority("test", NOW), ["工地.local"], NOW, 30)


def test_a_key_of_another_certificate_is_refused(tmp_path: Path) -> None:
    one, other = (_kept(tmp_path, name, make_authority(name, NOW)) for name in ("one", "other"))
    with pytest.raises(CertificateProblem, match="is not that of"):
        read_authority(one.key, other.certificate)
    one.key.write_bytes(b"rubbish")
    with pytest.raises(CertificateProblem, match="can't be read"):
        read_authority(one.key, one.certificate)
    app = create_app(f"sqlite:///{tmp_path}/cases.db", tmp_path / "evidence", pages=False, is_open=True)
    with pytest.raises(CertificateProblem, match="can't be used"):
        Server(app, "127.0.0.1", free_port(), TlsFiles(other.certificate, one.key))
