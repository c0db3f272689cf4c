"""Writes the JSON schemas in docs/ from the code: `make docs`."""

import json
import sys
from pathlib import Path

from service.config.schema import Config
from vision.evidence.manifest import Manifest

FOLDER = Path(__file__).parent
SCHEMAS = {"evidence-manifest.schema.json": Manifest, "configuration.schema.json": Config}


def schema_text(name: str) -> str:
    """Return the text of one schema file."""
    return json.dumps(SCHEMAS[name].model_json_schema(), ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    """Write every schema file."""
    for name in SCHEMAS:
        (FOLDER / name).write_text(schema_text(name), encoding="utf-8")
        sys.stderr.write(f"{FOLDER / name}\n")


if __name__ == "__main__":
    main()
