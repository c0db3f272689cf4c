"""A case's evidence over HTTP: the manifest, the files (also in parts, for video players), a small picture."""

from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import FileResponse, Response

from service.api.inputs import CaseId
from service.api.problems import answers
from service.api.thumbnail import thumbnail
from service.domain.cases import Case, EvidenceItem
from service.errors import EvidenceDamaged, NoSuchEvidence
from service.storage.case_store import CaseStore
from service.storage.evidence_folder import EvidenceFolder

_SAFE = {"X-Content-Type-Options": "nosniff"}
# Evidence never changes, so a browser need not ask for it twice.
_FIXED = {**_SAFE, "Cache-Control": "private, max-age=31536000, immutable"}


def evidence_router(store: CaseStore, evidence: EvidenceFolder) -> APIRouter:
    """Return the routes of the evidence."""
    router = APIRouter(prefix="/api/cases", tags=["evidence"])

    @router.get("/{case_id}/evidence", response_class=Response, responses=answers(404, 422, 500))
    def get_manifest(case_id: CaseId) -> Response:
        """Return the manifest as it was received, byte for byte."""
        content = evidence.manifest_bytes(store.get(case_id))
        return Response(content, media_type="application/json", headers=_SAFE)

    @router.get("/{case_id}/evidence/{name}", response_class=FileResponse, responses=answers(404, 416, 422, 500))
    def get_file(case_id: CaseId, name: Annotated[str, Path(max_length=200)]) -> FileResponse:
        """Return a file of the evidence; understands range requests."""
        case = store.get(case_id)
        item = next((item for item in case.evidence if item.name == name), None)
        if item is None:
            raise NoSuchEvidence(case_id=case_id)
        return FileResponse(
            _present(evidence, case, item),
            media_type=item.media_type,
            filename=f"case-{case.id}-{item.name}",
            content_disposition_type="inline",
            headers=_FIXED,
        )

    @router.get("/{case_id}/thumbnail", response_class=Response, responses=answers(404, 422, 500))
    def get_thumbnail(case_id: CaseId) -> Response:
        """Return the picture, small, for lists."""
        case = store.get(case_id)
        item = case.evidence_of("annotated") or case.evidence_of("clean")
        if item is None:
            raise NoSuchEvidence(case_id=case_id)
        try:
            content = thumbnail(_present(evidence, case, item))
        except ValueError as error:
            raise EvidenceDamaged(case_id=case_id, detail="the picture can't be read") from error
        return Response(content, media_type="image/jpeg", headers=_FIXED)

    return router


def _present(evidence: EvidenceFolder, case: Case, item: EvidenceItem) -> FilePath:
    path = evidence.path(case.folder, item.name)
    # The size is a cheap sign of damage; the full hash of a video at every range request would not be cheap.
    if not path.is_file() or path.stat().st_size != item.size_bytes:
        raise EvidenceDamaged(case_id=case.id, detail=f"{item.name} is missing or its size changed")
    return path
