"""/api/v1/cases/export: everything that a filter finds, as a file; CSV and GeoJSON are sent as they are read."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import IO, Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response, StreamingResponse

from service.api.case_query import CaseQuery
from service.api.problems import answers
from service.api.visitor import Visitor
from service.clock import Clock
from service.domain.office.days import day_of
from service.exports import csv_file, geojson, workbook
from service.exports.csv_file import csv_parts
from service.exports.geojson import geojson_parts
from service.exports.xlsx_file import xlsx_file
from service.storage.case_list import CaseList
from service.storage.case_store import CaseStore

_PART = 1 << 16
_BYTES: Mapping[str, object] = {"type": "string", "format": "binary"}
_FEATURES: Mapping[str, object] = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {"type": "array", "items": {"type": "object"}},
    },
}
_Query = Annotated[CaseQuery, Query()]


def case_exports_router(store: CaseStore, clock: Clock) -> APIRouter:
    """Return the routes that hand lists out as files."""
    router = APIRouter(prefix="/api/v1/cases", tags=["cases"])
    found = CaseList(store.engine)

    @router.get("/export.csv", response_class=Response, responses=file_answers(csv_file.MEDIA_TYPE))
    def export_csv(query: _Query, visitor: Visitor) -> StreamingResponse:
        """Hand out what the filter finds for spreadsheets, the last found first."""
        now = clock()
        return as_file(
            csv_parts(found.lines(query.wanted(now, visitor.scope))), csv_file.MEDIA_TYPE, f"cases-{_day(now)}.csv"
        )

    @router.get("/export.xlsx", response_class=Response, responses=file_answers(workbook.MEDIA_TYPE))
    def export_xlsx(query: _Query, visitor: Visitor) -> StreamingResponse:
        """Hand out what the filter finds as a workbook, the last found first; at most 100,000 cases."""
        now = clock()
        file = xlsx_file(found.lines(query.wanted(now, visitor.scope)))
        return as_file(parts_of(file), workbook.MEDIA_TYPE, f"cases-{_day(now)}.xlsx")

    @router.get("/export.geojson", response_class=Response, responses=file_answers(geojson.MEDIA_TYPE, _FEATURES))
    def export_geojson(query: _Query, visitor: Visitor) -> StreamingResponse:
        """Hand out what the filter finds for maps: each case is a point at its site's position, or has none."""
        now = clock()
        return as_file(
            geojson_parts(found.lines(query.wanted(now, visitor.scope))),
            geojson.MEDIA_TYPE,
            f"cases-{_day(now)}.geojson",
        )

    return router


def file_answers(media_type: str, schema: Mapping[str, object] = _BYTES) -> dict[int | str, dict[str, object]]:
    """Return what a route's documentation says about a file of this kind, and the problems instead of it."""
    return {200: {"description": "The file", "content": {media_type: {"schema": schema}}}, **answers(422, 503)}


def as_file(parts: Iterator[bytes], media_type: str, name: str) -> StreamingResponse:
    """Return an answer that browsers save under the name."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(parts, media_type=media_type, headers=headers)


def parts_of(file: IO[bytes]) -> Iterator[bytes]:
    """Return the file in parts, and close it."""
    with file:
        while part := file.read(_PART):
            yield part


def _day(now: datetime) -> str:
    return f"{day_of(now):%Y%m%d}"
