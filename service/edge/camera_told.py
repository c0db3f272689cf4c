"""Puts together what an edge tells the queue about one camera."""

from math import isfinite

from service.config.layout import CameraLayout
from service.delivery.picture_poster import CameraTold
from service.domain.camera_news import MOST_FIGURES, CameraKey, CameraNews
from service.edge.cameras import CameraOrder
from service.edge.layouts import Drawn
from vision.shown_picture import Shown
from vision.violations import RuleName
from vision.watched_camera import CameraReport


def camera_told(order: CameraOrder, report: CameraReport, drawn: Drawn, picture: Shown | None) -> CameraTold:
    """Return the camera's news with its newest picture."""
    figures = {name: float(value) for name, value in report.figures.items() if isfinite(value)}
    news = CameraNews(
        site_name=order.place.site_name,
        camera_name=order.place.camera_name,
        state=report.status.state,
        watches=_watches(order),
        figures=dict(list(figures.items())[:MOST_FIGURES]),
        layout=CameraLayout(zones=order.camera.zones, ground=order.camera.ground),
        layout_version=drawn.version,
        refused=drawn.refused,
    )
    return CameraTold(CameraKey(site_id=order.place.site_id, camera_id=order.camera.id), news, picture)


def _watches(order: CameraOrder) -> tuple[RuleName, ...]:
    judged = {
        RuleName.UNWASHED_TRUCK: order.gate,
        RuleName.UNCOVERED_SOIL: order.yard,
        RuleName.MISSING_HOARDING: order.perimeter,
    }
    return tuple(rule for rule, what in judged.items() if what is not None)
