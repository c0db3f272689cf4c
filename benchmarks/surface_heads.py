"""Semantic or instance segmentation for surfaces: both heads learn the same pictures and are measured.

Usage: python -m benchmarks.surface_heads --data DIR --from yolo26n-coco.pt --epochs 10 --imgsz 256 --json
Needs the extra `train`. An interrupted run goes on when started again with the same options.
"""

import argparse
import hashlib
import importlib.metadata
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.machine import describe_machine
from benchmarks.surface_heads_onnx import LEAST_SCORE, HeadOnnx, InstanceOnnx, SemanticOnnx
from benchmarks.surface_heads_plot import plot
from benchmarks.surface_squares import Squares, lay_out_squares
from benchmarks.surface_training import HEADS, HeadName, TrainedHead, train_head
from models.classes import OTHER, class_id, class_names
from models.data.data_set import read_data_set
from models.data.names import ClassNames
from models.data.pictures import sha256_of
from models.data.sample import Sample, sample_mask
from models.errors import ModelError
from models.evaluation.confusion import Counts, count_pairs, fold_foreign, mean_of, rates
from models.evaluation.measurement import read_bgr
from models.training.settings import TrainingSettings, read_settings
from models.training.staging import TrainingSample, read_training_samples, samples_sha256

RESULTS = Path(__file__).parent / "results"
THRESHOLDS = (LEAST_SCORE, 0.02, 0.03, *(round(0.05 * step, 2) for step in range(1, 17)))
TIMED_PICTURES, ROUNDS = 20, 5


@dataclass(frozen=True)
class TestSample:
    """A sample that figures are taken on, with its data set's names."""

    sample: Sample
    names: ClassNames


def main() -> None:
    """Train both heads, measure both, print a table, and write results/surface_heads.json and .png."""
    options = _options()
    try:
        result = _compare(options)
    except ModelError as error:
        sys.exit(str(error))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "surface_heads.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    plot(result, RESULTS / "surface_heads.png")
    if options.json:
        print(json.dumps(result))
        return
    _print(result)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="训练数据集 surfaces data set to learn from")
    parser.add_argument("--from", dest="start", type=Path, required=True, help="检测模型检查点 detection checkpoint")
    parser.add_argument(
        "--test", type=Path, action="append", help="测试数据集，可重复 test set(s); --data if not given"
    )
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--imgsz", type=int, default=256, help="图片长边像素 the pictures' longer side in pixels")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--work", type=Path, default=Path("artifacts/surface_heads"), help="工作目录 working folder")
    parser.add_argument("--json", action="store_true", help="输出 JSON print the result as JSON")
    return parser.parse_args()


def _compare(options: argparse.Namespace) -> dict[str, Any]:
    given = {name: getattr(options, name) for name in ("epochs", "imgsz", "batch", "seed", "threads")}
    settings = read_settings("surfaces", None, given | {"device": "cpu", "kind_weights": {}})
    learnt = read_training_samples([options.data], settings)
    tests = [test for folder in options.test or [options.data] for test in _test_samples(folder)]
    work = options.work / _fingerprint(settings, learnt, options.start)
    squares = lay_out_squares(learnt, settings.imgsz, work / "squares")
    trained = {head: train_head(head, settings, squares, options.start, work / head, _say) for head in HEADS}
    _say("measuring")
    networks = {head: _network(head, trained[head], settings) for head in HEADS}
    val = [TestSample(each.sample, each.names) for each in learnt if each.split == "val"]
    thresholds = {head: _best_threshold(network, val) for head, network in networks.items()}
    timed = [read_bgr(test.sample) for test in tests[:TIMED_PICTURES]]
    costs = _inference_costs(networks, thresholds, timed)
    heads: dict[str, dict[str, Any]] = {}
    for head, network in networks.items():
        heads[head] = {
            "parameters": trained[head].parameters,
            "training_cpu_s_a_picture_and_epoch": round(trained[head].cpu_s, 4),
            "inference_cpu_s_a_picture": costs[head],
            "threshold": thresholds[head],
            "test": _figures(network, tests, thresholds[head]),
        }
    return _described(settings, squares, tests) | {"heads": heads, "ratios": _ratios(heads)}


def _test_samples(folder: Path) -> list[TestSample]:
    data_set = read_data_set(folder, "surfaces")
    return [TestSample(sample, data_set.names) for sample in data_set.samples("test")]


def _fingerprint(settings: TrainingSettings, samples: Sequence[TrainingSample], checkpoint: Path) -> str:
    whole = f"{settings.model_dump_json()} {samples_sha256(samples)} {sha256_of(checkpoint)}"
    return hashlib.sha256(whole.encode()).hexdigest()[:12]


def _network(head: HeadName, trained: TrainedHead, settings: TrainingSettings) -> HeadOnnx:
    kind = SemanticOnnx if head == "semantic" else InstanceOnnx
    return kind(trained.onnx, settings.imgsz, settings.threads or 1)


