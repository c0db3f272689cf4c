"""Keeps of each camera what its edge told last, and its newest picture."""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from PIL import Image
from sqlalchemy import Engine, Row, Select, Table, or_, select
from sqlalchemy.orm import Session

from service.accounts.scope import EVERYWHERE, Scope
from service.config.layout import CameraLayout
from service.domain.camera_news import CameraKey, CameraNews
from service.errors import NoJpeg, UnknownCamera
from service.storage.camera_tables import CameraNewsRow, CameraPictureRow
from service.storage.database import storage_errors
from service.storage.scope_rows import in_scope
from service.storage.upsert import put_row, put_rows

MOST_BYTES = 2 << 20
MOST_SIDE = 4096
MOST_CAMERAS = 5000
"""Cameras listed at most; a city has hundreds of sites."""


@dataclass(frozen=True)
class PictureFacts:
    """What is known of a picture: times are UTC, the size is pixels; the hash also tells whether it changed."""

    captured_at: datetime
    received_at: datetime
    width: int
    height: int
    sha256: str


@dataclass(frozen=True)
class KnownCamera:
    """A camera as its edge told it at `told_at` (UTC), and its newest picture, None before there is one."""

    key: CameraKey
    told_at: datetime
    news: CameraNews
    picture: PictureFacts | None


class CameraStore:
    """The cameras' only way to the database. Every method is one transaction and safe from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def tell(self, key: CameraKey, news: CameraNews, at: datetime) -> None:
        """Take over what an edge tells about a camera."""
        self.tell_all({key: news}, at)

    def tell_all(self, told: Mapping[CameraKey, CameraNews], at: datetime) -> None:
        """Take over what an edge tells about several cameras."""
        # In the order of their keys, so that no two that tell about the same cameras wait for each other.
        keys = sorted(told, key=lambda key: (key.site_id, key.camera_id))
        with storage_errors(), Session(self._engine) as session, session.begin():
            put_rows(session, _NEWS, [_news_row(key, told[key], at) for key in keys])

    def keep_picture(self, key: CameraKey, jpeg: bytes, captured_at: datetime, at: datetime) -> PictureFacts:
        """Keep the picture instead of the one before; one that is older than that changes nothing.

        Raises:
            NoJpeg: it is no JPEG that can be read, or too large.
            UnknownCamera: no edge has told about this camera.
        """
        width, height = _size_of(jpeg)
        facts = PictureFacts(captured_at, at, width, height, hashlib.sha256(jpeg).hexdigest())
        which = key.model_dump()
        with storage_errors(), Session(self._engine) as session, session.begin():
            if session.scalar(select(CameraNewsRow.told_at).filter_by(**which)) is None:
                raise UnknownCamera(**which)
            put_row(session, _PICTURES, {**which, **vars(facts), "jpeg": jpeg}, unless_newer="captured_at")
        return facts

    def picture(self, key: CameraKey) -> tuple[PictureFacts, bytes]:
        """Return the newest picture.

        Raises:
            UnknownCamera: there is no picture of this camera.
        """
        with Session(self._engine) as session:
            row = session.get(CameraPictureRow, {"site_id": key.site_id, "camera_id": key.camera_id})
            if row is None:
                raise UnknownCamera(site_id=key.site_id, camera_id=key.camera_id)
            return _facts(row), row.jpeg

    def get(self, key: CameraKey) -> KnownCamera:
        """Return one camera.

        Raises:
            UnknownCamera: no edge has told about it.
        """
        query = _known().where(CameraNewsRow.site_id == key.site_id, CameraNewsRow.camera_id == key.camera_id)
        with Session(self._engine) as session:
            found = session.execute(query).one_or_none()
        if found is None:
            raise UnknownCamera(site_id=key.site_id, camera_id=key.camera_id)
        return _camera(found)

    def all(self, scope: Scope = EVERYWHERE, text: str = "") -> tuple[KnownCamera, ...]:
        """List the scope's cameras, by site and id; `text` is a part of a name or an id, in either case of letters."""
        columns = (
            CameraNewsRow.site_id,
            CameraNewsRow.camera_id,
            CameraNewsRow.site_name,
            CameraNewsRow.camera_name,
        )
        query = _known().where(*in_scope(scope, CameraNewsRow.site_id)).limit(MOST_CAMERAS)
        if text:
            query = query.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
        with Session(self._engine) as session:
            found = session.execute(query.order_by(CameraNewsRow.site_id, CameraNewsRow.camera_id)).all()
        return tuple(_camera(row) for row in found)

    def of_site(self, site_id: str) -> tuple[KnownCamera, ...]:
        """List the cameras of one site, by id."""
        query = _known().where(CameraNewsRow.site_id == site_id).order_by(CameraNewsRow.camera_id)
        with Session(self._engine) as session:
            return tuple(_camera(row) for row in session.execute(query.limit(MOST_CAMERAS)).all())


def _news_row(key: CameraKey, news: CameraNews, at: datetime) -> dict[str, object]:
    names = {"site_name": news.site_name, "camera_name": news.camera_name}
    return {**key.model_dump(), **names, "told_at": at, "news": news.model_dump(mode="json")}


_NEWS: Table = CameraNewsRow.metadata.tables["camera_news"]
_PICTURES: Table = CameraPictureRow.metadata.tables["camera_pictures"]
_FACTS = (
    CameraPictureRow.captured_at,
    CameraPictureRow.received_at,
    CameraPictureRow.width,
    CameraPictureRow.height,
    CameraPictureRow.sha256,
)


def _known() -> Select[CameraNewsRow, datetime, datetime, int, int, str]:
    """The news with what is known of the pictures, not the pictures themselves."""
    picture = CameraPictureRow
    is_of = (picture.site_id == CameraNewsRow.site_id) & (picture.camera_id == CameraNewsRow.camera_id)
    return select(CameraNewsRow, *_FACTS).outerjoin(picture, is_of)


def _facts(row: CameraPictureRow) -> PictureFacts:
    return PictureFacts(row.captured_at, row.received_at, row.width, row.height, row.sha256)


def _camera(found: Row[CameraNewsRow, datetime, datetime, int, int, str]) -> KnownCamera:
    row, captured_at, received_at, width, height, sha256 = found
    # Where there is no picture, the outer join gives None for all that is known of one.
    picture = PictureFacts(captured_at, received_at, width, height, sha256) if sha256 else None
    key = CameraKey(site_id=row.site_id, camera_id=row.camera_id)
    news = CameraNews.model_validate({**row.news, "layout": _layout(json.dumps(row.news["layout"]))})
    return KnownCamera(key, row.told_at, news, picture)


@lru_cache(maxsize=MOST_CAMERAS)
def _layout(text: str) -> CameraLayout:
    """Return the layout; its checks cost milliseconds, and it seldom changes."""
    return CameraLayout.model_validate_json(text)


def _size_of(jpeg: bytes) -> tuple[int, int]:
    """Return width and height of a JPEG, after reading it to its end, at an eighth of its size, which costs less."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as picture:
            if max(picture.size) > MOST_SIDE:
                raise NoJpeg(most=MOST_SIDE)
            size = picture.size
            picture.draft(None, (1, 1))
            picture.load()
            return size
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise NoJpeg(most=MOST_SIDE) from error
