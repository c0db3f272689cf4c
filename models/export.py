"""Exports an ultralytics checkpoint to ONNX (needs the extra `train`)."""

import hashlib
import shutil
import tempfile
from pathlib import Path

from models.errors import TrainingMissing

OPSET = 17


def export_onnx(checkpoint: Path, destination: Path, input_size: int) -> str:
    """Write `checkpoint` as ONNX with a dynamic batch, height and width, and return the file's SHA-256.

    `input_size` is the longer side in pixels. Input `images` is float32 (batch, 3, height, width), RGB in 0..1; output
    is (batch, 4 + classes, anchors): centre x and y, width and height in input pixels, then a score a class.
    Raises TrainingMissing.
    """
    try:
        from ultralytics import YOLO
    except ImportError as error:
        raise TrainingMissing from error
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copy(checkpoint, folder)  # ultralytics writes beside the checkpoint, which may be read-only
        exported = YOLO(copy).export(format="onnx", imgsz=input_size, dynamic=True, simplify=True, opset=OPSET)
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(exported, destination)
    return hashlib.sha256(destination.read_bytes()).hexdigest()