def _inference_costs(
    networks: dict[HeadName, HeadOnnx], thresholds: dict[HeadName, float], pictures: Sequence[Any]
) -> dict[HeadName, dict[str, float]]:
    """Return CPU seconds a picture, of the network alone and up to the class map.

    The heads take turns at each picture, and the least of several rounds counts: other work on the machine costs both
    alike.
    """
    least = {head: np.full((len(pictures), 2), np.inf) for head in networks}
    for _ in range(ROUNDS):
        for number, picture in enumerate(pictures):
            for head, network in networks.items():
                started = time.process_time()
                answer = network.run(picture)
                answered = time.process_time()
                network.labels(answer, thresholds[head])
                spent = (answered - started, time.process_time() - started)
                least[head][number] = np.minimum(least[head][number], spent)
    means = {head: spent.mean(axis=0) for head, spent in least.items()}
    return {head: {"network": round(spent[0], 5), "whole": round(spent[1], 5)} for head, spent in means.items()}


def _best_threshold(network: HeadOnnx, samples: Sequence[TestSample]) -> float:
    """Return the threshold with the best mean IoU on these samples; of equals the one nearest to 0.5."""
    matrices = {threshold: _nothing() for threshold in THRESHOLDS}
    for each in samples:
        answer = network.run(read_bgr(each.sample))
        for threshold, matrix in matrices.items():
            matrix += _confusion(each, network.labels(answer, threshold))
    return max(THRESHOLDS, key=lambda threshold: (_mean_iou(matrices[threshold]), -abs(threshold - 0.5)))


def _figures(network: HeadOnnx, tests: Sequence[TestSample], threshold: float) -> dict[str, dict[str, Any]]:
    """Return the figures by pixels at the pictures' own size, of rendered and real pictures apart."""
    matrices: dict[str, Counts] = {}
    counts: dict[str, int] = {}
    for each in tests:
        picture = read_bgr(each.sample)
        kind = each.sample.kind
        called = network.labels(network.run(picture), threshold)
        matrices[kind] = matrices.get(kind, _nothing()) + _confusion(each, called)
        counts[kind] = counts.get(kind, 0) + 1
    return {
        kind: {"samples": counts[kind], "mean_iou": _rounded(_mean_iou(matrix)), "classes": _by_class(matrix)}
        for kind, matrix in sorted(matrices.items())
    }


def _nothing() -> Counts:
    classes = len(class_names("surfaces"))
    return np.zeros((classes, classes), np.int64)


def _confusion(each: TestSample, called: Any) -> Counts:  # noqa: ANN401 - a class map
    matrix = count_pairs(sample_mask(each.sample, each.names), called, len(each.names.all), len(each.names.ours))
    return fold_foreign(matrix, into=class_id("surfaces", OTHER))


def _by_class(matrix: Counts) -> dict[str, dict[str, float | None]]:
    """Leave out classes that are nowhere: nothing was there to be found."""
    present = {number: name for number, name in class_names("surfaces").items() if matrix[number].sum()}
    return {
        name: {rate: _rounded(value) for rate, value in asdict(rates(matrix, number)).items()}
        for number, name in present.items()
    }


def _mean_iou(matrix: Counts) -> float:
    """Return the mean over the classes that are there, without "other"."""
    found = [rates(matrix, number).iou for number, name in class_names("surfaces").items() if name != OTHER]
    present = [iou for number, iou in enumerate(found) if matrix[number].sum()]
    return mean_of(present) or 0.0


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _described(settings: TrainingSettings, squares: Squares, tests: Sequence[TestSample]) -> dict[str, Any]:
    packages = ("torch", "ultralytics", "onnxruntime")
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": describe_machine() | {"load": round(os.getloadavg()[0], 1)},
        "software": {package: importlib.metadata.version(package) for package in packages},
        "settings": settings.model_dump(include={"epochs", "imgsz", "batch", "lr", "seed", "threads"}),
        "pictures": squares.pictures | {"test": len(tests)},
        "outlined_areas": squares.areas,
        "backend": "ONNX Runtime, CPU",
    }


def _ratios(heads: dict[str, dict[str, Any]]) -> dict[str, float]:
    semantic, instance = heads["semantic"], heads["instance"]
    training, inference = "training_cpu_s_a_picture_and_epoch", "inference_cpu_s_a_picture"
    return {
        "training, instance / semantic": round(float(instance[training] / semantic[training]), 2),
        "inference, instance / semantic": round(float(instance[inference]["whole"] / semantic[inference]["whole"]), 2),
    }


def _print(result: dict[str, Any]) -> None:
    table = Table("head", "pictures", "class", "IoU", "precision", "recall", title=str(result["machine"]))
    for head, figures in result["heads"].items():
        for kind, part in figures["test"].items():
            for name, each in part["classes"].items():
                cells = [str(each[rate]) for rate in ("iou", "precision", "recall")]
                table.add_row(head, f"{kind} ({part['samples']})", name, *cells)
    Console().print(table, result["ratios"])


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    cv2.setNumThreads(1)
    main()
