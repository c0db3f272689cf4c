"""Lays a sheet out as an A4 PDF (PDF/A-2b, for archives) with its fonts inside."""

import json
import shutil
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import typst

from service.casefile.legible import legible
from service.casefile.sheet import Sheet
from vision.evidence.annotate import FONT_PATH

LAYOUT = Path(__file__).with_name("casefile.typ")
COMMANDS = (
    ("dustwatch evidence verify 证据包目录 --trust 密钥指纹", "逐字节核验清单、文件与签名"),
    ("sha256sum *.jpg *.mp4 manifest.json", "不用 dustwatch：与上表逐一对照"),
    (
        "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in manifest.json -sigfile signature",
        "核验签名",
    ),
)
"""How to check on one's own, and what each command tells; key.pem and signature come from manifest.signature.json."""


def typeset(sheet: Sheet, created_at: datetime) -> bytes:
    """Return the PDF; equal sheets and times give equal bytes. `created_at` is told in the file's own data, in UTC."""
    with tempfile.TemporaryDirectory(prefix="dustwatch-casefile-") as name:
        folder = Path(name)
        shutil.copyfile(LAYOUT, folder / LAYOUT.name)
        data = made_legible(asdict(sheet) | {"pictures": _store_pictures(sheet, folder), "commands": _commands()})
        assert isinstance(data, dict)
        data["created"] = typst_date(created_at.astimezone(UTC))
        (folder / "sheet.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return typst.compile(
            folder / LAYOUT.name, root=folder, font_paths=shipped_fonts(), format="pdf", pdf_standards="a-2b"
        )


@lru_cache(maxsize=1)
def shipped_fonts() -> typst.Fonts:
    """Return the fonts that print anything of ours."""
    # The system's fonts are left out: the same case gives the same file on every machine.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONT_PATH.parent)])


def _store_pictures(sheet: Sheet, folder: Path) -> list[dict[str, object]]:
    stored: list[dict[str, object]] = []
    for number, picture in enumerate(sheet.pictures):
        path = None
        if picture.jpeg is not None:
            path = f"picture-{number}.jpg"
            (folder / path).write_bytes(picture.jpeg)
        width, height = picture.size
        texts = {"title": picture.title, "note": picture.note, "original": picture.original}
        stored.append({**texts, "path": path, "width": width, "height": height})
    return stored


def _commands() -> list[dict[str, str]]:
    return [{"text": text, "says": says} for text, says in COMMANDS]


def typst_date(moment: datetime) -> dict[str, int]:
    """Return the parts of which the layout makes its own date."""
    names = ("year", "month", "day", "hour", "minute", "second")
    return {name: getattr(moment, name) for name in names}


def made_legible(value: object) -> object:
    """Make every text in nested data legible, so that none is forgotten."""
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, dict):
        return {name: made_legible(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [made_legible(part) for part in value]
    return value
