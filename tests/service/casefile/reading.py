"""Reads a case file back: its text, fonts and pictures."""

import io
from pathlib import Path

from pypdf import PdfReader

from service.casefile.legible import BREAK


def reader(pdf: bytes) -> PdfReader:
    """Open the PDF."""
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """Return all text, without the white space and breaks that only the layout put there."""
    return squeezed("".join(page.extract_text() for page in reader(pdf).pages))


def squeezed(text: str) -> str:
    """Return the text without white space and places to break lines."""
    return "".join(text.replace(BREAK, "").split())


def embedded_fonts(pdf: bytes) -> dict[str, bool]:
    """Return each font's name and whether the file holds it."""
    found: dict[str, bool] = {}
    for page in reader(pdf).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            held = any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))
            found[str(inner["/BaseFont"])] = held
    return found


def hashes(package: Path) -> dict[str, bytes]:
    """Return what every file of a package holds."""
    return {path.name: path.read_bytes() for path in package.iterdir()}
