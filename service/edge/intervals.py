"""How often the office wants the edge's sites to be looked at: kept on the disk, in force for patrol cameras."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from service.config.camera import CameraConfig
from service.config.schema import Config
from vision.evidence.durable import replace_durably

log = structlog.get_logger(__name__)

INTERVALS_NAME = "intervals.json"


class KeptIntervals(BaseModel):
    """What the edge's file holds: seconds by site, as they were told last."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    sites: dict[str, float] = {}


class Intervals:
    """The intervals of one edge. Used by one thread at a time."""

    def __init__(self, folder: Path) -> None:
        """Go on with those that the folder holds; a file that can't be read counts as none."""
        self._path = folder / INTERVALS_NAME
        self._sites: Mapping[str, float] = {}
        try:
            self._sites = KeptIntervals.model_validate_json(self._path.read_bytes()).sites
        except FileNotFoundError:
            pass
        except (OSError, ValidationError) as error:
            log.warning("intervals.not_read", path=str(self._path), problem=type(error).__name__)

    def take(self, sites: Mapping[str, float]) -> bool:
        """Take in what was told, keep it on the disk, and return whether anything is not as it was."""
        if sites == self._sites:
            return False
        log.info("intervals.told", **{"from": dict(self._sites), "to": dict(sites)})
        self._sites = dict(sites)
        try:
            replace_durably(self._path, KeptIntervals(sites=self._sites).model_dump_json(indent=1).encode())
        except OSError as error:  # they are in force all the same, and the queue tells them again after a new start
            log.warning("intervals.not_kept", problem=str(error))
        return True

    def applied(self, config: Config) -> Config:
        """Return the configuration with the intervals in force in it."""
        return config.model_copy(update={"cameras": [self._paced(camera) for camera in config.cameras]})

    def _paced(self, camera: CameraConfig) -> CameraConfig:
        """Return the camera as often looked at as its site needs, and never less often than its file says."""
        asked_s = self._sites.get(camera.site)
        if asked_s is None or camera.zones.exit_line is not None:
            return camera
        own_s = camera.interval_s
        return camera.model_copy(update={"interval_s": asked_s if own_s is None else min(own_s, asked_s)})
