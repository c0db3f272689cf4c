"""The Kubernetes manifests: of their published schemas, and naming nothing that the product does not have."""

import pytest
from ruamel.yaml import YAML

from tests.deploy.deployed import DEPLOY, read_yaml, unknown_words, variable_is_known

FOLDER = DEPLOY / "kubernetes"
LISTED = read_yaml(FOLDER / "kustomization.yaml")["resources"]
RESOURCES = [each for name in LISTED for each in YAML(typ="safe").load_all((FOLDER / name).read_text(encoding="utf-8"))]
CONTAINERS = [
    container
    for each in RESOURCES
    if each["kind"] == "StatefulSet"
    for container in each["spec"]["template"]["spec"]["containers"]
]


def test_every_manifest_is_listed():
    assert {path.name for path in FOLDER.glob("*.yaml")} == {*LISTED, "kustomization.yaml"}


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda each: f"{each['kind']}-{each['metadata']['name']}")
def test_a_resource_is_what_its_schema_allows(resource):
    kubernetes_validate = pytest.importorskip("kubernetes_validate")
    kubernetes_validate.validate(resource, "1.30", strict=True)


@pytest.mark.parametrize("container", CONTAINERS, ids=lambda each: each["name"])
def test_a_container_runs_what_exists(container):
    assert unknown_words(container["args"]) == []
    if "exec" in container["livenessProbe"]:
        assert unknown_words(container["livenessProbe"]["exec"]["command"][1:]) == []
    mounts = {each["mountPath"] for each in container["volumeMounts"]}
    written = (DEPLOY / "edge" / "dustwatch.yaml").read_text(encoding="utf-8")
    for variable in container["env"]:
        name = variable["name"].removesuffix("_FILE")
        assert variable_is_known(name) or f"${{{name}}}" in written, name
        if variable["name"].endswith("_FILE"):
            assert variable["value"].rpartition("/")[0] in mounts
