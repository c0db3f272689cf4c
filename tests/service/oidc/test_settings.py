"""The file of the identity provider: safe addresses, the secret from the environment."""

import pytest

from service.config.document import ConfigError
from service.oidc.settings import load_oidc

GOOD = """issuer: https://id.example.org/realms/city
client_id: dustwatch
client_secret: ${OIDC_SECRET}
address: https://dust.example.org/
"""


def load(tmp_path, text, **environment):
    path = tmp_path / "oidc.yaml"
    path.write_text(text, encoding="utf-8")
    return load_oidc(path, environment)


def test_the_secret_comes_from_the_environment_and_the_way_back_is_told(tmp_path):
    settings = load(tmp_path, GOOD, OIDC_SECRET="s")
    assert settings.client_secret.get_secret_value() == "s"
    assert settings.callback == "https://dust.example.org/oidc/callback"
    assert settings.new_users is None


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("${OIDC_SECRET}", "written", "a secret does not stand in the file"),
        ("https://id.example.org", "http://id.example.org", "write an address like"),
        ("https://dust.example.org/", "https://me@dust.example.org/", "write an address like"),
        ("client_id: dustwatch", "client_id: dustwatch\nscopes: [profile]", "scopes hold openid"),
        ("client_id: dustwatch", "client_id: dustwatch\nnew_users: {role: machine}", "nobody becomes"),
    ],
)
def test_what_is_not_safe_is_refused(tmp_path, old, new, problem):
    with pytest.raises(ConfigError, match=problem):
        load(tmp_path, GOOD.replace(old, new), OIDC_SECRET="s")


def test_plain_http_is_for_this_machine_alone(tmp_path):
    assert load(tmp_path, GOOD.replace("https://id.example.org", "http://127.0.0.1:8090"), OIDC_SECRET="s")
