"""The software that evidence is made with, by name and version."""

from importlib.metadata import version

import av
import cv2
import onnxruntime


def software_versions() -> dict[str, str]:
    """Return the versions of dustwatch and of what decodes, draws and infers for it."""
    return {
        "dustwatch": version("dustwatch"),
        "onnxruntime": str(onnxruntime.__version__),
        "opencv": str(cv2.__version__),
        "pyav": str(av.__version__),
    }
