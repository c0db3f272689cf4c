"""What runs at a site and what serves the queue need neither torch nor ultralytics."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PROGRAM = """
import importlib, pkgutil, sys
for name in ("torch", "torchvision", "ultralytics", "onnx", "onnxslim"):
    sys.modules[name] = None  # an import of it now fails
for package in ("streams", "vision", "service", "models", "datasets"):
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, package + "."):
        if module.name.startswith(SKIPPED):
            continue
        importlib.import_module(module.name)
from typer.testing import CliRunner
from service.cli.main import command_line
ended = CliRunner().invoke(command_line(), ["models", "train", "--help"])
assert ended.exit_code == 0, ended.output
print("whole")
"""
SKIPPED = (
    "models.training.surfaces",
    "models.training.vehicles",
    "models.training.mud",
    "models.training.blend",
    "models.training.start",
    "datasets.render",
    "service.storage.migrations",
    "vision.evidence.fonts",
)


def test_everything_but_the_training_itself_is_imported_without_torch():
    program = PROGRAM.replace("SKIPPED", repr(SKIPPED))
    ended = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, timeout=250)
    assert ended.stdout.strip().endswith("whole"), ended.stderr


def test_training_without_its_packages_says_what_to_install(tmp_path):
    program = """
import sys
for name in ("torch", "ultralytics"):
    sys.modules[name] = None
sys.argv = ["dustwatch", "models", "export", sys.argv[1], "--out", "x.onnx"]
from service.cli.main import main
main()
"""
    (tmp_path / "a.pt").write_bytes(b"")
    ended = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "a.pt")],
        cwd=tmp_path,
        env={"PYTHONPATH": str(REPOSITORY), "DUSTWATCH_LANG": "en", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=250,
    )
    assert ended.returncode == 2
    assert ended.stderr.strip() == "error: this needs the training packages: pip install 'dustwatch[train]'"
