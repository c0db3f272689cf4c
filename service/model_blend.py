"""Chooses, on the validation split, how far a training's weights go from those that it started with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from models.data.data_set import read_data_set
from models.data.pictures import sha256_of
from models.evaluation.evaluate import evaluate
from models.training.offline import prepare_ultralytics
from models.training.run import CHECKPOINT, START_NAME
from models.training.run_record import RunRecord, write_record
from service.model_version import draft_model, finished_training

BLEND = "weights/blend.pt"
SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_SCORES = {"surfaces": "mean_iou", "vehicles": "map50", "mud": "accuracy"}


@dataclass(frozen=True)
class Blend:
    """How weights that lie `share` of the way from the start to the trained ones do on the validation split.

    `score` is the task's overall figure (mean IoU, mAP50, accuracy), `classes` each class's own.
    """

    share: float
    score: float
    classes: dict[str, float | None]


def choose_blend(
    run: Path,
    data: Path,
    shares: Sequence[float] = SHARES,
    *,
    input_size: int,
    threads: int = 0,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Blend]:
    """Measure the shares, make the best one the run's checkpoint, and return them all, the best first.

    Each is measured with thresholds of its own. Of equals the one nearer to the start is taken. The trained checkpoint
    stays beside the blend, so that it can be chosen anew.

    Raises:
        TrainingNotFinished: the run is not finished, or is none.
        NothingToMeasure: the data set has no validation split.
        ModelError, DataSetProblems, OSError: see the parts.
    """
    record = finished_training(run)
    prepare_ultralytics()
    blends = []
    for done, share in enumerate(sorted(set(shares)), start=1):
        blends.append(_measure(run, record, data, share, input_size=input_size, threads=threads))
        on_progress(done, len(set(shares)))
    blends.sort(key=lambda blend: (-blend.score, blend.share))
    _write(run, record, blends[0].share)
    return blends


def _measure(run: Path, record: RunRecord, data: Path, share: float, *, input_size: int, threads: int) -> Blend:
    from models.training.blend import write_blend

    task = record.settings.task
    data_set = read_data_set(data, contents=False)
    with TemporaryDirectory(prefix="dustwatch-blend-") as temporary:
        checkpoint = Path(temporary) / "blend.pt"
        write_blend(run / START_NAME, run / CHECKPOINT, share, checkpoint)
        model = draft_model(checkpoint, task, data_set, Path(temporary), input_size=input_size, threads=threads)
        report = evaluate(model, data_set, "val", threads=threads)
    classes = {name: figures.score for name, figures in report.classes.items()}
    return Blend(share, report.overall[_SCORES[task]] or 0.0, classes)


def _write(run: Path, record: RunRecord, share: float) -> None:
    from models.training.blend import write_blend

    write_blend(run / START_NAME, run / CHECKPOINT, share, run / BLEND)
    changes = {"checkpoint": BLEND, "checkpoint_sha256": sha256_of(run / BLEND), "share": share}
    write_record(record.model_copy(update=changes), run)
