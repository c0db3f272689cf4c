"""Answers every failure as problem+json (RFC 9457), so that a machine can tell what to do next."""

import http
from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from service import errors
from service.accounts.access import TABLE
from service.domain.office.errors import AlertsOverlap, NoRulesOn
from service.storage.database import known_failure

MEDIA_TYPE = "application/problem+json"
REFUSAL_KEY = "dustwatch.refusal"
"""Where a route's error is left in a request's ASGI scope, for the guard to write down."""

log = structlog.get_logger(__name__)


class Problem(BaseModel):
    """What went wrong: `type` tells machines, `detail` tells people."""

    type: str
    title: str
    status: int
    detail: str


_STATUS: dict[type[errors.ServiceError], int] = {
    errors.BadUpload: 400,
    errors.NotAttachable: 415,
    errors.NoJpeg: 415,
    errors.PictureUnreadable: 422,
    errors.NoSuchCase: 404,
    errors.NoSuchEvidence: 404,
    errors.NoSuchMaintenanceCase: 404,
    errors.NoSuchInstrument: 404,
    errors.NoSuchSite: 404,
    errors.UnknownCamera: 404,
    errors.NotSignedIn: 401,
    errors.BadSignIn: 403,
    errors.OidcRefused: 403,
    errors.OidcTooLate: 403,
    errors.OidcNobody: 403,
    errors.NoOidc: 404,
    errors.OidcUnreachable: 503,
    errors.NotAllowed: 403,
    errors.ForeignSite: 403,
    errors.ForeignCamera: 403,
    errors.ForeignCase: 403,
    errors.WholeCity: 403,
    errors.CrossSite: 403,
    errors.StepNotAllowed: 403,
    errors.NoSuchUser: 404,
    errors.NoSuchToken: 404,
    errors.AlreadyDecided: 409,
    errors.NotDecided: 409,
    errors.StepNotPossible: 409,
    errors.BadMergeTarget: 409,
    errors.KeyTaken: 409,
    errors.MaintenanceCaseClosed: 409,
    errors.ObservationKeyTaken: 409,
    errors.UserNameTaken: 409,
    errors.TokenNameTaken: 409,
    errors.LastAdministrator: 409,
    errors.LeaseSuperseded: 409,
    AlertsOverlap: 409,
    NoRulesOn: 409,
    errors.BadLink: 410,
    errors.EvidenceDeleted: 410,
    errors.CaseChanged: 412,
    errors.SiteChanged: 412,
    errors.LayoutChanged: 412,
    errors.TooLarge: 413,
    errors.BadCursor: 422,
    errors.RequestKeyTaken: 422,
    errors.TooManyCases: 422,
    errors.StepIncomplete: 422,
    errors.BadUser: 422,
    errors.UserNameMismatch: 422,
    errors.PasswordTooShort: 422,
    errors.PasswordTooLong: 422,
    errors.PasswordTooCommon: 422,
    errors.PasswordsDiffer: 422,
    errors.SiteIdMismatch: 422,
    errors.KeyMismatch: 422,
    errors.ObservationKeyMismatch: 422,
    errors.BadManifest: 422,
    errors.SealBroken: 422,
    errors.SignatureBroken: 422,
    errors.BadTimeSpan: 422,
    errors.BadDays: 422,
    errors.WrongFiles: 422,
    errors.FileAltered: 422,
    errors.FirstPackageMissing: 424,
    errors.SignInLater: 429,
    errors.UploadQuotaUsed: 429,
    errors.HistoryBroken: 500,
    errors.EvidenceDamaged: 500,
    errors.StorageBusy: 503,
    errors.StorageFull: 507,
}
"""Edges send again after 5xx, and after 424 later; other 4xx mean that sending the same once more can't help."""

_RETRY_AFTER = {503: "5", 507: "300"}
"""Seconds; room is not made as quickly as a lock ends."""


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what a route's documentation says about the problems that it answers."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": http.HTTPStatus(status).phrase, "content": content} for status in statuses}


