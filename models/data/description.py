"""The file `data.yaml` of a data set: its task and the names of its classes."""

from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from models.classes import Task
from models.data.names import plain_name
from models.data.problems import DataSetProblems, Problem, ProblemKind

DESCRIPTION_NAME = "data.yaml"
FORMAT = 1


class Description(BaseModel):
    """What `data.yaml` says; keys that other tools add are left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    names: dict[int, str] = Field(min_length=1)
    """The names by the numbers in the data set's files."""
    task: Task | None = None
    """None where the folder is another tool's; it is then told from the files."""
    masks_dir: str = "masks"
    format: int = FORMAT

    @field_validator("names", mode="before")
    @classmethod
    def _a_list_counts_from_0(cls, names: object) -> object:
        return dict(enumerate(names)) if isinstance(names, list) else names

    @field_validator("names")
    @classmethod
    def _numbers_and_names_are_usable(cls, names: dict[int, str]) -> dict[int, str]:
        if not all(0 <= number < 255 for number in names):
            raise ValueError("class numbers run from 0 to 254 (255 means not judged)")
        plain = [plain_name(name) for name in names.values()]
        if "" in plain or len(set(plain)) != len(plain):
            raise ValueError("every class needs a name of its own")
        return names

    @field_validator("masks_dir")
    @classmethod
    def _lies_inside(cls, masks_dir: str) -> str:
        path = PurePosixPath(masks_dir)
        if path.is_absolute() or ".." in path.parts:
            raise ValueError("give a folder inside the data set")
        return masks_dir

    @field_validator("format")
    @classmethod
    def _is_known(cls, number: int) -> int:
        if number != FORMAT:
            raise ValueError(f"this version reads format {FORMAT} alone; a newer version wrote it")
        return number


def read_description(folder: Path) -> Description:
    """Read `folder`'s data.yaml. Raises DataSetProblems."""
    path = folder / DESCRIPTION_NAME
    try:
        return Description.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        details = ["missing; write one that names the classes, such as `names: {0: bare_soil, 1: dust_net}`"]
    except ValidationError as error:
        details = [f"{'.'.join(map(str, each['loc'])) or 'file'}: {each['msg']}" for each in error.errors()]
    except (OSError, YAMLError, ValueError, LookupError, TypeError) as error:  # ruamel lets Python's own errors through
        details = [(str(error) or type(error).__name__).splitlines()[0]]
    raise DataSetProblems(folder, [Problem(ProblemKind.BAD_DESCRIPTION, DESCRIPTION_NAME, text) for text in details])
