"""A camera's picture at large, with room for what is drawn on it."""

import json
from collections.abc import Callable

from nicegui import ui
from nicegui.events import MouseEventArguments

from vision.ground_plane import Size


def large_picture(
    url: str,
    name: str,
    *,
    empty_size: Size | None = None,
    on_mouse: Callable[[MouseEventArguments], None] | None = None,
) -> ui.interactive_image:
    """Return the picture; `name` is read out for it, `empty_size` (pixels) is for as long as there is none."""
    image = ui.interactive_image(url, size=empty_size, on_mouse=on_mouse, events=["pointerdown", "pointerup"])
    # The element gives its picture no name that can be read out.
    ui.run_javascript(f'document.querySelector("#{image.html_id} img").alt = {json.dumps(name)}')
    return image
