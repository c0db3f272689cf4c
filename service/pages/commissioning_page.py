"""Commissioning a camera, at `.../commissioning` below its own page: draw its zones, calibrate, save, compare."""

from fastapi import Request
from nicegui import ui
from nicegui.events import GenericEventArguments, KeyEventArguments, MouseEventArguments
from starlette.concurrency import run_in_threadpool

from service.accounts.access import allows
from service.domain.kept_layout import KeptLayout
from service.domain.layout_checks import faults, measures
from service.domain.layout_drawing import Drawing, drawing_of, layout_of
from service.errors import ServiceError
from service.pages.calibration_fields import CalibrationFields
from service.pages.camera_labels import camera_path, picture_url
from service.pages.camera_page import key_of, known_camera, show_unknown
from service.pages.commissioning_keys import DrawingAction, drawing_action_of, nudge_of
from service.pages.commissioning_side import (
    difference_lines,
    next_step,
    show_faults,
    show_standing,
    show_things,
    show_versions,
)
from service.pages.drawing_board import DrawingBoard
from service.pages.large_picture import large_picture
from service.pages.layout_svg import THINGS, drawing_svg
from service.pages.navigation import address_of
from service.pages.page_frame import add_page, app_frame
from service.pages.page_visitor import PageVisitor
from service.pages.reference_pictures import Reference, references, show_references
from service.pages.sources import Sources
from service.pages.top_bar import TopBar
from service.storage.camera_store import KnownCamera
from service.texts.catalogue import N_, load_translator
from vision.ground_plane import USUAL_SIZE

COMMISSIONING = "/cameras/{site_id}/{camera_id}/commissioning"
STANDING_S = 3.0
MOST_NOTE = 500


def add_commissioning_page(sources: Sources) -> None:
    """Register the page in both languages."""

    async def build(request: Request, language: str, visitor: PageVisitor) -> None:
        key = key_of(request)
        camera = None if key is None else await run_in_threadpool(known_camera, sources, key)
        if camera is None:
            show_unknown(language, visitor)
            return
        versions = await run_in_threadpool(sources.watched.layouts.versions, camera.key)
        page = CommissioningPage(sources, language, visitor, camera, versions)
        page.offer(await run_in_threadpool(references, sources, camera, visitor.scope))

    add_page(COMMISSIONING, build, sources, title=N_("Commissioning"))


