"""The file of the channels: what it may say, and how mistakes are told."""

from pathlib import Path

import pytest

from service.config.document import ConfigError
from service.notices.config import load_notices

EXAMPLE = Path(__file__).parents[3] / "docs" / "notices.example.yaml"
ENVIRONMENT = {
    "WEBHOOK_SECRET": "only-for-tests-0123",
    "WECOM_ROBOT": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=hidden-key",
    "MAIL_PASSWORD": "hidden-mail",
    "MQTT_PASSWORD": "hidden-mqtt",
}
HOOK = """\
webhooks:
  - name: hook
    url: {url}
    secret: {secret}
    only: {{{only}}}
"""
MAIL = "mails: [{{name: m, host: h, sender: a@b, {}}}]\n"


@pytest.fixture
def problem_of(tmp_path):
    def problem(text, environment=ENVIRONMENT):
        path = tmp_path / "notices.yaml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError) as caught:
            load_notices(path, environment)
        return str(caught.value)

    return problem


def hook(url="https://x.example/", secret="${WEBHOOK_SECRET}", only=""):
    return HOOK.format(url=url, secret=secret, only=only)


def test_the_example_is_valid_and_its_secrets_are_never_shown():
    config = load_notices(EXAMPLE, ENVIRONMENT)
    assert [channel.name for channel in config.channels] == ["command-centre", "inspectors", "office", "platform"]
    assert "hidden" not in repr(config)
    assert "only-for-tests" not in repr(config)


@pytest.mark.parametrize("secret", ["written-in-the-file-0123", "x${WEBHOOK_SECRET}", "12345678901234567890"])
def test_a_secret_in_the_file_is_refused_and_not_repeated(problem_of, secret):
    problem = problem_of(hook(secret=secret))
    assert ":4: webhooks[0].secret: a secret does not stand in the file; write ${NAME}" in problem
    assert secret not in problem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (hook(secret="${MISSING}"), "the environment variable MISSING is not set"),
        (hook(url="ftp://x"), "webhooks[0].url: write an address like https://host/path"),
        (hook(url="https://user:pw@x.example/"), "without user and password"),
        (hook(only="events: [fond]"), "there is no such event; known: found, confirm"),
        (hook(only="rules: [soil]"), "uncovered_soil"),
        (hook(only="districts: []"), "at least 1"),
        (hook(only="district: [a]"), "did you mean districts?"),
        (hook() + hook().removeprefix("webhooks:\n"), "there are two channels hook"),
        ("public_url: https://x.example\n", "there is no channel"),
        ("brokers: [{name: b, host: h, topic: 'a/{place}'}]\n", "there is no {place}"),
        ("brokers: [{name: b, host: h, topic: 'a/{case_id.real}'}]\n", "there is no {case_id.real}"),
        ("brokers: [{name: b, host: h, topic: 'a/#'}]\n", "none of + and #"),
        (
            MAIL.format("encryption: none, password: '${MAIL_PASSWORD}', recipients: [a@b]"),
            "not sent without encryption",
        ),
        ('mails: [{name: m, host: h, sender: a@b, recipients: ["a@b\\nBcc: c@d"]}]\n', "recipients"),
    ],
)
def test_mistakes_are_told_by_place(problem_of, text, expected):
    assert expected in problem_of(text)


def test_a_secret_that_is_too_short_is_refused_without_being_told(problem_of):
    problem = problem_of(hook(), {"WEBHOOK_SECRET": "short-one"})
    assert "at least 16" in problem
    assert "short-one" not in problem


def test_a_robot_s_address_that_makes_no_sense_is_not_repeated(problem_of):
    text = "robots: [{name: r, service: wecom, webhook: '${WECOM_ROBOT}'}]\n"
    problem = problem_of(text, {"WECOM_ROBOT": "hidden-key"})
    assert "write an address" in problem
    assert "hidden-key" not in problem
