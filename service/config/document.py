"""Reads a YAML file by a schema and tells what is wrong with it by line and field."""

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

from service.errors import ServiceError
from streams.secrets import mask_secrets

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
Location = tuple[int | str, ...]
Schema = TypeVar("Schema", bound=BaseModel)


class ConfigError(ServiceError):
    """A configuration that can't be used: one line a problem, each with the file's line and the field."""

    template = "{problems}"

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = [mask_secrets(problem) for problem in problems]
        super().__init__(problems="\n".join(self.problems))


def read_config(
    path: Path,
    schema: type[Schema],
    environment: Mapping[str, str] = os.environ,
    *,
    secrets: frozenset[str] = frozenset(),
) -> Schema:
    """Read a YAML file by a schema; `${NAME}` in a text is replaced from the environment.

    Values of the keys `secrets` have to be `${NAME}` alone. Raises ConfigError.
    """
    document = parse(path, schema)
    if written := list(_written_out(document, (), secrets)):
        problem = "a secret does not stand in the file; write ${NAME} and set the environment variable"
        raise ConfigError([f"{path}:{line_of(document, at)}: {field_name(at)}: {problem}" for at in written])
    filled = fill_in(path, document, document, (), environment)
    try:
        return schema.model_validate(filled)
    except ValidationError as error:
        raise ConfigError([_explain(path, document, detail, schema) for detail in error.errors()]) from None


def parse(path: Path, schema: type[BaseModel]) -> CommentedMap:
    """Return the file's YAML as it stands there. Raises ConfigError."""
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


def fill_in(path: Path, document: CommentedMap, value: object, at: Location, environment: Mapping[str, str]) -> object:
    """Return what stands at a place of the file, in plain dicts and lists with every `${NAME}` replaced.

    Raises ConfigError, which tells all variables that are not set.
    """
    missing: list[str] = []

    def report(where: Location, name: str) -> None:
        problem = f"the environment variable {name} is not set"
        missing.append(f"{path}:{line_of(document, where)}: {field_name(where)}: {problem}")

    filled = _filled(value, at, environment, report)
    if missing:
        raise ConfigError(missing)
    return filled


def _filled(
    value: object, at: Location, environment: Mapping[str, str], report: Callable[[Location, str], None]
) -> object:
    """Replace every `${NAME}`, and report what is not set."""
    if isinstance(value, dict):
        return {key: _filled(item, (*at, key), environment, report) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, (*at, index), environment, report) for index, item in enumerate(value)]
    if not isinstance(value, str):
        return value
    for name in VARIABLE.findall(value):
        if name not in environment:
            report(at, name)
    return VARIABLE.sub(lambda match: environment.get(match.group(1), ""), value)


def _written_out(value: object, at: Location, secrets: frozenset[str]) -> Iterator[Location]:
    """Return where a secret stands in the file itself."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in secrets and item is not None and not VARIABLE.fullmatch(str(item)):
                yield (*at, key)
            yield from _written_out(item, (*at, key), secrets)
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _written_out(item, (*at, index), secrets)


def _explain(path: Path, document: CommentedMap, detail: ErrorDetails, schema: type[BaseModel]) -> str:
    at = tuple(part for part in detail["loc"] if not str(part).startswith(("function-", "list[", "tuple[")))
    problem = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        problem = "unknown key" + _suggestion(at, schema)
    elif detail["type"] == "missing":
        problem = "it is missing"
    field = field_name(at)
    return f"{path}:{line_of(document, at)}: {field}: {problem}" if field else f"{path}: {problem}"


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


def field_name(at: Location) -> str:
    """Return a place as people write it: cameras[0].zones.yard."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in at)
    return text.removeprefix(".")


def line_of(document: CommentedMap, at: Location) -> int:
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
