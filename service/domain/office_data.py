"""Reads the office's data files: those that come along, or the office's own of the same name in a folder."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from service.errors import BadOfficeData
from service.first_problem import first_problem

SHIPPED = Path(__file__).with_name("data")

_Model = TypeVar("_Model", bound=BaseModel)


def read_data(model: type[_Model], name: str, folder: Path | None = None) -> _Model:
    """Return the file's content; the folder's file is taken when there is one.

    Raises:
        BadOfficeData: it can't be read, or says what makes no sense.
    """
    path = SHIPPED / name
    if folder is not None and (folder / name).is_file():
        path = folder / name
    try:
        return model.model_validate(YAML(typ="safe").load(path))
    except ValidationError as error:
        raise BadOfficeData(path=path, detail=first_problem(error)) from error
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise BadOfficeData(path=path, detail=" ".join(str(error).split())) from error
