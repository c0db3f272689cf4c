"""compose.yaml and the Dockerfile name nothing that the product does not have. No container is started here."""

import json
import re
import subprocess

import pytest

from service.config.file import load_config
from tests.deploy.deployed import DEPLOY, ROOT, read_yaml, unknown_words, variable_is_known

COMPOSE = read_yaml(ROOT / "compose.yaml")
OURS = ("service", "edge")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_compose_is_what_the_compose_specification_allows():
    compose = pytest.importorskip("compose_spec").PyCompose
    assert "service" in compose.from_yaml((ROOT / "compose.yaml").read_text(encoding="utf-8")).service_names()


def test_an_option_that_does_not_exist_is_found():
    assert unknown_words(["serve", "--host", "0.0.0.0", "--colour"]) == ["--colour"]
    assert unknown_words(["accounts", "tokens"]) == ["tokens"]


@pytest.mark.parametrize("name", OURS)
def test_commands_and_health_checks_of_containers_exist(name):
    container = COMPOSE["services"][name]
    assert unknown_words(container["command"]) == []
    program, *check = container["healthcheck"]["test"][1:]
    assert program == "dustwatch"
    assert unknown_words(check) == []


def test_commands_and_health_checks_of_the_dockerfile_exist():
    written = re.findall(r"CMD (\[.*\])", DOCKERFILE)
    assert len(written) == 4
    for command in map(json.loads, written):
        assert unknown_words(command[1:] if command[0] == "dustwatch" else command) == []


def test_every_target_that_compose_builds_is_a_stage():
    stages = set(re.findall(r"^FROM .* AS (\w+)$", DOCKERFILE, re.MULTILINE))
    assert {COMPOSE["services"][name]["build"]["target"] for name in OURS} <= stages


def test_our_containers_are_given_only_variables_that_are_read():
    written = (DEPLOY / "edge" / "dustwatch.yaml").read_text(encoding="utf-8")
    for name in OURS:
        for variable in COMPOSE["services"][name]["environment"]:
            read = variable.removesuffix("_FILE")
            assert variable_is_known(read) or f"${{{read}}}" in written, variable


def test_secrets_are_files_and_every_one_is_made(tmp_path):
    subprocess.run([DEPLOY / "make-secrets.sh", tmp_path], check=True)
    made = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert set(COMPOSE["secrets"]) == set(made)
    assert made["database_password"] in made["database_url"]
    used = {name for container in COMPOSE["services"].values() for name in container.get("secrets", ())}
    assert used == set(COMPOSE["secrets"])
    subprocess.run([DEPLOY / "make-secrets.sh", tmp_path], check=True)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == made


def test_no_password_stands_in_compose():
    for container in COMPOSE["services"].values():
        for variable, value in container.get("environment", {}).items():
            assert "PASSWORD" not in variable or str(value).startswith("/run/secrets/"), variable


def test_named_volumes_are_declared_and_mounted_files_are_there():
    for container in COMPOSE["services"].values():
        for volume in container.get("volumes", ()):
            source = volume.partition(":")[0]
            assert (ROOT / source).exists() if source.startswith("./") else source in COMPOSE["volumes"], source


def test_whatever_runs_on_is_checked_and_started_again():
    for name, container in COMPOSE["services"].items():
        if name != "bucket":
            assert container["healthcheck"]["test"], name
            assert container["restart"] == "unless-stopped", name


def test_the_edge_of_compose_has_a_configuration_that_loads():
    secrets = {"DUSTWATCH_QUEUE_TOKEN": "token", "DUSTWATCH_CAMERA_PASSWORD": "password"}
    config = load_config(DEPLOY / "edge" / "dustwatch.yaml", secrets)
    assert config.metrics_address == ("0.0.0.0", 9464)
