"""`dustwatch evidence`: checks and shows evidence packages, and shows and changes the keys that sign them."""

import json
import re
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from service.cli.evidence_casefile import print_casefile
from service.cli.evidence_keys import rotate_key, show_keys
from service.cli.evidence_show import show
from service.cli.options import JsonOption, console
from service.cli.queue_folder import open_queue
from service.evidence_check import EvidenceReport, Reference, all_cases, check_evidence
from service.texts.catalogue import CHINESE, load_translator
from vision.evidence.chain_check import ChainExtent
from vision.evidence.faults import Fault
from vision.evidence.keyring import read_key_list
from vision.evidence.verify import find_packages

app = typer.Typer(
    help="证据包：核验、查看、打印与签名密钥。Check, show and print evidence packages; keys.",
    no_args_is_help=True,
)
app.command(name="show")(show)
app.command(name="casefile")(print_casefile)
app.command(name="keys")(show_keys)
app.command(name="rotate-key")(rotate_key)

FINGERPRINT = re.compile(r"[0-9a-f]{64}")


@app.command()
def verify(
    folders: Annotated[
        list[Path],
        typer.Argument(exists=True, file_okay=False, help="证据包，或其上级目录 Packages, or folders of them."),
    ],
    keys: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="可信密钥列表 A trusted key list (an edge's keys/keys.json)."),
    ] = None,
    trust: Annotated[list[str] | None, typer.Option(help="可信密钥指纹 Fingerprint of a trusted key.")] = None,
    camera_chain: Annotated[
        bool, typer.Option("--camera-chain", help="逐摄像头核验证据链 Check the cameras' chains for gaps.")
    ] = False,
    heads: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="链头目录 An edge's chain folder: tells where chains end."),
    ] = None,
    queue: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="队列数据目录 A queue's data folder: tells what it received."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """核验证据包。Check every byte, signature and chain: exit code 0 when all are whole, 1 when one is not.

    Example: [bold]dustwatch evidence verify dustwatch-data/service/evidence --camera-chain --heads chain[/bold]
    """
    trusted = _trusted(keys, trust or [])
    cases = None
    if queue is not None:  # read before the packages: each of these cases has its package already
        with closing(open_queue(queue)) as store:
            cases = all_cases(store)
    found = {folder: find_packages(folder) for folder in folders}
    packages = sorted({package for some in found.values() for package in some})
    report = check_evidence(packages, Reference(trusted, heads, cases), as_chains=camera_chain or heads is not None)
    empty = [folder for folder, some in found.items() if not some]
    if as_json:
        typer.echo(json.dumps(_as_json(report, trusted is not None, queue is not None), ensure_ascii=False))
    else:
        _print(report, empty, is_trusted=trusted is not None, has_queue=queue is not None)
    raise typer.Exit(1 if empty or report.faults else 0)


def _trusted(keys: Path | None, fingerprints: list[str]) -> frozenset[str] | None:
    given = [text.lower().replace(":", "") for text in fingerprints]
    for text in given:
        if not FINGERPRINT.fullmatch(text):
            raise typer.BadParameter("a fingerprint has 64 hexadecimal digits", param_hint="--trust")
    if keys is None and not given:
        return None
    return frozenset(given) | frozenset(read_key_list(keys).fingerprints if keys else ())


def _print(report: EvidenceReport, empty: list[Path], *, is_trusted: bool, has_queue: bool) -> None:
    def say(sign: str, text: str) -> None:
        console.print(f"{sign} {text}", highlight=False, soft_wrap=True)

    for fault in report.faults:
        say("[red]✗[/red]", f"{fault.package / fault.file}: {_sentence(fault)} · {fault.problem}")
    for folder in empty:
        say("[red]✗[/red]", f"{folder}: 没有证据包 there is no evidence package")
    for chain in report.chains:
        reach = f"{chain.packages} 个证据包 packages, 末号 last number {chain.last_number}"
        say("•", f"{chain.camera_id}: {reach}; 终点依据 end known by {_END_TEXTS[_end_source(chain, has_queue)]}")
    if report.unsigned:
        say(
            "[yellow]![/yellow]", f"{report.unsigned} 个证据包未签名 packages are unsigned, made before there were keys"
        )
    if report.keys and not is_trusted:
        listed = ", ".join(sorted(report.keys))
        say("[yellow]![/yellow]", f"未指定可信密钥 no trusted key was given (--trust, --keys); signed with {listed}")
    if not report.faults and not empty:
        say("[green]✓[/green]", f"{report.packages} 个证据包完整 evidence packages are whole")


_END_TEXTS = {
    "head": "边缘链头 the edge's head",
    "queue": "队列案件 the queue's cases",
    "unknown": "无（未核对）nothing: a cut-off end would not be seen (--heads, --queue)",
}


def _end_source(chain: ChainExtent, has_queue: bool) -> str:
    if chain.has_head:
        return "head"
    return "queue" if has_queue else "unknown"


def _sentence(fault: Fault) -> str:
    return load_translator().explain(fault.kind.value, fault.params, CHINESE)


def _as_json(report: EvidenceReport, is_trusted: bool, has_queue: bool) -> dict[str, object]:
    return {
        "packages": report.packages,
        "unsigned": report.unsigned,
        "keys": sorted(report.keys),
        "trust_checked": is_trusted,
        "chains": [
            {
                "camera": chain.camera_id,
                "packages": chain.packages,
                "last_number": chain.last_number,
                "end_known_by": _end_source(chain, has_queue),
            }
            for chain in report.chains
        ],
        "faults": [
            {
                "package": str(fault.package),
                "file": fault.file,
                "kind": fault.kind.name.lower(),
                "problem": fault.problem,
            }
            for fault in report.faults
        ],
    }
