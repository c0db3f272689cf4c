"""Reads the configuration file of an edge, and parts of it."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from service.config.camera import CameraConfig
from service.config.document import (
    VARIABLE,
    Location,
    field_name,
    fill_in,
    line_of,
    parse,
    read_config,
)
from service.config.schema import DEFAULT_DATA, Config
from service.errors import ServiceError
from streams.secrets import has_password

ONLY_FROM_VARIABLES = frozenset({"queue_token"})


class NoSuchCamera(ServiceError):
    """The configuration has no camera of this name."""

    template = "there is no camera {camera} in {config}; it has: {known}"


class CameraNotChosen(ServiceError):
    """The configuration has several cameras, and none was named."""

    template = "{config} has several cameras; choose one with --camera: {known}"


def load_config(path: Path, environment: Mapping[str, str] = os.environ) -> Config:
    """Read `path`; `${NAME}` in a text is replaced from the environment. Raises ConfigError."""
    return read_config(path, Config, environment, secrets=ONLY_FROM_VARIABLES)


def plain_passwords(path: Path) -> list[str]:
    """Return the file, line and field of each URL that holds a password in plain text. Raises ConfigError."""
    document = parse(path, Config)
    return [f"{path}:{line_of(document, at)}: {field_name(at)}" for at in _with_password(document, ())]


def choose_camera(config: Config, camera: str | None, path: Path) -> CameraConfig:
    """Return the camera of this id, or without one the only camera there is. Raises NoSuchCamera or CameraNotChosen."""
    known = ", ".join(each.id for each in config.cameras)
    if camera is None:
        if len(config.cameras) > 1:
            raise CameraNotChosen(config=path, known=known)
        return config.cameras[0]
    for each in config.cameras:
        if each.id == camera:
            return each
    raise NoSuchCamera(camera=camera, config=path, known=known)


def data_folder(path: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the edge's data folder alone, which needs no camera's password. Raises ConfigError."""
    document = parse(path, Config)
    told = str(document.get("data", DEFAULT_DATA))
    return Path(str(fill_in(path, document, told, ("data",), environment)))


def _with_password(value: object, at: Location) -> Iterator[Location]:
    """Return where the file itself holds a URL's password."""
    if isinstance(value, str):
        # Without the variables, what is left between the colon and the @ stands in the file.
        if has_password(VARIABLE.sub("", value)):
            yield at
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _with_password(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _with_password(item, (*at, index))
