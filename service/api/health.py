"""GET /healthz: whether the queue can work."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from service.storage.case_store import CaseStore
from service.storage.evidence_folder import EvidenceFolder


class Health(BaseModel):
    """Each part's condition."""

    status: Literal["ok", "failing"]
    database: bool
    evidence: bool
    room: bool
    """Whether the disk has room for more; without it nothing is taken in, and edges keep what they have."""


def health_router(store: CaseStore, evidence: EvidenceFolder) -> APIRouter:
    """Return the route that monitors ask."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz", responses={503: {"model": Health, "description": "Something does not work"}})
    def healthz(response: Response) -> Health:
        """Ask the database and the evidence folder."""
        try:
            store.check()
            database = True
        except SQLAlchemyError:
            database = False
        writable = evidence.is_writable()
        room = evidence.has_room()
        healthy = database and writable and room
        response.status_code = 200 if healthy else 503
        return Health(status="ok" if healthy else "failing", database=database, evidence=writable, room=room)

    return router
