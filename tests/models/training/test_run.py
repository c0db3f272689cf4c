"""Real trainings of a few steps: what starts from where, what is written, and going on after being killed."""
# ruff: noqa: E402 - what needs the extra comes after the check for it

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.models.needs_training import needs_training

needs_training()

import torch
from ultralytics.nn.tasks import DetectionModel

from models.classes import class_names
from models.errors import BadCheckpoint, RunDiffers
from models.training import mud, surfaces, vehicles
from models.training.run import train
from models.training.run_record import read_record
from models.training.settings import TrainingSettings
from models.training.start import read_checkpoint
from service.model_blend import choose_blend
from tests.models.made_grounds import write_grounds

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

REPOSITORY = Path(__file__).parents[3]
SETTINGS = TrainingSettings(task="surfaces", epochs=3, imgsz=64, batch=4, threads=1)


@pytest.fixture(scope="module")
def coco(tmp_path_factory) -> Path:
    """A detector with COCO's classes as a training would leave it, but with weights that nobody trained."""
    torch.manual_seed(1)
    names = {number: name for number, name in class_names("vehicles").items() if number < 80}
    network = DetectionModel("yolo26n.yaml", nc=80, verbose=False)
    network.names = names
    path = tmp_path_factory.mktemp("coco") / "coco.pt"
    torch.save({"model": network, "epoch": -1, "train_args": {}}, path)
    return path


@pytest.fixture(scope="module")
def grounds(tmp_path_factory) -> Path:
    return write_grounds(tmp_path_factory.mktemp("data") / "grounds", {"train": range(4), "val": range(10, 12)})


def content(folder):
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def test_backbone_and_neck_of_a_detector_start_the_surfaces_model(coco):
    start = surfaces.make_start(coco, class_names("surfaces"))
    given, made = read_checkpoint(coco).state_dict(), start.network.state_dict()
    before_head = [name for name in made if int(name.split(".")[1]) < surfaces.HEAD]
    assert start.transferred == len(before_head) == len(made) - 16
    assert all(torch.equal(made[name], given[name]) for name in before_head)


def test_a_detector_keeps_its_classes_and_an_excavator_starts_as_a_truck(coco):
    names = class_names("vehicles")
    start = vehicles.make_start(coco, names)
    assert start.transferred == start.tensors
    given, made = read_checkpoint(coco).state_dict(), start.network.state_dict()
    rows = [name for name in made if made[name].shape != given[name].shape]
    assert len(rows) == 12, "a weight and a bias, three strides, two heads"
    for name in rows:
        assert torch.equal(made[name][:80], given[name])
        assert torch.equal(made[name][80], given[name][7])


def test_the_backbone_of_a_detector_starts_the_mud_model(coco):
    start = mud.make_start(coco, class_names("mud"))
    given, made = read_checkpoint(coco).state_dict(), start.network.state_dict()
    assert start.transferred == sum(int(name.split(".")[1]) < mud.HEAD for name in made)
    assert torch.equal(made["model.9.cv1.conv.weight"], given["model.10.cv1.conv.weight"])


def test_a_file_that_is_no_checkpoint_is_told(tmp_path):
    (tmp_path / "x.pt").write_bytes(b"no")
    with pytest.raises(BadCheckpoint, match=r"x\.pt"):
        surfaces.make_start(tmp_path / "x.pt", class_names("surfaces"))


def test_a_training_writes_in_its_folder_alone_and_is_there_for_ever(coco, grounds, tmp_path):
    before = content(grounds)
    seen = []
    checkpoint = train(SETTINGS, [grounds], tmp_path / "run", start=coco, report=seen.append)
    assert content(grounds) == before
    assert [(at.epoch, at.batches) for at in seen if at.figures] == [(1, 2), (2, 2), (3, 2)]
    record = read_record(tmp_path / "run")
    assert record.state == "finished"
    assert record.settings == SETTINGS
    assert record.pictures["train"] == {"rendered": 8}
    assert record.versions["ultralytics"] != "not installed"
    assert record.checkpoint_sha256 == hashlib.sha256(checkpoint.read_bytes()).hexdigest()
    written = content(tmp_path / "run")
    assert train(SETTINGS, [grounds], tmp_path / "run", start=coco) == checkpoint
    assert content(tmp_path / "run") == written
    with pytest.raises(RunDiffers, match="lr"):
        train(SETTINGS.model_copy(update={"lr": 0.5}), [grounds], tmp_path / "run", start=coco)


def test_the_best_blend_on_the_validation_split_becomes_the_checkpoint(coco, grounds, tmp_path):
    train(SETTINGS, [grounds], tmp_path / "run", start=coco)
    blends = choose_blend(tmp_path / "run", grounds, [0.0, 0.5, 1.0], input_size=64, threads=1)
    assert {blend.share for blend in blends} == {0.0, 0.5, 1.0}
    assert blends[0].score == max(blend.score for blend in blends)
    record = read_record(tmp_path / "run")
    assert record.share == blends[0].share
    written = tmp_path / "run" / record.checkpoint
    assert record.checkpoint_sha256 == hashlib.sha256(written.read_bytes()).hexdigest()


def test_what_is_frozen_does_not_learn(coco, grounds, tmp_path):
    settings = SETTINGS.model_copy(update={"epochs": 1, "freeze": "all_but_head"})
    checkpoint = train(settings, [grounds], tmp_path / "run", start=coco)
    before = read_checkpoint(tmp_path / "run" / "start.pt").state_dict()
    after = read_checkpoint(checkpoint).state_dict()
    changed = {int(name.split(".")[1]) for name in after if not torch.equal(before[name].half(), after[name].half())}
    assert changed == {surfaces.HEAD}


def test_a_killed_training_goes_on_where_it_was(coco, grounds, tmp_path):
    out = tmp_path / "run"
    (tmp_path / "settings.yaml").write_text("threads: 1\nkind_weights: {}\nclass_weight_power: 0\n")
    command = [sys.executable, "-m", "service.cli.main", "models", "train", "surfaces", "--data", grounds]
    command += ["--from", coco, "--out", out, "--epochs", "6", "--imgsz", "64", "--batch", "4"]
    command += ["--settings", tmp_path / "settings.yaml"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    process = subprocess.Popen([str(word) for word in command], cwd=tmp_path, env=environment)
    try:
        while len(epochs(out)) < 2:
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert read_record(out).state == "running"
    done = len(epochs(out))
    ended = subprocess.run(
        [str(word) for word in command], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split() == [str(out / "weights" / "best.pt")]
    assert epochs(out)[-1] == 6
    assert epochs(out)[done] in {done, done + 1}, "it went on after the last whole epoch"
    assert json.loads((out / "run.json").read_text())["state"] == "finished"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run", "settings.yaml"]


def epochs(out: Path) -> list[int]:
    results = out / "results.csv"
    lines = results.read_text().splitlines()[1:] if results.exists() else []
    return [int(line.split(",")[0]) for line in lines if line.strip()]


def test_the_same_seed_starts_from_the_same_head(coco):
    heads = []
    for _ in range(2):
        torch.manual_seed(5)
        heads.append(
            surfaces.make_start(coco, class_names("surfaces")).network.state_dict()["model.17.classifier.1.weight"]
        )
    assert np.array_equal(heads[0].numpy(), heads[1].numpy())
