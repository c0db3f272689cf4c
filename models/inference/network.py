"""A network in an ONNX Runtime session, on the best hardware that the runtime was built for."""

from collections.abc import Sequence

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.cards import VerifiedModel
from models.errors import ModelError

PREFERRED_PROVIDERS = (
    "TensorrtExecutionProvider",
    "CUDAExecutionProvider",
    "OpenVINOExecutionProvider",
    "CPUExecutionProvider",
)
ONLY_ERRORS = 3
"""ONNX Runtime's level of logging."""


class Network:
    """One network in one session; safe to call from several threads."""

    def __init__(self, model: VerifiedModel, threads: int = 0) -> None:
        """Start the session; `threads` of 0 leaves the number to the runtime. Raises ModelError."""
        self._session = _start_session(model, threads)
        self._input_name = self._session.get_inputs()[0].name

    @property
    def providers(self) -> list[str]:
        """The hardware the session runs on, by ONNX Runtime's names."""
        return list(self._session.get_providers())

    def run(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Return the network's answer to BGR pictures that were letterboxed to one size, batch first."""
        (answer,) = self._session.run(None, {self._input_name: as_input(pictures)})
        return np.asarray(answer, dtype=np.float32)


def as_input(pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
    """Return BGR pictures (height, width, 3) of one size as a network sees them: (n, 3, height, width), RGB 0..1."""
    return np.asarray(cv2.dnn.blobFromImages(list(pictures), scalefactor=1 / 255, swapRB=True), np.float32)


def _start_session(model: VerifiedModel, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = ONLY_ERRORS
    available = onnxruntime.get_available_providers()
    providers = [provider for provider in PREFERRED_PROVIDERS if provider in available]
    try:
        return onnxruntime.InferenceSession(model.weights, options, providers=providers)
    except Exception as error:  # ONNX Runtime raises its own unrelated classes
        raise ModelError(detail=f"{model.card.name}: {str(error).splitlines()[0]}") from error