class CommissioningPage:
    """One open page."""

    def __init__(
        self,
        sources: Sources,
        language: str,
        visitor: PageVisitor,
        camera: KnownCamera,
        versions: tuple[KeptLayout, ...],
    ) -> None:
        self._sources = sources
        self._visitor = visitor
        self._language = language
        self._camera = camera
        self._versions = versions
        self._compared: KeptLayout | None = None
        self._translator = load_translator()
        self._texts = self._translator.texts(language)
        # The picture stays the one that is chosen: what is drawn on it must not move under the pen.
        self._size = (camera.picture.width, camera.picture.height) if camera.picture else USUAL_SIZE
        layout = versions[0].layout if versions else camera.news.layout
        self._board = DrawingBoard(drawing_of(layout), self._redraw)
        self._saved, self._is_unsaved = self._board.drawing, False
        with app_frame():
            path = f"{camera_path(camera.key)}/commissioning"
            self._bar = TopBar(self._texts, language=language, visitor=visitor, here=path)
            with ui.element("main").classes("dw-cam-page"):
                self._build_stage()
                with ui.element("div").classes("dw-cam-side"):
                    self._build_side()
        # Also while a button has the focus, as the one that began a zone: who draws by keyboard has no place to click.
        ui.keyboard(on_key=self._on_key, repeating=True, ignore=["input", "select", "textarea"])
        ui.timer(STANDING_S, self._refresh)
        self._redraw()

    def _build_stage(self) -> None:
        _, picture = self._texts, self._camera.picture
        with ui.element("div"):
            with ui.element("div").classes("dw-cam-stage dw-cam-draw"):
                url = picture_url(self._camera.key, picture) if picture else ""
                size, name = None if picture else self._size, self._camera.news.camera_name
                self._image = large_picture(url, name, empty_size=size, on_mouse=self._on_mouse)
                self._image.on("loaded", self._on_picture)
            self._references = ui.element("div")
            keys = _("A adds a point, Delete removes it, N and P choose, arrows move it (Shift: far), Ctrl+Z undoes")
            ui.label(keys).classes("dw-muted")

    def offer(self, found: tuple[Reference, ...]) -> None:
        """Offer these pictures to draw on."""
        with self._references:
            show_references(found, self._image.set_source, self._texts)

    def _build_side(self) -> None:
        _, camera = self._texts, self._camera
        ui.link(camera.news.camera_name, address_of(camera_path(camera.key), self._language)).classes("dw-head-title")
        ui.label(camera.news.site_name).classes("dw-muted")
        self._standing = ui.element("div").classes("dw-cam-side")
        self._hint = ui.label().classes("dw-cam-hint").props("role=status")
        with ui.element("div").classes("dw-cam-row"):
            with ui.dropdown_button(_("Draw"), auto_close=True).props("no-caps outline dense").classes("dw-cam-begin"):
                for kind, name in THINGS.items():
                    ui.item(_(name), on_click=lambda kind=kind: self._board.add_thing(kind))
            for name, icon, action in (
                (_("Add a point"), "add_location", DrawingAction.ADD),
                (_("Take the point away"), "wrong_location", DrawingAction.DELETE),
                (_("Undo"), "undo", DrawingAction.UNDO),
                (_("Redo"), "redo", DrawingAction.REDO),
            ):
                button = ui.button(icon=icon, on_click=lambda action=action: self._board.act(action))
                button.props("flat dense color=none").props["aria-label"] = name
        self._things = ui.element("div").classes("dw-cam-side")
        self._calibration = CalibrationFields(self._board, _)
        self._faults = ui.element("div").classes("dw-cam-side")
        self._note = ui.input(_("Note (optional)")).props(f"dense outlined maxlength={MOST_NOTE}")
        self._save_button = ui.button(_("Save as a new version"), on_click=self._save).props("no-caps")
        self._compare = ui.element("div").classes("dw-cam-side")
        self._history = ui.element("div").classes("dw-cam-side")
        self._show_history()
        self._show_standing()

    def _redraw(self) -> None:
        """Show the drawing as it is, and what is to be said about it."""
        _, board = self._texts, self._board
        measured, found = measures(board.drawing, self._size), faults(board.drawing)
        chosen = (-1 if board.thing is None else board.thing, -1 if board.point is None else board.point)
        old = "" if self._compared is None else self._svg_of(drawing_of(self._compared.layout))
        self._image.content = old + drawing_svg(board.drawing, self._size, _, selected=chosen)
        self._hint.text = next_step(board, _)
        self._tell_unsaved()
        self._things.clear()
        with self._things:
            show_things(board, measured, _)
        self._calibration.show(measured)
        self._faults.clear()
        with self._faults:
            show_faults(board.drawing, found, _)
        self._save_button.set_enabled(not found)
        self._compare.clear()
        if self._compared is not None and not found:
            with self._compare:
                self._show_differences(self._compared)

    def _tell_unsaved(self) -> None:
        """Have the browser ask before it leaves while something is not saved."""
        is_unsaved = self._board.drawing != self._saved
        if is_unsaved != self._is_unsaved:
            self._is_unsaved = is_unsaved
            ui.run_javascript(
                f"window.onbeforeunload = {'(event) => event.preventDefault()' if is_unsaved else 'null'}"
            )

    def _svg_of(self, drawing: Drawing) -> str:
        return drawing_svg(drawing, self._size, self._texts, dashed=True)

    def _show_differences(self, kept: KeptLayout) -> None:
        _ = self._texts
        ui.label(_("Against version {version} (dashed)").format(version=kept.version)).classes("dw-row-rule")
        for line in difference_lines(kept, layout_of(self._board.drawing), _) or [_("nothing differs")]:
            ui.label(line).classes("dw-cam-difference")

    def _show_history(self) -> None:
        self._history.clear()
        with self._history:
            show_versions(self._versions, self._compare_with, self._draw_again, self._texts)

    def _show_standing(self) -> None:
        self._standing.clear()
        with self._standing:
            show_standing(self._camera.news, self._versions, self._texts)

    def _compare_with(self, kept: KeptLayout) -> None:
        self._compared = None if self._compared == kept else kept
        self._redraw()

    def _draw_again(self, kept: KeptLayout) -> None:
        self._board.replace(drawing_of(kept.layout))
        self._note.value = self._texts("as version {version}").format(version=kept.version)

    def _on_picture(self, event: GenericEventArguments) -> None:
        """Draw for the size of the picture that came: a case's is as large as the camera sends it."""
        size = int(event.args["width"]), int(event.args["height"])
        if min(size) > 0 and size != self._size:
            self._size = size
            self._redraw()

    def _on_mouse(self, event: MouseEventArguments) -> None:
        at = event.image_x / self._size[0], event.image_y / self._size[1]
        if event.type == "pointerdown":
            self._board.press(at)
        else:
            self._board.release(at)

    def _on_key(self, event: KeyEventArguments) -> None:
        if not event.action.keydown:
            return
        code, shift = event.key.code, event.modifiers.shift
        by = nudge_of(code, shift=shift)
        action = drawing_action_of(code, shift=shift, ctrl=event.modifiers.ctrl or event.modifiers.meta)
        if by is not None:
            self._board.nudge(by)
        elif action is not None:
            self._board.act(action)

    async def _refresh(self) -> None:
        """Show what the edge tells now; the picture stays."""
        if not await self._visitor.is_here(acts=False):
            return
        self._sources.watched.live.look(self._camera.key, self._sources.clock())
        camera = await run_in_threadpool(known_camera, self._sources, self._camera.key)
        if camera is not None and camera.news != self._camera.news:
            self._camera = camera
            self._show_standing()

    async def _save(self) -> None:
        address = f"/api/v1{camera_path(self._camera.key)}/layouts"
        if not await self._visitor.is_here() or not allows(self._visitor.principal, "POST", address):
            return
        if faults(self._board.drawing):
            return
        layouts, after = self._sources.watched.layouts, self._versions[0].version if self._versions else 0
        told = {"by": self._bar.reviewer, "note": str(self._note.value or "").strip()[:MOST_NOTE]}
        drawing = self._board.drawing
        layout, at = layout_of(drawing), self._sources.clock()
        try:
            kept = await run_in_threadpool(lambda: layouts.save(self._camera.key, layout, **told, at=at, after=after))
        except ServiceError as error:
            ui.notify(self._translator.explain(error.template, error.params, self._language), type="warning")
            return
        self._versions, self._saved = (kept, *self._versions), drawing
        self._note.value = ""
        ui.notify(self._texts("Saved as version {version}").format(version=kept.version), type="positive")
        self._show_history()
        self._show_standing()
        self._redraw()
