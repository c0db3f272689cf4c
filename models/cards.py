"""A model's card: where its weights come from, what goes in and out, how good it is; and the check of its hash."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from models.errors import BadCard, ModelChanged, ModelMissing

WEIGHTS_FOLDER = Path(__file__).parent / "weights"
WEIGHTS_NAME = "model.onnx"
CARD_NAME = "card.yaml"
DEFAULT_MODEL = "yolo26n-coco"


class ModelInput(BaseModel):
    """What the network wants to see."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int = Field(gt=0, multiple_of=32)
    """The longer side in pixels that the figures were measured at."""
    stride: int = 32
    colours: Literal["RGB"] = "RGB"
    values: Literal["0..1"] = "0..1"


class Figure(BaseModel):
    """One measured figure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    what: str
    value: float | str
    measured_on: str


class ModelCard(BaseModel):
    """What a user should know of a model before trusting it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    task: Literal["detect"]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    licence: str
    source: str
    made_by: str
    training_data: str
    classes: dict[int, str]
    input: ModelInput
    figures: list[Figure]
    known_failures: list[str]


@dataclass(frozen=True)
class VerifiedModel:
    """A model whose weights are those that its card describes."""

    card: ModelCard
    weights: bytes


def read_card(folder: Path) -> ModelCard:
    """Read `folder`'s card. Raises BadCard."""
    path = folder / CARD_NAME
    try:
        return ModelCard.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
    except (OSError, YAMLError) as error:
        raise BadCard(path=path, detail=str(error).splitlines()[0]) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadCard(path=path, detail=f"{where}: {first['msg']}") from error


def load_model(name: str = DEFAULT_MODEL, root: Path = WEIGHTS_FOLDER) -> VerifiedModel:
    """Read a model of the collection at `root`, and make sure that its weights have the hash of its card.

    The bytes that were checked are the bytes that are returned, so that a file changed in between does no harm.
    Raises ModelMissing, BadCard, ModelChanged.
    """
    folder = root / name
    if Path(name).name != name or not (folder / WEIGHTS_NAME).is_file():
        known = ", ".join(sorted(path.parent.name for path in root.glob(f"*/{CARD_NAME}"))) or "none"
        raise ModelMissing(name=name, known=known)
    card = read_card(folder)
    weights = (folder / WEIGHTS_NAME).read_bytes()
    found = hashlib.sha256(weights).hexdigest()
    if found != card.sha256:
        raise ModelChanged(path=folder / WEIGHTS_NAME, found=found[:12], expected=card.sha256[:12])
    return VerifiedModel(card=card, weights=weights)
