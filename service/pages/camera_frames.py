"""What the site's cameras saw as a dust monitor was above its limit: small pictures beside the case."""

from nicegui import ui

from service.api.urls import evidence_url
from service.domain.cases import Case
from service.pages.labels import local_time
from service.texts.catalogue import Texts
from vision.evidence.manifest import DustRule, Manifest


def add_frames(case: Case, manifest: Manifest | None, _: Texts) -> None:
    """Add the pictures, each opening in a tab of its own; of other cases than dust exceedances nothing."""
    if manifest is None or case.rule not in set(DustRule):
        return
    if not manifest.frames:
        ui.label(_("No camera of the site took a picture at the time")).classes("dw-past")
        return
    with ui.element("div").classes("dw-frames"):
        for frame in manifest.frames:
            url = evidence_url(case, frame.name)
            with ui.link(target=url, new_tab=True).classes("dw-frame"):
                picture = ui.element("img").props("loading=lazy")
                picture.props["src"] = url
                picture.props["alt"] = frame.camera_name
                ui.label(f"{frame.camera_name} {local_time(frame.captured_at)[5:16]}").classes("dw-cut")
