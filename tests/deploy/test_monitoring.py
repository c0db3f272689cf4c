"""Alerts and dashboard: every metric exists, every alert has its runbook, promtool takes them, and they fire."""

import json
import re
import shutil
import subprocess

import pytest

from deploy.grafana.write_dashboard import TARGET, dashboard
from tests.deploy.deployed import DEPLOY, ROOT, metrics_in, read_yaml, served_metrics

RULES = [rule for group in read_yaml(DEPLOY / "prometheus" / "alerts.yaml")["groups"] for rule in group["rules"]]
NEEDS_PROMTOOL = pytest.mark.skipif(not shutil.which("promtool"), reason="needs Debian's prometheus")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    return served_metrics(tmp_path_factory.mktemp("metrics"))


def test_metrics_are_found_in_queries():
    query = 'sum by (le) (rate(dustwatch_a_bucket{kind="dustwatch_x"}[5m])) / dustwatch_b > up'
    assert metrics_in(query) == {"dustwatch_a_bucket", "dustwatch_b"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_alerts_ask_for_metrics_that_are_served(rule, served):
    assert metrics_in(rule["expr"]) <= served
    assert rule["expr"].startswith("up{") or metrics_in(rule["expr"])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_alerts_have_their_runbook(rule):
    path, _, anchor = rule["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^## (.+)$", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    assert anchor in [heading.lower() for heading in headings]


def test_every_runbook_belongs_to_an_alert():
    headings = re.findall(r"^## (.+)$", (ROOT / "docs" / "runbooks.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == [rule["alert"] for rule in RULES]


def test_the_dashboard_is_as_written_and_asks_for_metrics_that_are_served(served):
    assert json.loads(TARGET.read_text(encoding="utf-8")) == dashboard()
    asked = {name for panel in dashboard()["panels"] for each in panel["targets"] for name in metrics_in(each["expr"])}
    assert asked
    assert asked <= served


@NEEDS_PROMTOOL
def test_promtool_takes_configuration_and_rules():
    folder = DEPLOY / "prometheus"
    for kind, file in (("config", "prometheus.yaml"), ("rules", "alerts.yaml")):
        done = subprocess.run(["promtool", "check", kind, folder / file], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@NEEDS_PROMTOOL
def test_alerts_fire_when_what_they_tell_of_happens():
    path = ROOT / "tests" / "deploy" / "alerts_test.yaml"
    done = subprocess.run(["promtool", "test", "rules", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_made_to_fire():
    cases = read_yaml(ROOT / "tests" / "deploy" / "alerts_test.yaml")["tests"]
    fired = {case["alertname"] for test in cases for case in test["alert_rule_test"] if case["exp_alerts"]}
    assert fired == {rule["alert"] for rule in RULES}
