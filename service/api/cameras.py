"""/api/v1/cameras: what edges tell about their cameras, and the cameras' newest pictures."""

import io
from typing import Annotated, ClassVar, Literal

from fastapi import APIRouter, Header, Path, Query, Request, Response
from PIL import Image
from pydantic import AwareDatetime, BaseModel, Field
from starlette.concurrency import run_in_threadpool

from service.accounts.machine_sites import holds
from service.api.counted_body import read_counted
from service.api.machine_reach import MachineReach
from service.api.problems import answers
from service.api.small_body import SmallBodyRoute
from service.api.visitor import Visitor
from service.clock import Clock
from service.config.site import Id
from service.domain.asking_pace import AskingPace
from service.domain.camera_news import CameraKey, CameraNews
from service.domain.health import UtcMoment
from service.domain.live_views import LiveViews
from service.storage.camera_store import MOST_BYTES, CameraStore, KnownCamera

SMALL_WIDTH = 480
MOST_TOLD = 100
"""Cameras told about in one request."""
_HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Cookie", "X-Content-Type-Options": "nosniff"}
SiteIdPath = Annotated[Id, Path(examples=["binjiang-1"])]
CameraIdPath = Annotated[Id, Path(examples=["binjiang-1-gate"])]


class CameraJson(BaseModel):
    """A camera as its edge told it at `told_at`, and when its picture was captured. Times are UTC."""

    site_id: str
    camera_id: str
    told_at: AwareDatetime
    picture_at: AwareDatetime | None
    news: CameraNews

    @classmethod
    def of(cls, camera: KnownCamera) -> "CameraJson":
        """Return the camera's JSON."""
        at = camera.picture.captured_at if camera.picture else None
        return cls(**camera.key.model_dump(), told_at=camera.told_at, picture_at=at, news=camera.news)


class ToldCamera(CameraKey):
    """One of several cameras that an edge tells about."""

    news: CameraNews


class ToldCameras(BaseModel):
    """What an edge tells about its cameras; of two about the same one the last counts."""

    items: Annotated[list[ToldCamera], Field(min_length=1, max_length=MOST_TOLD)]


class WantedJson(BaseModel):
    """The cameras that somebody looks at now: send each new picture of them, every 2 s at most.

    Ask again after `ask_again_s`, or after 2 s while one of your own cameras is looked at.
    """

    items: list[CameraKey]
    ask_again_s: float


def cameras_router(store: CameraStore, live: LiveViews, reach: MachineReach, clock: Clock) -> APIRouter:
    """Return the routes of what is told about cameras."""
    router = APIRouter(prefix="/api/v1/cameras", tags=["cameras"], route_class=SmallBodyRoute)
    pace = AskingPace()

    @router.get("")
    def list_cameras(visitor: Visitor) -> list[CameraJson]:
        """List the cameras that edges have told about."""
        return [CameraJson.of(camera) for camera in store.all(visitor.scope)]

    @router.get("/wanted")
    async def list_wanted(visitor: Visitor) -> WantedJson:
        """List the cameras that are looked at live, of those sites that the token is for."""
        # A city's edges ask all the time; what is in memory needs no thread, of which there may be none left.
        now = clock()
        items = [key for key in live.wanted(now) if holds(visitor, key.site_id)]
        return WantedJson(items=items, ask_again_s=pace.asked(now))

    @router.put("/{site_id}/{camera_id}", status_code=204, responses=answers(400, 413, 422, 503, 507))
    def tell(site_id: SiteIdPath, camera_id: CameraIdPath, body: CameraNews, visitor: Visitor) -> None:
        """Tell how a camera is; what was told before is forgotten."""
        reach.check(visitor, [(site_id, camera_id)])
        store.tell(CameraKey(site_id=site_id, camera_id=camera_id), body, clock())

    return router


class _LongerBodyRoute(SmallBodyRoute):
    MOST_BYTES: ClassVar[int] = 2 << 20


def told_cameras_router(store: CameraStore, reach: MachineReach, clock: Clock) -> APIRouter:
    """Return the route by which an edge tells about all its cameras at once."""
    router = APIRouter(prefix="/api/v1/cameras", tags=["cameras"], route_class=_LongerBodyRoute)

    @router.post("", status_code=204, responses=answers(400, 413, 422, 503, 507))
    def tell_all(body: ToldCameras, visitor: Visitor) -> None:
        """Tell how several cameras are, all or, where one is refused, none of them.

        Where one is of a site that the token is not for, tell them one by one: the others are taken so.
        """
        reach.check(visitor, [(each.site_id, each.camera_id) for each in body.items])
        news = {CameraKey(site_id=each.site_id, camera_id=each.camera_id): each.news for each in body.items}
        store.tell_all(news, clock())

    return router


def camera_pictures_router(store: CameraStore, clock: Clock) -> APIRouter:
    """Return the routes of the cameras' newest pictures."""
    router = APIRouter(prefix="/api/v1/cameras/{site_id}/{camera_id}", tags=["cameras"])

    @router.put(
        "/picture",
        status_code=204,
        responses=answers(400, 404, 413, 415, 422, 503, 507),
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
            }
        },
    )
    async def put_picture(
        site_id: SiteIdPath,
        camera_id: CameraIdPath,
        request: Request,
        captured_at: Annotated[UtcMoment, Query(examples=["2025-06-01T04:00:00Z"])],
    ) -> None:
        """Keep the body, a JPEG, as the camera's newest picture; one older than what is kept changes nothing.

        The camera has to be told about before, which is where the sites of a token are looked at.
        """
        jpeg = await read_counted(request, "the picture", MOST_BYTES)
        key = CameraKey(site_id=site_id, camera_id=camera_id)
        await run_in_threadpool(store.keep_picture, key, jpeg, captured_at, clock())

    @router.get(
        "/picture",
        response_class=Response,
        responses={
            200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}},
            304: {"description": "It is still the one of the ETag"},
            **answers(404, 422),
        },
    )
    def get_picture(
        site_id: SiteIdPath,
        camera_id: CameraIdPath,
        size: Literal["full", "small"] = "full",
        if_none_match: Annotated[str | None, Header(max_length=500)] = None,
    ) -> Response:
        """Return the newest picture, whole or small enough for a list."""
        facts, jpeg = store.picture(CameraKey(site_id=site_id, camera_id=camera_id))
        tag = f'"{facts.sha256[:32]}-{size}"'
        headers = {**_HEADERS, "ETag": tag, "Last-Modified": facts.captured_at.strftime("%a, %d %b %Y %H:%M:%S GMT")}
        if if_none_match is not None and tag in if_none_match:
            return Response(status_code=304, headers=headers)
        return Response(_small(jpeg) if size == "small" else jpeg, media_type="image/jpeg", headers=headers)

    return router


def _small(jpeg: bytes) -> bytes:
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as picture:
        picture.draft("RGB", (SMALL_WIDTH, SMALL_WIDTH))
        picture.thumbnail((SMALL_WIDTH, SMALL_WIDTH))
        small = io.BytesIO()
        picture.convert("RGB").save(small, "JPEG", quality=80)
    return small.getvalue()
