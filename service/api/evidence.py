"""A case's evidence over HTTP: the manifest, the files (also in parts, for video players), a small picture."""

from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import FileResponse, Response

from service.api.inputs import MAX_ID, CaseId
from service.api.problems import answers
from service.api.thumbnail import thumbnail
from service.domain.cases import Case, EvidenceItem, LaterPackage
from service.errors import EvidenceDamaged, EvidenceDeleted, NoSuchEvidence
from service.storage.case_store import CaseStore
from service.storage.evidence_folder import EvidenceFolder

FileName = Annotated[str, Path(max_length=200)]
Number = Annotated[int, Path(ge=1, le=MAX_ID)]
_SAFE = {"X-Content-Type-Options": "nosniff"}
# Evidence never changes, so a browser need not ask for it twice; the next one to sign in there has to.
_FIXED = {**_SAFE, "Cache-Control": "private, max-age=31536000, immutable", "Vary": "Cookie"}


def evidence_router(store: CaseStore, evidence: EvidenceFolder) -> APIRouter:
    """Return the routes of the evidence."""
    router = APIRouter(prefix="/api/cases", tags=["evidence"])

    @router.get("/{case_id}/evidence", response_class=Response, responses=answers(404, 422, 500))
    def get_manifest(case_id: CaseId) -> Response:
        """Return the manifest as it was received, byte for byte."""
        content = evidence.manifest_bytes(store.get(case_id))
        return Response(content, media_type="application/json", headers=_SAFE)

    @router.get("/{case_id}/evidence/{name}", response_class=FileResponse, responses=answers(404, 410, 416, 422, 500))
    def get_file(case_id: CaseId, name: FileName) -> FileResponse:
        """Return a file of the evidence; understands range requests."""
        case = store.get(case_id)
        return _file(evidence, case, case, name)

    @router.get("/{case_id}/thumbnail", response_class=Response, responses=answers(404, 410, 422, 500))
    def get_thumbnail(case_id: CaseId) -> Response:
        """Return the picture, small, for lists."""
        case = store.get(case_id)
        return _small(evidence, case, case)

    @router.get("/{case_id}/later/{number}/evidence", response_class=Response, responses=answers(404, 422, 500))
    def get_later_manifest(case_id: CaseId, number: Number) -> Response:
        """Return the manifest of a later picture as it was received, byte for byte."""
        case = store.get(case_id)
        content = evidence.manifest_bytes(case, _later(case, number))
        return Response(content, media_type="application/json", headers=_SAFE)

    @router.get(
        "/{case_id}/later/{number}/evidence/{name}",
        response_class=FileResponse,
        responses=answers(404, 410, 416, 422, 500),
    )
    def get_later_file(case_id: CaseId, number: Number, name: FileName) -> FileResponse:
        """Return a file of a later picture."""
        case = store.get(case_id)
        return _file(evidence, case, _later(case, number), name)

    @router.get("/{case_id}/later/{number}/thumbnail", response_class=Response, responses=answers(404, 410, 422, 500))
    def get_later_thumbnail(case_id: CaseId, number: Number) -> Response:
        """Return a later picture, small."""
        case = store.get(case_id)
        return _small(evidence, case, _later(case, number))

    return router


def _later(case: Case, number: int) -> LaterPackage:
    later = next((each for each in case.later if each.number == number), None)
    if later is None:
        raise NoSuchEvidence(case_id=case.id)
    return later


def _file(evidence: EvidenceFolder, case: Case, package: Case | LaterPackage, name: str) -> FileResponse:
    item = next((item for item in package.evidence if item.name == name), None)
    if item is None:
        raise NoSuchEvidence(case_id=case.id)
    prefix = f"case-{case.id}" if isinstance(package, Case) else f"case-{case.id}-later-{package.number}"
    return FileResponse(
        _present(evidence, case, package, item),
        media_type=item.media_type,
        filename=f"{prefix}-{item.name}",
        content_disposition_type="inline",
        headers=_FIXED,
    )


def _small(evidence: EvidenceFolder, case: Case, package: Case | LaterPackage) -> Response:
    item = package.picture
    if item is None:
        raise NoSuchEvidence(case_id=case.id)
    try:
        content = thumbnail(_present(evidence, case, package, item))
    except ValueError as error:
        raise EvidenceDamaged(case_id=case.id, detail="the picture can't be read") from error
    return Response(content, media_type="image/jpeg", headers=_FIXED)


def _present(evidence: EvidenceFolder, case: Case, package: Case | LaterPackage, item: EvidenceItem) -> FilePath:
    path = evidence.path(package.folder, item.name)
    if not path.is_file() and evidence.is_deleted(package.folder):
        raise EvidenceDeleted(case_id=case.id)
    # The size is a cheap sign of damage; the full hash of a video at every range request would not be cheap.
    if not path.is_file() or path.stat().st_size != item.size_bytes:
        raise EvidenceDamaged(case_id=case.id, detail=f"{item.name} is missing or its size changed")
    return path
