"""How cameras are written for people: badges, addresses of their pages and pictures."""

from datetime import datetime

from service.domain.camera_badges import badge_of
from service.domain.camera_news import Badge, CameraKey
from service.pages.labels import local_time
from service.storage.camera_store import KnownCamera, PictureFacts
from service.texts.catalogue import N_, Texts

BADGES = {Badge.WORKING: N_("Working"), Badge.TROUBLED: N_("Something is wrong"), Badge.AWAY: N_("Away")}
BADGE_CLASSES = {Badge.WORKING: "dw-cam-good", Badge.TROUBLED: "dw-found", Badge.AWAY: "dw-confirmed"}


def camera_path(key: CameraKey) -> str:
    """Return the path of the page that shows one camera at large."""
    return f"/cameras/{key.site_id}/{key.camera_id}"


def picture_url(key: CameraKey, picture: PictureFacts, *, small: bool = False) -> str:
    """Return the address of the picture; it changes when the picture does."""
    return f"/api/v1{camera_path(key)}/picture?v={picture.sha256[:12]}{'&size=small' if small else ''}"


def badge_now(camera: KnownCamera, ailing: frozenset[tuple[str, str]], now: datetime) -> Badge:
    """Return the camera's badge; `ailing` are the site and camera ids of those that something ails."""
    ails = (camera.key.site_id, camera.key.camera_id) in ailing
    return badge_of(camera.news.state, camera.told_at, ails=ails, now=now)


def picture_age(camera: KnownCamera, _: Texts) -> str:
    """Return when the camera's picture was taken."""
    if camera.picture is None:
        return _("no picture yet")
    return _("picture of {time}").format(time=local_time(camera.picture.captured_at))
