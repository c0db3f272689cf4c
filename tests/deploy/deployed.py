"""What the deployment's files name, and what the product really has to offer."""

import functools
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import typer
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from service.api.app import create_app
from service.cli.main import command_line
from service.edge.metrics import EdgeCollector
from tests.service.conftest import Api
from tests.service.edge.statuses import camera, edge

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
NOT_OURS = re.compile(r"^(up|process_\w+|python_\w+)$")
_IN_QUERY = re.compile(r"\b(dustwatch_\w+|process_\w+|up)\b(?=\s*[\[{)=<>*]|\s*$)")


def read_yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def unknown_words(command: Iterable[str]) -> list[str]:
    """Return what of `dustwatch COMMAND...` the command line does not know: options, and commands of groups."""
    at: click.Command = typer.main.get_command(command_line())
    unknown = []
    for word in command:
        if word.startswith("-"):
            known = {name for parameter in at.params for name in (*parameter.opts, *parameter.secondary_opts)}
            if word.partition("=")[0] not in known:
                unknown.append(word)
        elif hasattr(at, "commands"):
            if word not in at.commands:
                return [*unknown, word]
            at = at.commands[word]
    return unknown


def variable_is_known(name: str) -> bool:
    """Tell whether our code, or its configuration for containers, reads the environment variable."""
    return f'"{name}"' in _sources()


@functools.cache
def _sources() -> str:
    folders = ("service", "models", "streams", "vision")
    return "\n".join(path.read_text(encoding="utf-8") for each in folders for path in (ROOT / each).rglob("*.py"))


def metrics_in(query: str) -> set[str]:
    """Return the names of the metrics in a PromQL query."""
    without_texts = re.sub(r'"[^"]*"', '""', query)
    return {name for name in _IN_QUERY.findall(without_texts) if not NOT_OURS.match(name)}


def served_metrics(folder: Path) -> set[str]:
    """Return the name of every sample that a service and an edge expose."""
    app = create_app(f"sqlite:///{folder}/cases.db", folder / "evidence", pages=False, is_open=True)
    Api(app).get("/healthz")
    names = set()
    for collector in (app.state.metrics, EdgeCollector(lambda: edge(camera("a")))):
        registry = CollectorRegistry()
        registry.register(collector)
        families = text_string_to_metric_families(generate_latest(registry).decode())
        names |= {sample.name for family in families for sample in family.samples}
    app.state.store.close()
    return names
