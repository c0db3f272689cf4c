"""What is read about a case after its picture stands: history, manifest, dust, advice, and the cases beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.domain.cases import Case
from service.domain.lifecycle import HistoryEntry
from service.domain.office.advice import Advice
from service.dust.beside import DustBeside
from service.pages.sources import Sources
from service.storage.case_filter import CaseFilter
from service.storage.cases_beside import CameraPast, CasesBeside
from service.storage.dust_beside import dust_of_case
from service.storage.report_store import YEAR
from service.storage.site_record import SiteRecord
from vision.evidence.manifest import Manifest


@dataclass(frozen=True)
class CaseDetails:
    """`manifest` is None when it is damaged; `look_alikes` wait for a decision like the case itself.

    `offences` are the site's confirmed cases of a year, by rule. `advice` is None where the case is no offence, or no
    rules held when it was found.
    """

    history: tuple[HistoryEntry, ...]
    manifest: Manifest | None
    dust: tuple[DustBeside, ...]
    past: CameraPast
    offences: Mapping[str, int]
    look_alikes: tuple[Case, ...]
    advice: Advice | None


def read_details(sources: Sources, case: Case, visible: CaseFilter, now: datetime) -> CaseDetails:
    """Read all of it, of what `visible` allows to be seen; takes some milliseconds, so not on the event loop."""
    beside = CasesBeside(sources.store.engine)
    return CaseDetails(
        history=sources.store.history(case.id),
        manifest=sources.evidence.manifest(case),
        dust=dust_of_case(sources.dust, case, now),
        past=beside.past(case, visible.scope),
        offences=SiteRecord(sources.store.engine).offences(case.site_id, now - YEAR),
        look_alikes=beside.look_alikes(case, visible.scope),
        advice=sources.advice.advice_if_any(case.id, now),
    )
