"""/api/v1/cases/{id}/attachments: photographs and papers that people add to a case, as a note in its history."""

import re
from typing import Annotated

import structlog
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool

from service.api.case_json import CaseJson
from service.api.counted_body import read_counted
from service.api.etags import etag
from service.api.inputs import CaseId, Text
from service.api.problems import answers
from service.api.visitor import Visitor
from service.clock import Clock
from service.domain.cases import Case, EvidenceItem
from service.domain.lifecycle import Actor, Role, Step, Told
from service.errors import EvidenceDeleted, NoSuchEvidence
from service.storage.attachment import MOST_BYTES, make_attachment
from service.storage.case_store import CaseStore
from service.storage.evidence_folder import EvidenceFolder, attachment_folder
from service.storage.upload_quota import UploadQuota

log = structlog.get_logger(__name__)

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_SHOWN_SAFELY = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
    "Cache-Control": "private, max-age=31536000, immutable",
    "Vary": "Cookie",
}


def attachments_router(store: CaseStore, evidence: EvidenceFolder, clock: Clock, quota: UploadQuota) -> APIRouter:
    """Return the routes of what people add to a case."""
    router = APIRouter(prefix="/api/v1/cases", tags=["cases"])

    @router.post(
        "/{case_id}/attachments",
        responses=answers(400, 403, 404, 413, 415, 422, 429, 503, 507),
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    kind: {"schema": {"type": "string", "format": "binary"}}
                    for kind in ("image/jpeg", "image/png", "image/webp", "application/pdf")
                },
            }
        },
    )
    async def attach(
        case_id: CaseId,
        request: Request,
        response: Response,
        visitor: Visitor,
        name: Annotated[Text, Query(max_length=100, description="The file's name, as people are to read it")] = "",
        reason: Annotated[Text, Query(max_length=500, description="What it shows")] = "",
        by: Annotated[Text, Query(max_length=100)] = "",
        role: Role | None = None,
    ) -> CaseJson:
        """Add a picture or a PDF, which is the body; the same file again changes nothing.

        Who is signed in adds it, whatever `by` tells, in the `role` if it is theirs.
        """
        content = await read_counted(request, "the file", MOST_BYTES)
        state = (await run_in_threadpool(store.get, case_id)).state
        actor = visitor.actor(state, Step.NOTE, typed=by, wanted=role)
        case = await run_in_threadpool(_attach, case_id, content, title_of(name), reason, actor)
        response.headers["ETag"] = etag(case.version)
        return CaseJson.of(case)

    def _attach(case_id: int, content: bytes, title: str, reason: str, actor: Actor) -> Case:
        case = store.get(case_id)
        attachment = make_attachment(title, content)
        if _find(store, case_id, attachment.item.sha256) is not None:
            return case
        quota.check(actor, attachment.item.size_bytes, clock())
        evidence.keep_attachment(case_id, attachment)
        told = Told(reason or attachment.item.name, attachments=(attachment.item,))
        case, _ = store.take_step(case_id, Step.NOTE, actor, told, at=clock())
        log.info("case.attached", case=case_id, bytes=attachment.item.size_bytes, sha256=attachment.item.sha256)
        return case

    @router.get(
        "/{case_id}/attachments/{sha256}", response_class=FileResponse, responses=answers(404, 410, 416, 422, 500)
    )
    def get_attachment(
        case_id: CaseId, sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="As the history tells it")]
    ) -> FileResponse:
        """Return something that was attached."""
        item = _find(store, case_id, sha256)
        if item is None:
            raise NoSuchEvidence(case_id=case_id)
        folder = attachment_folder(case_id, sha256)
        path = evidence.path(folder, sha256)
        if evidence.is_deleted(folder):
            raise EvidenceDeleted(case_id=case_id)
        return FileResponse(
            path,
            media_type=item.media_type,
            filename=f"case-{case_id}-{item.name}",
            content_disposition_type="inline" if item.media_type == "image/jpeg" else "attachment",
            headers=_SHOWN_SAFELY,
        )

    return router


def title_of(name: str) -> str:
    """Return a file's name without folders, ending and what file systems forbid; `attachment` where nothing is left."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return _FORBIDDEN.sub("", _ENDING.sub("", last)).strip(" .") or "attachment"


def _find(store: CaseStore, case_id: int, sha256: str) -> EvidenceItem | None:
    items = (item for entry in store.history(case_id) for item in entry.told.attachments)
    return next((item for item in items if item.sha256 == sha256), None)
