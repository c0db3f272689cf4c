"""What a measurement says, as JSON: figures by class, over all samples and apart for rendered and real ones."""

from pydantic import BaseModel, ConfigDict

from models.classes import Task
from models.data.records import Kind, Split


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ClassFigures(_Frozen):
    """How well one class is told, at its threshold; shares between 0 and 1, None where there is nothing to divide by.

    A class that the data set does not label has no figures but false alarms, and those may be none: whoever labelled
    it did not look for the class.
    """

    labelled: bool
    truth: int
    """How much of it there is: pixels, boxes or pictures."""
    threshold: float
    precision: float | None
    recall: float | None
    f1: float | None
    false_alarm_share: float | None
    """Surfaces and mud: the share of what is not of the class that was called it. Vehicles: the share of what was
    called the class that is not of it."""
    false_alarms_by_name: dict[str, float]
    """The false alarms by what is there in truth, foreign classes too."""

    @property
    def score(self) -> float | None:
        """The figure that a model is first judged by."""
        return self.f1


class SurfaceFigures(ClassFigures):
    """A surface, counted by pixels."""

    iou: float | None

    @property
    def score(self) -> float | None:
        """IoU."""
        return self.iou


class VehicleFigures(ClassFigures):
    """A kind of vehicle, counted by boxes; one is found when a box overlaps it with an IoU of 0.5 or more."""

    ap50: float | None
    """Average precision (COCO's 101 points) at an IoU of 0.5, over all thresholds."""
    ap50_95: float | None
    """Its mean over the IoUs 0.5, 0.55, ... 0.95."""

    @property
    def score(self) -> float | None:
        """AP at an IoU of 0.5."""
        return self.ap50


class Confusion(_Frozen):
    """What was called what: a row a class that is there, a column a class that is called; pixels or pictures."""

    rows: list[str]
    columns: list[str]
    counts: list[list[int]]


class Part(_Frozen):
    """Figures of some samples."""

    samples: int
    overall: dict[str, float | None]
    """Surfaces: mean_iou. Vehicles: map50, map50_95. Mud: accuracy. Means are over the classes that are there."""
    classes: dict[str, SurfaceFigures | VehicleFigures | ClassFigures]
    confusion: Confusion | None = None
    """None for vehicles."""


class EvaluationReport(Part):
    """One model measured on one data set: all samples together, and by their kind."""

    model: str
    version: str | None
    sha256: str
    task: Task
    data_set: str
    split: Split | None
    """None where samples of every split, or of none, were taken."""
    by_kind: dict[Kind, Part]
