"""`dustwatch serve`: the case queue with its page."""

import socket
from contextlib import suppress
from pathlib import Path

import typer

from service.accounts.accounts import Accounts
from service.api.accounts import link_path
from service.api.app import create_app
from service.api.server import Server, TlsFiles
from service.cli.options import RegistryOption, VerboseOption, console
from service.cli.serve_options import (
    BucketOption,
    DatabaseOption,
    DataOption,
    HostOption,
    LeastFreeOption,
    LogJsonOption,
    MapTilesOption,
    MetricsOption,
    NoticesOption,
    OidcOption,
    OpenOption,
    PortOption,
    ShadowOption,
    TlsCertificateOption,
    TlsKeyOption,
)
from service.clock import utc_now
from service.config.schema import host_and_port
from service.errors import CertificateProblem, OpenBeyondLoopback
from service.logs import set_up_logs
from service.metrics_server import collector_served
from service.notices.config import load_notices
from service.notices.senders import open_channels
from service.oidc.settings import load_oidc
from service.simulated_camera import PortTaken
from service.storage.evidence_bucket import open_evidence
from service.telemetry import set_up_traces
from streams.host_addresses import is_this_machine

DATABASE_NAME = "cases.db"
EVIDENCE_FOLDER = "evidence"
OFFICE_FOLDER = "office"
"""Holds the office's own due_terms.yaml and working_days.yaml, if it has any."""

STARTUP_FAILED = 3
"""The exit code where the service could not start, as uvicorn's own command has it."""


def serve(
    data: DataOption = Path("dustwatch-data/service"),
    host: HostOption = "127.0.0.1",
    port: PortOption = 8080,
    log_json: LogJsonOption = False,
    database: DatabaseOption = None,
    bucket: BucketOption = None,
    least_free_gb: LeastFreeOption = 1.0,
    is_open: OpenOption = False,
    notices: NoticesOption = None,
    map_tiles: MapTilesOption = "",
    registry: RegistryOption = None,
    shadow: ShadowOption = None,
    oidc: OidcOption = None,
    metrics: MetricsOption = None,
    tls_certificate: TlsCertificateOption = None,
    tls_key: TlsKeyOption = None,
    verbose: VerboseOption = False,
) -> None:
    """启动案件队列与审核页面。Serve the case queue and the inspectors' page.

    首次启动打印一次性管理员链接。Until there is an administrator, each start prints a link that makes one.

    Example: [bold]dustwatch serve --data /var/lib/dustwatch --port 8080[/bold]
    """
    set_up_logs(verbose=verbose, as_json=log_json)
    set_up_traces("dustwatch-service")
    if is_open and not is_this_machine(host):
        raise OpenBeyondLoopback(host=host)
    tls = _tls(tls_certificate, tls_key)
    _check_free(host, port)
    data.mkdir(parents=True, exist_ok=True)
    evidence = open_evidence(data / EVIDENCE_FOLDER, bucket, least_free_bytes=round(least_free_gb * 1e9))
    channels = open_channels(load_notices(notices), utc_now) if notices else ()
    office, url = data / OFFICE_FOLDER, database or sqlite_url(data)
    app = create_app(
        url,
        evidence,
        office_data=office,
        channels=channels,
        is_open=is_open,
        map_tiles=map_tiles,
        registry=registry,
        shadow=shadow,
        oidc=load_oidc(oidc) if oidc else None,
    )
    address = f"{'https' if tls else 'http'}://{host}:{port}"
    console.print(f"案件队列 case queue: [bold]{address}/[/bold]", highlight=False)
    if is_open:
        console.print("[yellow]开放模式，无账户 open: no accounts, anybody on this machine may decide[/yellow]")
    else:
        _tell_administrator_link(app.state.accounts, address)
    server = Server(app, host, port, tls)
    with (
        collector_served(host_and_port(metrics) if metrics else None, app.state.metrics),
        suppress(KeyboardInterrupt),  # Ctrl-C, after which the server has stopped in order
    ):
        server.run()
    if not server.started:
        raise typer.Exit(STARTUP_FAILED)


def _tls(certificate: Path | None, key: Path | None) -> TlsFiles | None:
    if certificate is not None and key is not None:
        return TlsFiles(certificate, key)
    if certificate is not None or key is not None:
        raise CertificateProblem(detail="give --tls-certificate and --tls-key together")
    return None


def _tell_administrator_link(accounts: Accounts, address: str) -> None:
    token = accounts.administrator_link("dustwatch serve")
    if token is not None:
        link = f"{address}{link_path(token)}"
        console.print(
            "尚无管理员；请在 24 小时内打开此一次性链接 no administrator yet; open this link within 24 h, once:"
        )
        console.print(f"  [bold]{link}[/bold]", highlight=False, soft_wrap=True)


def sqlite_url(data: Path) -> str:
    """Return the URL of the data folder's own database."""
    return f"sqlite:///{(data / DATABASE_NAME).resolve()}"


def _check_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(port=port, option="--port") from error
