"""Reads the configuration file and tells what is wrong with it by line and field."""

import difflib
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from service.config.camera import CameraConfig
from service.config.schema import DEFAULT_DATA, Config
from service.errors import ServiceError
from streams.secrets import has_password, mask_secrets

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
ONLY_FROM_VARIABLES = frozenset({"queue_token"})
Location = tuple[int | str, ...]
Schema = TypeVar("Schema", bound=BaseModel)


class ConfigError(ServiceError):
    """A configuration that can't be used: one line a problem, each with the file's line and the field."""

    template = "{problems}"

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = [mask_secrets(problem) for problem in problems]
        super().__init__(problems="\n".join(self.problems))


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
    document = _parse(path)
    return [f"{path}:{_line_of(document, at)}: {_field(at)}" for at in _with_password(document, ())]


def read_config(
    path: Path,
    schema: type[Schema],
    environment: Mapping[str, str] = os.environ,
    *,
    secrets: frozenset[str] = frozenset(),
) -> Schema:
    """Read a YAML file of any schema as `load_config` does; values of the keys `secrets` have to be `${NAME}` alone.

    Raises ConfigError.
    """
    document = _parse(path, schema)
    if written := list(_written_out(document, (), secrets)):
        problem = "a secret does not stand in the file; write ${NAME} and set the environment variable"
        raise ConfigError([f"{path}:{_line_of(document, at)}: {_field(at)}: {problem}" for at in written])
    missing: list[str] = []
    filled = _fill_in(document, (), environment, lambda at, name: missing.append(_unset(path, document, at, name)))
    if missing:
        raise ConfigError(missing)
    try:
        return schema.model_validate(filled)
    except ValidationError as error:
        raise ConfigError([_explain(path, document, detail, schema) for detail in error.errors()]) from None


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
    document = _parse(path)
    told = str(document.get("data", DEFAULT_DATA))
    missing: list[str] = []
    filled = _fill_in(told, ("data",), environment, lambda at, name: missing.append(_unset(path, document, at, name)))
    if missing:
        raise ConfigError(missing)
    return Path(str(filled))


def _parse(path: Path, schema: type[BaseModel] = Config) -> CommentedMap:
    try:
        document = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError([f"{path}: {error.strerror or 'it is not readable'}"]) from None
    except UnicodeDecodeError:
        raise ConfigError([f"{path}: it is not UTF-8 text"]) from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError([f"{path}:{line}: this is no YAML: {error.problem}"]) from None
    except (YAMLError, ValueError, RecursionError) as error:  # such as control characters, or a value out of range
        raise ConfigError([f"{path}:1: this is no YAML: {str(error).splitlines()[0]}"]) from None
    if not isinstance(document, CommentedMap):
        required = [f"'{name}:'" for name, field in schema.model_fields.items() if field.is_required()]
        raise ConfigError([f"{path}:1: it has to begin with {' and '.join(required[:2])}"])
    return document


def _fill_in(
    value: object, at: Location, environment: Mapping[str, str], report: Callable[[Location, str], None]
) -> object:
    """Return plain dicts and lists with every `${NAME}` replaced; report what is not set."""
    if isinstance(value, dict):
        return {key: _fill_in(item, (*at, key), environment, report) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill_in(item, (*at, index), environment, report) for index, item in enumerate(value)]
    if not isinstance(value, str):
        return value
    for name in _VARIABLE.findall(value):
        if name not in environment:
            report(at, name)
    return _VARIABLE.sub(lambda match: environment.get(match.group(1), ""), value)


def _written_out(value: object, at: Location, secrets: frozenset[str]) -> Iterator[Location]:
    """Return where a secret stands in the file itself."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in secrets and item is not None and not _VARIABLE.fullmatch(str(item)):
                yield (*at, key)
            yield from _written_out(item, (*at, key), secrets)
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _written_out(item, (*at, index), secrets)


def _with_password(value: object, at: Location) -> Iterator[Location]:
    """Return where the file itself holds a URL's password."""
    if isinstance(value, str):
        # Without the variables, what is left between the colon and the @ stands in the file.
        if has_password(_VARIABLE.sub("", value)):
            yield at
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _with_password(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _with_password(item, (*at, index))


def _unset(path: Path, document: CommentedMap, at: Location, name: str) -> str:
    return f"{path}:{_line_of(document, at)}: {_field(at)}: the environment variable {name} is not set"


def _explain(path: Path, document: CommentedMap, detail: ErrorDetails, schema: type[BaseModel]) -> str:
    at = tuple(part for part in detail["loc"] if not str(part).startswith(("function-", "list[", "tuple[")))
    problem = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        problem = "unknown key" + _suggestion(at, schema)
    elif detail["type"] == "missing":
        problem = "it is missing"
    field = _field(at)
    return f"{path}:{_line_of(document, at)}: {field}: {problem}" if field else f"{path}: {problem}"


def _suggestion(at: Location, schema: type[BaseModel]) -> str:
    keys = _keys_at(at[:-1], schema)
    close = difflib.get_close_matches(str(at[-1]), keys, n=1)
    return f"; did you mean {close[0]}?" if close else f"; known here: {', '.join(keys)}"


def _keys_at(at: Location, model: type[BaseModel]) -> list[str]:
    """Return the keys that the schema `model` knows at a place."""
    for part in at:
        if isinstance(part, str) and part in model.model_fields:
            inner = _model_in(model.model_fields[part].annotation)
            if inner is None:
                return []
            model = inner
    return sorted(model.model_fields)


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part)) is not None), None)


def _field(at: Location) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in at)
    return text.removeprefix(".")


def _line_of(document: CommentedMap, at: Location) -> int:
    """Return the line (from 1) of the field, or of the nearest thing around it that is in the file."""
    node: Any = document
    line = 1
    for part in at:
        if isinstance(node, CommentedMap) and part in node:
            line = node.lc.key(part)[0] + 1
        elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
            line = node.lc.item(part)[0] + 1
        else:
            break
        node = node[part]
    return int(line)
