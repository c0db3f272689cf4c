"""The options of `dustwatch serve`."""

from pathlib import Path
from typing import Annotated

import typer

from service.config.schema import host_and_port

DATABASE_VARIABLE = "DUSTWATCH_DATABASE"
"""Holds the database's URL; unlike an option it keeps a password out of the list of processes."""
BUCKET_VARIABLE = "DUSTWATCH_BUCKET"
"""Holds the URL of the evidence's bucket."""
METRICS_VARIABLE = "DUSTWATCH_METRICS"
"""Holds host:port of the metrics."""


def _checked_address(address: str | None) -> str | None:
    try:
        _ = address and host_and_port(address)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return address


DataOption = Annotated[Path, typer.Option(help="数据目录 Folder of the database and the evidence.")]
HostOption = Annotated[
    str, typer.Option(help="监听地址 Address to listen on; put HTTPS before it where others reach it.")
]
PortOption = Annotated[int, typer.Option(min=1, max=65535)]
LogJsonOption = Annotated[bool, typer.Option(help="日志为 JSON Log as JSON lines.")]
DatabaseOption = Annotated[
    str | None,
    typer.Option(
        envvar=DATABASE_VARIABLE,
        help="数据库地址，如 Database, such as postgresql://user@host/name; default: SQLite in the data folder.",
    ),
]
BucketOption = Annotated[
    str | None,
    typer.Option(
        envvar=BUCKET_VARIABLE,
        help="证据存储 S3 bucket of the evidence: s3://name/prefix?endpoint=https://host; default: a folder.",
    ),
]
LeastFreeOption = Annotated[
    float, typer.Option(min=0, help="磁盘余量低于此值时不再接收 Takes nothing in while less of the disk is free.")
]
OpenOption = Annotated[
    bool, typer.Option("--open", help="试用：无账户，仅限本机 To try it out: no accounts, on this machine alone.")
]
NoticesOption = Annotated[
    Path | None,
    typer.Option(
        exists=True, dir_okay=False, help="通知渠道（YAML）Channels that are told what is new, see docs/notices.md."
    ),
]
MapTilesOption = Annotated[
    str,
    typer.Option(help="地图瓦片地址 Tiles of the map of sites, https://host/{z}/{x}/{y}.png; default: a plain grid."),
]
ShadowOption = Annotated[
    Path | None,
    typer.Option(
        exists=True, file_okay=False, help="影子运行结果目录 Folder of a shadow run, shown to administrators."
    ),
]
OidcOption = Annotated[
    Path | None,
    typer.Option(
        exists=True, dir_okay=False, help="统一身份认证（YAML）Identity provider to sign in by: docs/accounts.md."
    ),
]
MetricsOption = Annotated[
    str | None,
    typer.Option(
        envvar=METRICS_VARIABLE,
        callback=_checked_address,
        help="监控指标地址 host:port of Prometheus metrics, without a password; default: nowhere.",
    ),
]
TlsCertificateOption = Annotated[
    Path | None,
    typer.Option(
        exists=True, dir_okay=False, help="HTTPS 证书 Certificate (PEM): dustwatch certificates, or any other."
    ),
]
TlsKeyOption = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="证书私钥 Its private key (PEM).")]
