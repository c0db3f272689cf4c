"""A model's card: where its weights come from, what goes in and out, how good it is; and the check of its hash."""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from models.errors import BadCard, ModelChanged

WEIGHTS_NAME = "model.onnx"
CARD_NAME = "card.yaml"

Share = Annotated[float, Field(ge=0, le=1)]


class ModelInput(BaseModel):
    """What the network wants to see."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int = Field(gt=0, multiple_of=32)
    """The longer side in pixels that the figures were measured at."""
    stride: int = 32
    colours: Literal["RGB"] = "RGB"
    values: Literal["0..1"] = "0..1"


class TrainingData(BaseModel):
    """One source of the pictures that the weights were learnt from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    what: str
    provenance: str
    licence: str
    samples: int | None = None
    """None where nobody counted."""


class Figure(BaseModel):
    """One measured figure. Those on rendered and on real pictures are never mixed: `measured_on` tells which."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    what: str
    value: float | str
    measured_on: str


class ModelCard(BaseModel):
    """What a user should know of a model before trusting it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    task: Literal["detect", "segment", "classify"]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    licence: str
    source: str
    made_by: str
    training_data: list[TrainingData]
    split: str
    """How training and test pictures were kept apart."""
    classes: dict[int, str]
    thresholds: dict[str, Share] = {}
    """The score, by class name, from which on a class is believed."""
    input: ModelInput
    figures: list[Figure]
    known_failures: list[str]

    @model_validator(mode="after")
    def _thresholds_are_of_its_classes(self) -> Self:
        unknown = sorted(set(self.thresholds) - set(self.classes.values()))
        if unknown:
            raise ValueError(f"thresholds of classes that the model does not know: {', '.join(unknown)}")
        return self


@dataclass(frozen=True)
class VerifiedModel:
    """A model whose weights are those that its card describes."""

    card: ModelCard
    weights: bytes
    version: str | None = None
    """The version in the registry, where it came from there."""


def read_card(folder: Path) -> ModelCard:
    """Read `folder`'s card. Raises BadCard."""
    path = folder / CARD_NAME
    try:
        return ModelCard.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadCard(path=path, detail=f"{where}: {first['msg']}") from error
    except (OSError, YAMLError, ValueError, LookupError, TypeError) as error:  # ruamel lets Python's own errors through
        raise BadCard(path=path, detail=(str(error) or type(error).__name__).splitlines()[0]) from error


def write_card(card: ModelCard, folder: Path) -> None:
    """Write the card into `folder`, for people to read."""
    yaml = YAML()
    yaml.width = 120
    text = io.StringIO()
    yaml.dump(card.model_dump(), text)
    (folder / CARD_NAME).write_text(text.getvalue(), encoding="utf-8")


def load_verified(folder: Path) -> VerifiedModel:
    """Read the model in `folder`, and make sure that its weights have the hash of its card.

    The bytes that were checked are the bytes that are returned, so that a file changed in between does no harm.
    Raises BadCard, ModelChanged.
    """
    card = read_card(folder)
    path = folder / WEIGHTS_NAME
    try:
        weights = path.read_bytes()
    except FileNotFoundError:
        raise ModelChanged(path=path, found="no file", expected=card.sha256[:12]) from None
    found = hashlib.sha256(weights).hexdigest()
    if found != card.sha256:
        raise ModelChanged(path=path, found=found[:12], expected=card.sha256[:12])
    return VerifiedModel(card=card, weights=weights)
