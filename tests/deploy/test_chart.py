"""The Helm chart: what Helm's linter and Kubernetes' schemas allow, naming nothing that the product does not have."""

from importlib.metadata import version

import helm_python
import kubernetes_validate
import pytest
from ruamel.yaml import YAML

from tests.deploy.deployed import DEPLOY, read_yaml, unknown_words, variable_is_known

FOLDER = DEPLOY / "helm" / "dustwatch"
WARNING = 2


def rendered(values=None):
    manifests = helm_python.Chart.load(FOLDER).render(values, name="dustwatch", namespace="dustwatch")
    found = [each for text in manifests.values() for each in YAML(typ="safe").load_all(text)]
    return [each for each in found if each is not None]


RESOURCES = rendered()
CONTAINERS = [
    container
    for each in RESOURCES
    if each["kind"] == "StatefulSet"
    for container in each["spec"]["template"]["spec"]["containers"]
]


def test_the_linter_has_nothing_to_say():
    report = helm_python.lint(FOLDER, strict=True, kube_version="v1.30.0")
    assert report["total_charts_linted"] == 1
    assert report["errors"] == []
    assert [each for each in report["messages"] if each["severity"] >= WARNING] == []


def test_the_chart_is_of_this_version():
    chart = read_yaml(FOLDER / "Chart.yaml")
    assert chart["version"] == chart["appVersion"] == version("dustwatch")


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda each: f"{each['kind']}-{each['metadata']['name']}")
def test_a_resource_is_what_its_schema_allows(resource):
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


def test_each_edge_has_its_own_cameras_secrets_and_disk():
    (usual,) = read_yaml(FOLDER / "values.yaml")["edges"]
    other = usual | {"name": "edge-north", "config": "north", "secret": "north-secrets", "storage": "5Gi"}
    sets = [each for each in rendered({"edges": [usual, other]}) if each["kind"] == "StatefulSet"]
    assert sorted(each["metadata"]["name"] for each in sets) == ["edge", "edge-north", "service"]
    north = next(each for each in sets if each["metadata"]["name"] == "edge-north")
    volumes = {each["name"]: each for each in north["spec"]["template"]["spec"]["volumes"]}
    assert volumes["config"]["configMap"]["name"] == "north"
    assert volumes["secrets"]["secret"]["secretName"] == "north-secrets"
    assert north["spec"]["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"] == "5Gi"
    assert len({each["spec"]["selector"]["matchLabels"]["app"] for each in sets}) == 3


@pytest.mark.parametrize(
    ("part", "wrong", "told"),
    [
        ("service", {"bucket": "a folder"}, "bucket"),
        ("service", {"password": "1234"}, "password"),
        ("edges", {"name": "service"}, "name"),
        ("edges", {"storage": "20"}, "storage"),
    ],
)
def test_values_that_can_not_be_meant_are_refused_by_name(part, wrong, told):
    usual = read_yaml(FOLDER / "values.yaml")[part]
    values = {part: usual | wrong if part == "service" else [usual[0] | wrong]}
    with pytest.raises(helm_python.HelmError, match=told):
        helm_python.Chart.load(FOLDER).validate_schema(values)
