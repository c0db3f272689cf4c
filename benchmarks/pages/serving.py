"""`python -m benchmarks.pages.serving FOLDER PORT`: the service with pages that look for news twenty times a second.

A day's refreshes then pass in minutes. Writes what the pages hold into `FOLDER/elements`: how many elements of NiceGUI.
"""

import sys
import threading
import time
from pathlib import Path

import uvicorn
from nicegui import Client

from service.api.app import create_app
from service.pages import queue_desk, shared_reads

LOOKS_EACH_S = 0.05


def main(folder: Path, port: int) -> None:
    """Serve until ended."""
    queue_desk.REFRESH_S = LOOKS_EACH_S
    shared_reads.SHARED_S = LOOKS_EACH_S / 2
    threading.Thread(target=_tell_elements, args=(folder / "elements",), daemon=True).start()
    app = create_app(f"sqlite:///{folder}/cases.db", folder / "evidence", is_open=True)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=2)


def _tell_elements(into: Path) -> None:
    while True:
        time.sleep(0.5)
        count = sum(len(client.elements) for client in tuple(Client.instances.values()))
        into.with_suffix(".new").write_text(str(count))
        into.with_suffix(".new").replace(into)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
