"""The evidence names the software it was made with."""

import av
import cv2
import onnxruntime

from service.edge.software import software_versions


def test_the_versions_are_those_that_run() -> None:
    told = software_versions()
    assert set(told) == {"dustwatch", "onnxruntime", "opencv", "pyav"}
    running = (onnxruntime.__version__, cv2.__version__, av.__version__)
    assert (told["onnxruntime"], told["opencv"], told["pyav"]) == running
