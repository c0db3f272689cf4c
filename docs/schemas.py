"""Writes what docs/ takes from the code, the JSON schemas and the list of classes: `make docs`."""

import json
import sys
from pathlib import Path

from models.classes import TASKS, classes_of
from service.config.schema import Config
from vision.evidence.manifest import Manifest

FOLDER = Path(__file__).parent
SCHEMAS = {"evidence-manifest.schema.json": Manifest, "configuration.schema.json": Config}
CLASSES_PAGE = "classes.md"


def schema_text(name: str) -> str:
    """Return the text of one schema file."""
    return json.dumps(SCHEMAS[name].model_json_schema(), ensure_ascii=False, indent=2) + "\n"


def classes_text() -> str:
    """Return the page of the classes: those with a description in a table, COCO's others by name."""
    parts = ["# Classes\n", "Made from [models/classes.yaml](../models/classes.yaml) by `make docs`.\n"]
    for task in TASKS:
        classes = classes_of(task).values()
        parts += [f"## {task}\n", "| number | name | 中文 | what |\n|---|---|---|---|"]
        parts += [f"| {each.id} | `{each.name}` | {each.zh} | {each.what} |" for each in classes if each.what]
        others = [f"{each.id} {each.name} {each.zh}" for each in classes if not each.what]
        parts += ["", *([f"The others are COCO's: {', '.join(others)}.\n"] if others else [])]
    return "\n".join(parts).rstrip() + "\n"


def main() -> None:
    """Write every such file."""
    texts = {name: schema_text(name) for name in SCHEMAS} | {CLASSES_PAGE: classes_text()}
    for name, text in texts.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        sys.stderr.write(f"{FOLDER / name}\n")


if __name__ == "__main__":
    main()
