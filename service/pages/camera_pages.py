"""Puts the cameras' pages onto the app: the wall, one camera at large, its commissioning."""

from pathlib import Path

from nicegui import ui

from service.pages.camera_page import add_camera_page
from service.pages.camera_wall import add_camera_wall
from service.pages.commissioning_page import add_commissioning_page
from service.pages.sources import Sources

STYLE = Path(__file__).with_name("cameras.css")


def add_camera_pages(sources: Sources) -> None:
    """Register the pages in both languages, with their style."""
    add_camera_wall(sources)
    add_camera_page(sources)
    add_commissioning_page(sources)
    ui.add_css(STYLE, shared=True)
