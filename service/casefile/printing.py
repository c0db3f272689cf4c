"""Prints a case file: examines the package, blurs the people in its pictures, and lays everything out as a PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from models.errors import ModelError
from service.casefile.composition import compose
from service.casefile.examination import examine
from service.casefile.people import FindsPeople, person_finder
from service.casefile.pictures import printed_pictures
from service.casefile.typesetting import typeset
from service.domain.cases import Case
from service.domain.lifecycle import HistoryEntry
from service.domain.office.advice import Advice
from vision.evidence.faults import Fault

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class CaseFile:
    """A printed case file, and what was found wrong with its evidence, which it says too."""

    pdf: bytes
    faults: tuple[Fault, ...]


def print_case_file(
    package: Path,
    finder: FindsPeople | None,
    *,
    printed_at: datetime,
    case: Case | None = None,
    history: Sequence[HistoryEntry] = (),
    advice: Advice | None = None,
) -> CaseFile:
    """Print the case file of an evidence package; what is missing or damaged is said in it.

    `case`, `history` and `advice` are the queue's; without them the package alone is told. Without a `finder` no
    picture is printed. `printed_at` is timezone-aware.
    """
    found = examine(package, case)
    pictures = printed_pictures(found.files, finder)
    sheet = compose(found, pictures, printed_at=printed_at, case=case, history=history, advice=advice)
    return CaseFile(typeset(sheet, printed_at), found.faults)


def finder_if_any() -> FindsPeople | None:
    """Return what finds people; None, which is logged, where its model can't be used."""
    try:
        return person_finder()
    except ModelError as error:
        log.warning("casefile.no_people_model", problem=str(error))
        return None
