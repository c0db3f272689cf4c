"""/api/v1/sites: the sites under watch, who answers for them, and how strictly they are controlled."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel

from service.api.etags import IfMatch, etag, wanted_version
from service.api.inputs import Limit
from service.api.problems import answers
from service.api.small_body import SmallBodyRoute
from service.api.visitor import Visitor
from service.domain.sites import Category, Site, SiteId, site_categories
from service.errors import SiteIdMismatch
from service.storage.site_store import KeptSite, SiteFilter, SiteStore

log = structlog.get_logger(__name__)

_SiteIdInPath = Annotated[SiteId, Path()]
_Name = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class SiteJson(BaseModel):
    """A site and its version, which is its ETag too."""

    site: Site
    version: int

    @classmethod
    def of(cls, kept: KeptSite) -> "SiteJson":
        """Return the site's JSON."""
        return cls(site=kept.site, version=kept.version)


class SiteListJson(BaseModel):
    """Some sites by their ids; `next_cursor` asks for those that follow."""

    items: list[SiteJson]
    next_cursor: str | None


def sites_router(store: SiteStore) -> APIRouter:
    """Return the routes of the sites."""
    router = APIRouter(prefix="/api/v1", tags=["sites"], route_class=SmallBodyRoute)

    @router.get("/site-categories")
    def list_categories() -> list[Category]:
        """List the kinds of site."""
        return list(site_categories().values())

    @router.get("/sites", responses=answers(422))
    def list_sites(
        visitor: Visitor, district: _Name = None, category: _Name = None, limit: Limit = 50, cursor: _Name = None
    ) -> SiteListJson:
        """List sites by their ids."""
        page = store.page(SiteFilter(district, category, visitor.scope), limit=limit, cursor=cursor)
        return SiteListJson(items=[SiteJson.of(kept) for kept in page.sites], next_cursor=page.next_cursor)

    @router.get("/sites/{site_id}", responses=answers(404, 422))
    def get_site(site_id: _SiteIdInPath, response: Response) -> SiteJson:
        """Return a site."""
        kept = store.get(site_id)
        response.headers["ETag"] = etag(kept.version)
        return SiteJson.of(kept)

    @router.put(
        "/sites/{site_id}",
        responses={201: {"model": SiteJson, "description": "Kept"}, **answers(400, 412, 413, 422, 503, 507)},
    )
    def put_site(site_id: _SiteIdInPath, body: Site, response: Response, if_match: IfMatch = None) -> SiteJson:
        """Keep a site, new or changed; with If-Match only when nobody changed it since."""
        if body.id != site_id:
            raise SiteIdMismatch
        kept, is_new = store.put(body, version=wanted_version(if_match))
        log.info("site.kept", site=site_id, version=kept.version, is_new=is_new)
        response.status_code = 201 if is_new else 200
        response.headers["ETag"] = etag(kept.version)
        return SiteJson.of(kept)

    @router.delete("/sites/{site_id}", status_code=204, responses=answers(404, 412, 422, 503, 507))
    def remove_site(site_id: _SiteIdInPath, if_match: IfMatch = None) -> None:
        """Forget a site; its cases stay."""
        store.remove(site_id, version=wanted_version(if_match))
        log.info("site.removed", site=site_id)

    return router
