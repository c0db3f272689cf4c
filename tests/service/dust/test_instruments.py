"""The file of instruments is checked, and keeps its passwords to itself."""

import pytest

from service.config.document import ConfigError
from service.dust.instruments import load_instruments

GOOD = """\
sites:
  - {id: binjiang-1, name: 滨江一号地块}
instruments:
  - mn: 3201000000DUST0000000001
    password: ${DUST_PASSWORD}
    site: binjiang-1
    name: 东门扬尘仪
    dust_unit: mg/m3
    minutes_per_record: 5
"""


def load(tmp_path, text=GOOD, password="s3cr3t"):
    path = tmp_path / "instruments.yaml"
    path.write_text(text, encoding="utf-8")
    return load_instruments(path, {"DUST_PASSWORD": password})


def test_a_good_file_is_read(tmp_path):
    config = load(tmp_path)
    assert config.zone.key == "Asia/Shanghai"
    [place] = config.places()
    assert (place.number, place.site_name, place.minutes_per_record) == (
        "3201000000DUST0000000001",
        "滨江一号地块",
        5,
    )
    assert config.instruments[0].password.get_secret_value() == "s3cr3t"
    assert config.instruments[0].dust_to_ug_m3 == 1000.0
    assert "s3cr3t" not in repr(config)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    dust_unit: mg/m3\n", "", r"instruments\[0\].dust_unit: it is missing"),
        ("mg/m3", "g/m3", r"instruments.yaml:8: instruments\[0\].dust_unit"),
        ("dust_unit", "dust_units", "did you mean dust_unit"),
        ("site: binjiang-1", "site: nowhere", "there is no site nowhere"),
        ("minutes_per_record: 5", "minutes_per_record: 7", "minutes_per_record"),
        ("sites:", "timezone: Mars\nsites:", "unknown time zone"),
        ("mn: 3201", "mn: 32-01", "mn"),
        (GOOD, "[]", "it has to begin with 'sites:' and 'instruments:'"),
        (GOOD, GOOD + GOOD.split("instruments:\n")[1], "two instruments"),
    ],
)
def test_mistakes_are_told(tmp_path, old, new, told):
    with pytest.raises(ConfigError, match=told):
        load(tmp_path, GOOD.replace(old, new))


@pytest.mark.parametrize("password", ["", "semi;colon", "s p a c e", "x" * 33, "密码"])
def test_a_password_that_can_not_be_sent_is_told_without_it(tmp_path, password):
    with pytest.raises(ConfigError, match="password") as caught:
        load(tmp_path, password=password)
    assert not password or password not in str(caught.value)
