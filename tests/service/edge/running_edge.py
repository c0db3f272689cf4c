"""A real edge in a process of its own, with a configuration that a test writes and changes."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from service.edge.status import STATUS_NAME


class RunningEdge:
    """`dustwatch run` on `folder/dustwatch.yaml`; its log goes to `folder/edge.log`."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "dustwatch.yaml"
        self.data = folder / "edge"
        self._log = folder / "edge.log"

    def write(self, cameras: Mapping[str, Mapping[str, Any]], **settings: Any) -> None:
        """Write the configuration: cameras by id, and other settings."""
        document = {
            "sites": [{"id": "yard", "name": "堆场"}],
            "cameras": [{"id": name, "site": "yard", "name": name, **camera} for name, camera in cameras.items()],
            "data": str(self.data),
            "queue": "http://127.0.0.1:9",
            **settings,
        }
        building = self.config.with_suffix(".part")
        with building.open("w", encoding="utf-8") as file:
            YAML().dump(document, file)
        building.rename(self.config)

    @contextmanager
    def running(self) -> Iterator["subprocess.Popen[bytes]"]:
        """Run the edge while the block runs."""
        command = [sys.executable, "-m", "service.cli.main", "run", str(self.config)]
        with self._log.open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)

    @property
    def log(self) -> str:
        """What it has logged."""
        return self._log.read_text(encoding="utf-8")

    def cameras(self) -> dict[str, Any]:
        """Return every camera's figures as the status file has them; none before there is one."""
        path = self.data / STATUS_NAME
        return json.loads(path.read_text(encoding="utf-8"))["cameras"] if path.exists() else {}

    def inspected(self, camera: str) -> int:
        """Return how many pictures of the camera were inspected so far."""
        return int(self.cameras().get(camera, {}).get("inspected", 0))
