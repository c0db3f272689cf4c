"""POST /api/violations: where edges hand in what they found."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from starlette.concurrency import run_in_threadpool

from service.api.case_json import CaseJson
from service.api.intake import Intake
from service.api.problems import answers
from service.api.upload import read_upload
from service.api.visitor import Visitor
from vision import tracing

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["manifest", "seal", "files"],
                    "properties": {
                        "manifest": {"type": "string", "format": "binary", "description": "manifest.json"},
                        "seal": {
                            "type": "string",
                            "format": "binary",
                            "description": "manifest.signature.json, or manifest.sha256",
                        },
                        "files": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": "each file that the manifest lists, under its name",
                        },
                    },
                }
            }
        },
    }
}


def violations_router(intake: Intake) -> APIRouter:
    """Return the routes that take packages in."""
    router = APIRouter(prefix="/api", tags=["violations"])

    @router.post(
        "/violations",
        status_code=201,
        openapi_extra=_BODY,
        responses={
            200: {"model": CaseJson, "description": "Known already"},
            **answers(400, 409, 413, 422, 424, 503, 507),
        },
    )
    async def post_violation(
        request: Request,
        response: Response,
        visitor: Visitor,
        idempotency_key: Annotated[str | None, Header(max_length=64)] = None,
    ) -> CaseJson:
        """Hand in an evidence package; the same package again answers with the same case.

        A later picture of a violation joins its case; before that is there, the answer is 424: send it again later.
        A token that is bound to sites may hand in what their cameras found: the manifest tells site and camera.
        """
        with tracing.from_afar("intake", request.headers.get("traceparent", "")):
            async with read_upload(request) as upload:
                case, is_new = await run_in_threadpool(intake.accept, idempotency_key, upload, visitor)
        response.status_code = 201 if is_new else 200
        response.headers["Location"] = f"/api/cases/{case.id}"
        return CaseJson.of(case)

    return router
