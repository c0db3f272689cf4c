"""`dustwatch certificates`: the office's own authority, and the certificates that it gives to services."""

import os
from pathlib import Path
from typing import Annotated

import typer

from service.certificates import Certified, issue, make_authority, read_authority
from service.cli.options import console
from service.clock import utc_now
from service.errors import CertificateProblem

AUTHORITY = "authority"

app = typer.Typer(
    help="自有证书机构：无互联网时用 HTTPS。The office's own certificates, for HTTPS without the internet.",
    no_args_is_help=True,
)
FolderArgument = Annotated[Path, typer.Argument(help="证书机构目录（妥善保管）Folder of the authority; keep it safe.")]


@app.command()
def authority(
    folder: FolderArgument,
    name: Annotated[str, typer.Option(help="名称 Its name, as browsers show it.")] = "dustwatch",
) -> None:
    """建立证书机构，十年有效。Make an authority, valid for ten years.

    Example: [bold]dustwatch certificates authority /root/dustwatch-authority[/bold]
    """
    made = _write(folder, AUTHORITY, make_authority(name, utc_now()))
    console.print(
        f"[green]✓[/green] {made}：装到浏览器与各边缘机 install it in browsers, and on edges: SSL_CERT_FILE={made}",
        highlight=False,
        soft_wrap=True,
    )


@app.command(name="issue")
def issue_for(
    folder: FolderArgument,
    hosts: Annotated[list[str], typer.Argument(help="主机名或地址 Names and addresses of the service.")],
    days: Annotated[int, typer.Option(min=1, max=825, help="有效天数 Valid for so many days.")] = 397,
) -> None:
    """签发服务证书。Give a service its certificate and key; the file is named after the first host.

    Example: [bold]dustwatch certificates issue /root/dustwatch-authority queue.local 192.0.2.10[/bold]
    """
    known = read_authority(folder / f"{AUTHORITY}.key", folder / f"{AUTHORITY}.pem")
    made = _write(folder, hosts[0].replace(":", "_").replace("/", "_"), issue(known, hosts, utc_now(), days))
    console.print(
        f"[green]✓[/green] dustwatch serve --tls-certificate {made} --tls-key {made.with_suffix('.key')}",
        highlight=False,
        soft_wrap=True,
    )


def _write(folder: Path, name: str, made: Certified) -> Path:
    """Write key and certificate, neither of which may be there; return the certificate's path."""
    certificate = folder / f"{name}.pem"
    key = folder / f"{name}.key"
    for path in (key, certificate):
        if path.exists():
            raise CertificateProblem(detail=f"{path} is there already; move it away first, nothing was changed")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(made.key_pem())
        certificate.write_bytes(made.certificate_pem())
    except OSError as error:
        raise CertificateProblem(detail=f"{folder}: {error.strerror or error}") from error
    return certificate
