"""Layouts that were drawn at the queue's pages: kept on the edge's disk, in force instead of what the file draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from service.config.camera import CameraConfig
from service.config.layout import CameraLayout
from service.config.schema import Config
from service.domain.camera_news import NewestLayout, RefusedLayout
from vision.evidence.durable import replace_durably

log = structlog.get_logger(__name__)

LAYOUTS_NAME = "layouts.json"
LONGEST_REASON = 1000


class KeptLayouts(BaseModel):
    """What the edge's file of layouts holds: by camera the newest one that could be applied."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    cameras: dict[str, NewestLayout] = {}


@dataclass(frozen=True)
class Drawn:
    """Where what is drawn on a camera's picture comes from: a version, None for the file; and what was refused."""

    version: int | None = None
    refused: RefusedLayout | None = None


class Layouts:
    """The layouts of one edge. Used by one thread at a time."""

    def __init__(self, folder: Path) -> None:
        """Go on with those that the folder holds; a file that can't be read counts as none."""
        self._path = folder / LAYOUTS_NAME
        self._offered: dict[str, NewestLayout] = {}
        self._kept: dict[str, NewestLayout] = {}
        self._refused: dict[str, RefusedLayout] = {}
        try:
            self._kept = dict(KeptLayouts.model_validate_json(self._path.read_bytes()).cameras)
        except FileNotFoundError:
            pass
        except (OSError, ValidationError) as error:
            log.warning("layouts.not_read", path=str(self._path), problem=type(error).__name__)

    def take(self, newest: Sequence[NewestLayout]) -> None:
        """Take in the newest layouts; `applied` puts them in force where they fit."""
        self._offered |= {each.camera_id: each for each in newest}

    def applied(self, config: Config) -> tuple[Config, Mapping[str, Drawn]]:
        """Return the configuration with the layouts in it, and where each camera's drawing comes from.

        A layout that does not fit is refused, and the one before goes on. What is in force is kept on the disk.
        """
        fitted = [self._fitted(camera) for camera in config.cameras]
        in_force = {kept.camera_id: kept for _, kept in fitted if kept is not None}
        if any(self._kept.get(name) != layout for name, layout in in_force.items()):
            self._keep({**self._kept, **in_force})
        drawn = {
            camera.id: Drawn(kept.version if kept else None, self._refused.get(camera.id)) for camera, kept in fitted
        }
        return config.model_copy(update={"cameras": [camera for camera, _ in fitted]}), drawn

    def _fitted(self, camera: CameraConfig) -> tuple[CameraConfig, NewestLayout | None]:
        """Return the camera with the newest layout that fits, and that layout; as it is in the file without one."""
        self._refused.pop(camera.id, None)
        for layout in (self._offered.get(camera.id), self._kept.get(camera.id)):
            if layout is None or layout.site_id != camera.site:
                continue
            try:
                return with_layout(camera, layout.layout), layout
            except ValidationError as error:
                self._refuse(layout, _reason(error))
        return camera, None

    def _keep(self, layouts: dict[str, NewestLayout]) -> None:
        self._kept = layouts
        try:
            replace_durably(self._path, KeptLayouts(cameras=layouts).model_dump_json(indent=1).encode())
        except OSError as error:  # they are in force all the same, and the queue tells them again after a new start
            log.warning("layouts.not_kept", problem=str(error))

    def _refuse(self, layout: NewestLayout, reason: str) -> None:
        log.warning("layout.refused", camera=layout.camera_id, version=layout.version, reason=reason)
        self._refused.setdefault(layout.camera_id, RefusedLayout(version=layout.version, reason=reason))


def with_layout(camera: CameraConfig, layout: CameraLayout) -> CameraConfig:
    """Return the camera with what the layout draws instead of what the file does.

    Private areas of the file stay painted over whatever the layout says: who guards the edge decides what leaves it.
    Raises ValidationError where the layout does not fit the camera's other settings.
    """
    private = [*camera.zones.privacy, *(area for area in layout.zones.privacy if area not in camera.zones.privacy)]
    fields = {name: getattr(camera, name) for name in CameraConfig.model_fields}
    zones = layout.zones.model_copy(update={"privacy": private}).model_dump()
    return CameraConfig.model_validate({**fields, "zones": zones, "ground": layout.ground})


def _reason(error: ValidationError) -> str:
    return "; ".join(each["msg"].removeprefix("Value error, ") for each in error.errors())[:LONGEST_REASON]
