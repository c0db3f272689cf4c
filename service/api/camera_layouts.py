"""/api/v1/camera-layouts and /api/v1/cameras/../layouts: what is drawn on the cameras' pictures, by version."""

import hashlib
from datetime import datetime
from typing import Annotated

import structlog
from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, Field

from service.accounts.machine_sites import holds
from service.api.cameras import CameraIdPath, SiteIdPath
from service.api.inputs import Text
from service.api.look_backs import CameraIds
from service.api.machine_reach import MachineReach
from service.api.problems import answers
from service.api.small_body import SmallBodyRoute
from service.api.visitor import Visitor
from service.clock import Clock
from service.config.layout import CameraLayout
from service.domain.camera_news import CameraKey, NewestLayout
from service.domain.kept_layout import KeptLayout
from service.storage.layout_store import LayoutStore

log = structlog.get_logger(__name__)


class NewestLayoutsJson(BaseModel):
    """The newest layouts of the cameras that were asked for; those without one go by their edge's file."""

    items: list[NewestLayout]


class LayoutRequest(BaseModel):
    """A layout to be saved; `after` is the version that it was drawn from, 0 for none, null for whichever."""

    layout: CameraLayout
    note: Annotated[Text, Field(max_length=500)] = ""
    by: Annotated[Text, Field(max_length=100)] = ""
    after: Annotated[int | None, Field(ge=0)] = None


class KeptLayoutJson(BaseModel):
    """One version of a camera's layout. The time is UTC."""

    version: int
    at: datetime
    by: str
    note: str
    layout: CameraLayout

    @classmethod
    def of(cls, kept: KeptLayout) -> "KeptLayoutJson":
        """Return the version's JSON."""
        return cls(version=kept.version, at=kept.at, by=kept.by, note=kept.note, layout=kept.layout)


_NO_CACHE = {"Cache-Control": "no-cache"}


def _short_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def camera_layouts_router(store: LayoutStore, reach: MachineReach, clock: Clock) -> APIRouter:
    """Return the routes of the layouts."""
    router = APIRouter(prefix="/api/v1", tags=["cameras"], route_class=SmallBodyRoute)

    @router.get("/camera-layouts", response_model=NewestLayoutsJson, responses={304: {}, **answers(422)})
    def list_newest(
        camera_ids: CameraIds, visitor: Visitor, if_none_match: Annotated[str | None, Header(max_length=500)] = None
    ) -> Response:
        """List the newest layout of each camera; 304 while they are those of the ETag.

        For a token that is bound to sites, cameras of others are left out; with no other it is refused.
        """
        camera_ids = reach.own(visitor, camera_ids, new=True)
        # Read before the layouts: what is saved in between is found at the next question.
        question = f"{store.revision()}-{_short_hash(' '.join(camera_ids).encode())}"
        if if_none_match is not None and if_none_match.startswith(f'"{question}-'):
            return Response(status_code=304, headers={"ETag": if_none_match, **_NO_CACHE})
        newest = [each for each in store.newest(camera_ids) if holds(visitor, each.key.site_id)]
        items = [NewestLayout.model_validate({**vars(each.key), **vars(each)}) for each in newest]
        content = NewestLayoutsJson(items=items).model_dump_json().encode()
        answer = _short_hash(content)
        headers = {"ETag": f'"{question}-{answer}"', **_NO_CACHE}
        if if_none_match is not None and if_none_match.endswith(f'-{answer}"'):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type="application/json", headers=headers)

    @router.get("/cameras/{site_id}/{camera_id}/layouts", responses=answers(422))
    def list_versions(site_id: SiteIdPath, camera_id: CameraIdPath) -> list[KeptLayoutJson]:
        """List every version of a camera's layout, the newest first."""
        return [KeptLayoutJson.of(kept) for kept in store.versions(CameraKey(site_id=site_id, camera_id=camera_id))]

    @router.post(
        "/cameras/{site_id}/{camera_id}/layouts", status_code=201, responses=answers(400, 412, 413, 422, 503, 507)
    )
    def save(site_id: SiteIdPath, camera_id: CameraIdPath, body: LayoutRequest, visitor: Visitor) -> KeptLayoutJson:
        """Save a new version; the camera's edge takes it within a minute."""
        key, by = CameraKey(site_id=site_id, camera_id=camera_id), visitor.called(body.by)
        kept = store.save(key, body.layout, by=by, note=body.note, at=clock(), after=body.after)
        log.info("layout.saved", camera=camera_id, version=kept.version)
        return KeptLayoutJson.of(kept)

    return router