def problem(status: int, detail: str, kind: str = "about:blank", headers: dict[str, str] | None = None) -> JSONResponse:
    """Return a problem+json answer; `kind` is a URN that names the problem."""
    body = Problem(type=kind, title=http.HTTPStatus(status).phrase, status=status, detail=detail)
    return JSONResponse(body.model_dump(), status, headers, media_type=MEDIA_TYPE)


def kind_of(error: str) -> str:
    """Return the URN that names the problem of an error's class."""
    return f"urn:dustwatch:problem:{_kebab(error)}"


def status_of(error: errors.ServiceError) -> int:
    """Return the HTTP status that one of our errors is answered with."""
    return _STATUS.get(type(error), 500)


def problem_of(error: errors.ServiceError, path: str) -> JSONResponse:
    """Return the answer for one of our errors, and log it."""
    status = status_of(error)
    kind = kind_of(type(error).__name__)
    level = log.error if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR else log.warning
    level("request.refused", path=path, status=status, problem=kind, detail=str(error))
    headers = {"Retry-After": _RETRY_AFTER[status]} if status in _RETRY_AFTER else {}
    if isinstance(error, errors.SignInLater):
        headers["Retry-After"] = error.params["seconds"]
    if isinstance(error, errors.NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    return problem(status, str(error), kind, headers)


def answer_problems(app: FastAPI) -> None:
    """Make the app answer our errors, refused input and its own failures as problem+json."""

    @app.exception_handler(errors.ServiceError)
    def service_error(request: Request, error: errors.ServiceError) -> JSONResponse:
        request.scope[REFUSAL_KEY] = error
        return problem_of(error, request.url.path)

    @app.exception_handler(OperationalError)
    def database_error(request: Request, error: OperationalError) -> JSONResponse:
        known = known_failure(error)
        if known is not None:
            return service_error(request, known)
        return unexpected(request, error)

    @app.exception_handler(RequestValidationError)
    def bad_input(_request: Request, error: RequestValidationError) -> JSONResponse:
        details = [f"{'.'.join(str(step) for step in item['loc'])}: {item['msg']}" for item in error.errors()]
        return problem(422, "; ".join(details), "urn:dustwatch:problem:bad-input")

    @app.exception_handler(HTTPException)
    def http_error(_request: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, str(error.detail), headers=dict(error.headers or {}))

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> JSONResponse:
        log.error("request.failed", path=request.url.path, exc_info=error)
        return problem(500, "the case queue failed; its log says why")


def document_problems(app: FastAPI) -> None:
    """Put a problem's shape into the app's OpenAPI description, where `answers` points, and the guard's refusals."""
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        schema = describe()
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                if not _is_public(method.upper(), path):
                    operation["responses"] = {**_REFUSALS, **operation["responses"]}
        return schema

    # The way that FastAPI itself documents for extending the description.
    app.openapi = openapi  # type: ignore[method-assign]


def _is_public(method: str, path: str) -> bool:
    return any(row.is_public and (row.method, row.path) == (method, path) for row in TABLE)


_REFUSALS = {str(status): told for status, told in answers(401, 403).items()}
"""What the guard answers before any route that is not public."""


class UnknownApiPath:
    """Answers what no route of the API took: 405 where only the method is wrong, else 404.

    Needed because the pages are mounted at `/` and would answer with a page of their own.
    """

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = tuple(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        allowed = [method for method in _METHODS if self._is_known({**scope, "method": method})]
        if allowed:
            headers = {"Allow": ", ".join(allowed)}
            answer = problem(405, "this path does not know the method", headers=headers)
        else:
            answer = problem(404, "there is nothing at this path")
        await answer(scope, receive, send)

    def _is_known(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] is Match.FULL for route in self._routes)


_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _kebab(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")
