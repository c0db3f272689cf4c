"""What may leave the office over HTTP: the printed case file, and pictures with the people in them blurred."""

import threading
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from models.errors import ModelError
from service.api.inputs import CaseId
from service.api.problems import answers
from service.casefile.examination import examine
from service.casefile.people import person_finder
from service.casefile.pictures import redact_files
from service.casefile.printing import finder_if_any, print_case_file
from service.casefile.redacted import copy_to_hand_out
from service.clock import Clock
from service.errors import EvidenceDamaged, NoPeopleModel, NoSuchEvidence
from service.storage.advice_store import AdviceStore
from service.storage.case_store import CaseStore
from service.storage.evidence_folder import EvidenceFolder

_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


def casefile_router(store: CaseStore, evidence: EvidenceFolder, advice: AdviceStore, clock: Clock) -> APIRouter:
    """Return the routes of what is handed out."""
    router = APIRouter(prefix="/api/cases", tags=["case file"])
    # Looking for people takes seconds of all cores: one after the other leaves the queue usable.
    turn = threading.Lock()

    @router.get("/{case_id}/casefile.pdf", response_class=Response, responses=answers(404, 422))
    def get_case_file(case_id: CaseId) -> Response:
        """Print the case file; evidence that is missing or damaged is said on its first page."""
        case, now = store.get(case_id), clock()
        with turn:
            printed = print_case_file(
                evidence.package(case),
                finder_if_any(),
                printed_at=now,
                case=case,
                history=store.history(case_id),
                advice=advice.advice_if_any(case_id, now),
            )
        headers = {**_HEADERS, "Content-Disposition": f'inline; filename="case-{case.id}.pdf"'}
        return Response(printed.pdf, media_type="application/pdf", headers=headers)

    @router.get("/{case_id}/redacted/{name}", response_class=Response, responses=answers(404, 422, 500))
    def get_redacted(case_id: CaseId, name: Annotated[str, Path(max_length=200)]) -> Response:
        """Return a copy of a picture with the people blurred, which says what it is a copy of."""
        case = store.get(case_id)
        item = next((item for item in case.evidence if item.name == name and item.media_type == "image/jpeg"), None)
        if item is None:
            raise NoSuchEvidence(case_id=case_id)
        files = examine(evidence.package(case), case).files
        with turn:
            try:
                picture = redact_files(files, person_finder())[item.name]
            except ModelError as error:
                raise NoPeopleModel(detail=error) from error
        if isinstance(picture, str):
            raise EvidenceDamaged(case_id=case_id, detail=f"{item.name} is missing or was changed")
        headers = {**_HEADERS, "Content-Disposition": f'inline; filename="case-{case.id}-redacted-{item.name}"'}
        return Response(copy_to_hand_out(picture, item.name, item.sha256), media_type="image/jpeg", headers=headers)

    return router
