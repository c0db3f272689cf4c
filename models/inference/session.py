"""Starts a network in an ONNX Runtime session, on the best hardware that the runtime was built for."""

import onnxruntime

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


def start_session(model: VerifiedModel, threads: int = 0) -> onnxruntime.InferenceSession:
    """Return a session of the model; `threads` of 0 leaves the number to the runtime. Raises ModelError."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = ONLY_ERRORS
    available = onnxruntime.get_available_providers()
    providers = [provider for provider in PREFERRED_PROVIDERS if provider in available]
    try:
        return onnxruntime.InferenceSession(model.weights, options, providers=providers)
    except Exception as error:  # ONNX Runtime raises its own unrelated classes
        raise ModelError(detail=f"{model.card.name}: {str(error).splitlines()[0]}") from error
