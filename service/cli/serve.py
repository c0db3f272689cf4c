"""`dustwatch serve`: the case queue with its page."""

import socket
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from service.accounts.accounts import Accounts
from service.api.accounts import link_path
from service.api.app import create_app
from service.api.server import Server, TlsFiles
from service.cli.options import RegistryOption, VerboseOption, console
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
DATABASE_VARIABLE = "DUSTWATCH_DATABASE"
"""Holds the database's URL; unlike an option it keeps a password out of the list of processes."""

STARTUP_FAILED = 3
"""The exit code where the service could not start, as uvicorn's own command has it."""
BUCKET_VARIABLE = "DUSTWATCH_BUCKET"
"""Holds the URL of the evidence's bucket."""
METRICS_VARIABLE = "DUSTWATCH_METRICS"
"""Holds host:port of the metrics."""

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        envvar=DATABASE_VARIABLE,
        help="数据库地址，如 Database, such as postgresql://user@host/name; default: SQLite in the data folder.",
    ),
]


def _checked_address(address: str | None) -> str | None:
    try:
        _ = address and host_and_port(address)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return address


def serve(
    data: Annotated[Path, typer.Option(help="数据目录 Folder of the database and the evidence.")] = Path(
        "dustwatch-data/service"
    ),
    host: Annotated[
        str, typer.Option(help="监听地址 Address to listen on; put HTTPS before it where others reach it.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8080,
    log_json: Annotated[bool, typer.Option(help="日志为 JSON Log as JSON lines.")] = False,
    database: DatabaseOption = None,
    bucket: Annotated[
        str | None,
        typer.Option(
            envvar=BUCKET_VARIABLE,
            help="证据存储 S3 bucket of the evidence: s3://name/prefix?endpoint=https://host; default: a folder.",
        ),
    ] = None,
    least_free_gb: Annotated[
        float, typer.Option(min=0, help="磁盘余量低于此值时不再接收 Takes nothing in while less of the disk is free.")
    ] = 1.0,
    is_open: Annotated[
        bool, typer.Option("--open", help="试用：无账户，仅限本机 To try it out: no accounts, on this machine alone.")
    ] = False,
    notices: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="通知渠道（YAML）Channels that are told what is new, see docs/notices.md."
        ),
    ] = None,
    map_tiles: Annotated[
        str,
        typer.Option(
            help="地图瓦片地址 Tiles of the map of sites, https://host/{z}/{x}/{y}.png; default: a plain grid."
        ),
    ] = "",
    registry: RegistryOption = None,
    shadow: Annotated[
        Path | None,
        typer.Option(
            exists=True, file_okay=False, help="影子运行结果目录 Folder of a shadow run, shown to administrators."
        ),
    ] = None,
    oidc: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="统一身份认证（YAML）Identity provider to sign in by: docs/accounts.md.",
        ),
    ] = None,
    metrics: Annotated[
        str | None,
        typer.Option(
            envvar=METRICS_VARIABLE,
            callback=_checked_address,
            help="监控指标地址 host:port of Prometheus metrics, without a password; default: nowhere.",
        ),
    ] = None,
    tls_certificate: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="HTTPS 证书 Certificate (PEM): dustwatch certificates, or any other."
        ),
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="证书私钥 Its private key (PEM).")
    ] = None,
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
