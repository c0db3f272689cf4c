"""The configuration is checked, and what is wrong is told by line and field."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.config.document import ConfigError
from service.config.file import data_folder, load_config, plain_passwords
from service.edge.cameras import orders

GOOD = """\
sites:
  - id: xinghe
    name: 星河湾二期
cameras:
  - id: east-gate
    site: xinghe
    name: 东门出口
    url: rtsp://admin:${GATE_PASSWORD}@10.0.0.3:554/stream1
    zones:
      wash_bay: [[0.3, 0.2], [0.6, 0.2], [0.6, 0.4], [0.3, 0.4]]
      exit_line:
        points: [[0.1, 0.6], [0.9, 0.6]]
        outward: [0.5, 0.9]
rules:
  unwashed_truck:
    wash_seconds: 30
"""
ENVIRONMENT = {"GATE_PASSWORD": "s3cret"}


def problems_of(tmp_path: Path, text: str, environment: dict[str, str] = ENVIRONMENT) -> list[str]:
    path = tmp_path / "dustwatch.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path, environment)
    problems = [problem.removeprefix(f"{path}") for problem in caught.value.problems]
    assert all("\n" not in problem for problem in problems)
    assert "s3cret" not in str(caught.value)
    return problems


def test_a_good_file_is_read_with_its_defaults(tmp_path: Path) -> None:
    path = tmp_path / "dustwatch.yaml"
    path.write_text(GOOD, encoding="utf-8")
    config = load_config(path, ENVIRONMENT)
    camera = config.cameras[0]
    assert camera.source.address == "rtsp://admin:s3cret@10.0.0.3:554/stream1"
    assert camera.transport == "tcp"
    assert config.rules.unwashed_truck.wash_seconds == 30
    assert config.rules.unwashed_truck.within_seconds == 600
    watched = config.gate_camera(camera)
    assert watched is not None
    assert watched.place.site_name == "星河湾二期"
    assert watched.gate.wash_bay is not None
    assert "s3cret" not in repr(config)


def test_a_password_that_stands_in_the_file_is_told_by_line_and_not_repeated(tmp_path: Path) -> None:
    path = tmp_path / "dustwatch.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert plain_passwords(path) == []

    path.write_text(GOOD.replace("${GATE_PASSWORD}", "s3cret"), encoding="utf-8")
    (place,) = plain_passwords(path)
    assert place.startswith(f"{path}:8: cameras")
    assert "s3cret" not in place


def test_a_camera_without_wash_bay_only_counts(tmp_path: Path) -> None:
    path = tmp_path / "dustwatch.yaml"
    lines = [line for line in GOOD.splitlines() if "wash_bay" not in line]
    path.write_text("\n".join(lines), encoding="utf-8")
    config = load_config(path, ENVIRONMENT)
    watched = config.gate_camera(config.cameras[0])
    assert watched is not None
    assert watched.gate.wash_bay is None


def test_a_substream_is_looked_at_and_its_password_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "dustwatch.yaml"
    line = "    substream: rtsp://admin:${GATE_PASSWORD}@10.0.0.3:554/stream2\n"
    path.write_text(GOOD.replace("    zones:\n", line + "    zones:\n"), encoding="utf-8")
    config = load_config(path, ENVIRONMENT)
    assert config.cameras[0].looked_at.address.endswith("/stream2")
    assert config.cameras[0].source.address.endswith("/stream1")
    assert "s3cret" not in repr(config)
    assert "s3cret" not in config.model_dump_json()
    assert (
        "an RTSP address"
        in problems_of(tmp_path, path.read_text(encoding="utf-8").replace(line, "    substream: x\n"))[0]
    )


def test_the_mode_has_to_fit_what_is_drawn(tmp_path: Path) -> None:
    patrol = GOOD.replace("    zones:\n", "    mode: patrol\n    zones:\n")
    assert "an exit_line is drawn but mode is patrol" in problems_of(tmp_path, patrol)[0]
    gate = GOOD[: GOOD.index("    zones:")] + "    mode: gate\n"
    assert "mode gate needs an exit_line" in problems_of(tmp_path, gate)[0]


PATROLLED = """\
    zones:
      yard: [[0.1, 0.5], [0.9, 0.5], [0.9, 0.9]]
      perimeter:
        line: [[0.0, 0.3], [0.5, 0.2], [1.0, 0.3]]
        gates: [[0.2, 0.3]]
rules:
  uncovered_soil: {grace_s: 172800}
  missing_hoarding: {min_gap_share: 0.1}
"""
WITHOUT_ZONES = GOOD[: GOOD.index("    zones:")]


def test_a_yard_and_a_perimeter_are_judged_on_patrol(tmp_path: Path) -> None:
    path = tmp_path / "dustwatch.yaml"
    path.write_text(WITHOUT_ZONES + PATROLLED, encoding="utf-8")
    config = load_config(path, ENVIRONMENT)
    (order,) = orders(config).values()
    assert order.mode == "patrol"
    assert order.is_judged
    assert order.yard is not None
    assert order.yard.parameters.grace_s == 48 * 3600
    assert order.perimeter is not None
    assert order.perimeter.perimeter.gates == ((0.2, 0.3),)
    assert order.perimeter.parameters.min_gap_share == 0.1
    assert orders(load_config(path, ENVIRONMENT))[order.camera.id] == order


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        (", [0.9, 0.9]]", "]", "zones.yard: a zone needs at least three points"),
        ("[[0.2, 0.3]]", "[[0.3, 0.2]]", "zones.perimeter: a gate goes from a smaller to a larger fraction"),
        (", [0.5, 0.2], [1.0, 0.3]]", "]", "zones.perimeter.line: "),
        ("172800", "172801", "rules.uncovered_soil.grace_s: "),
        (
            "      yard:",
            "      exit_line: {points: [[0, 0.6], [1, 0.6]], outward: [0.5, 0.9]}\n      yard:",
            "zones: an exit_line and a yard or perimeter are drawn",
        ),
        ("min_gap_share: 0.1", "min_gap_sahre: 0.1", "min_gap_sahre: unknown key; did you mean min_gap_share?"),
    ],
)
def test_a_mistake_in_a_patrol_is_told(tmp_path: Path, right: str, wrong: str, problem: str) -> None:
    assert right in PATROLLED
    assert any(problem in told for told in problems_of(tmp_path, WITHOUT_ZONES + PATROLLED.replace(right, wrong)))


@pytest.mark.parametrize("zones", ["", "    zones: {}\n"])
def test_a_camera_without_exit_line_is_on_patrol(tmp_path: Path, zones: str) -> None:
    path = tmp_path / "dustwatch.yaml"
    path.write_text(GOOD[: GOOD.index("    zones:")] + zones, encoding="utf-8")
    config = load_config(path, ENVIRONMENT)
    assert config.gate_camera(config.cameras[0]) is None
    assert config.place(config.cameras[0]).camera_id == "east-gate"


@pytest.mark.parametrize(
    ("wrong", "right", "problem"),
    [
        ("wash_by", "wash_bay", ":10: cameras[0].zones.wash_by: unknown key; did you mean wash_bay?"),
        (
            "wash_secnds",
            "wash_seconds",
            ":16: rules.unwashed_truck.wash_secnds: unknown key; did you mean wash_seconds?",
        ),
        ("colour: red\nrules", "rules", ":14: colour: unknown key; known here: "),
        ("wash_seconds: soon", "wash_seconds: 30", ":16: rules.unwashed_truck.wash_seconds: "),
        ("exit_lane:", "exit_line:", ":11: cameras[0].zones.exit_lane: unknown key; did you mean exit_line?"),
        (
            "\nrules:",
            "\n      exit_line:\n        points: [[0.1, 0.6], [0.9, 0.6]]\n        outward: [0.5, 0.9]\nrules:",
            ":9: cameras[0].zones: a wash bay is drawn but no exit_line; draw both, or neither",
        ),
        ("[0.5, 1.9]", "[0.5, 0.9]", ":13: cameras[0].zones.exit_line.outward[1]: "),
        ("[0.5, 0.6]", "[0.5, 0.9]", ":11: cameras[0].zones.exit_line: outward lies on the exit line"),
        ("site: xingha", "site: xinghe", ": camera east-gate belongs to site xingha, which is not in the file"),
        ("http://admin", "rtsp://admin", ":8: cameras[0].url: write an RTSP address"),
        ("rtsp://admin:${GATE_PASSWORD}@:554/", "rtsp://admin:${GATE_PASSWORD}@10.0.0.3:554/", ":8: cameras[0].url: "),
        ("id: East Gate", "id: east-gate", ":5: cameras[0].id: "),
        ("metrics: 9464\nrules:", "rules:", ":14: metrics: "),
        ("metrics: localhost\nrules:", "rules:", ":14: metrics: write host:port, such as 127.0.0.1:9464"),
        ("metrics: 127.0.0.1:70000\nrules:", "rules:", ":14: metrics: write host:port"),
        ("metrics: http://127.0.0.1:9464\nrules:", "rules:", ":14: metrics: write host:port"),
        ("metrics: 127.0.0.1:9464/metrics\nrules:", "rules:", ":14: metrics: write host:port"),
        ("metrics: admin:x@127.0.0.1:9464\nrules:", "rules:", ":14: metrics: write host:port"),
        ("[0.6, 0.4], [0.3, 0.4]]", "[0.6, 0.2], [0.6, 0.4], [0.3, 0.4]]", None),
        (
            "[0.6, 0.4], [0.6, 0.2]",
            "[0.6, 0.2], [0.6, 0.4]",
            ":10: cameras[0].zones.wash_bay: the zone's outline crosses itself",
        ),
    ],
)
def test_a_mistake_is_told_by_line_and_field(tmp_path: Path, wrong: str, right: str, problem: str | None) -> None:
    if problem is None:
        (tmp_path / "dustwatch.yaml").write_text(GOOD.replace(right, wrong), encoding="utf-8")
        load_config(tmp_path / "dustwatch.yaml", ENVIRONMENT)
        return
    assert any(found.startswith(problem) for found in problems_of(tmp_path, GOOD.replace(right, wrong)))


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("wash_bay", "wash_by").replace("wash_seconds: 30", "wash_seconds: -1")
    assert len(problems_of(tmp_path, text)) == 2


def test_a_variable_that_is_not_set(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, GOOD, {})
    assert problem == ":8: cameras[0].url: the environment variable GATE_PASSWORD is not set"


def test_two_cameras_of_one_name(tmp_path: Path) -> None:
    camera = GOOD[GOOD.index("  - id: east-gate") : GOOD.index("rules:")]
    (problem,) = problems_of(tmp_path, GOOD.replace("rules:", camera + "rules:"))
    assert problem == ": two cameras are called east-gate"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("sites: [", ":1: this is no YAML"),
        ("", ":1: it has to begin with"),
        ("- a\n- b\n", ":1: it has to begin with"),
        ("sites:\n  - id: a\n   name: b\n", ":3: this is no YAML"),
        ("sites: &a [*a]\ncameras: []", ""),
        ("sites: []\nsites: []\n", ":2: this is no YAML"),
    ],
)
def test_what_is_no_configuration_at_all(tmp_path: Path, text: str, problem: str) -> None:
    assert problems_of(tmp_path, text)[0].startswith(problem)


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        load_config(tmp_path / "none.yaml")
    (tmp_path / "picture.yaml").write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_config(tmp_path / "picture.yaml")


@given(st.text(max_size=300))
def test_no_text_whatever_brings_a_trace(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(text, encoding="utf-8", errors="replace")
    with pytest.raises(ConfigError):
        load_config(path, {})


@pytest.mark.parametrize(
    ("text", "address"),
    [("127.0.0.1:9464", ("127.0.0.1", 9464)), ("'[::1]:9464'", ("::1", 9464)), ("box.lan:80", ("box.lan", 80))],
)
def test_the_address_of_the_metrics(tmp_path: Path, text: str, address: tuple[str, int]) -> None:
    path = tmp_path / "dustwatch.yaml"
    path.write_text(f"{GOOD}metrics: {text}\n", encoding="utf-8")
    assert load_config(path, ENVIRONMENT).metrics_address == address


def test_the_data_folder_is_told_without_the_cameras_passwords(tmp_path: Path) -> None:
    path = tmp_path / "dustwatch.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert data_folder(path, {}) == Path("dustwatch-data/edge")
    path.write_text(f"{GOOD}data: ${{HOME_OF_DATA}}/edge\n", encoding="utf-8")
    assert data_folder(path, {"HOME_OF_DATA": "/srv"}) == Path("/srv/edge")
    with pytest.raises(ConfigError, match="HOME_OF_DATA is not set"):
        data_folder(path, {})


@pytest.mark.parametrize(("line", "expected"), [("", "off"), ("plates: on\n", "on"), ("plates: off\n", "off")])
def test_plates_are_read_where_asked_for(tmp_path: Path, line: str, expected: str) -> None:
    path = tmp_path / "dustwatch.yaml"
    path.write_text(GOOD + line, encoding="utf-8")
    assert load_config(path, ENVIRONMENT).plates == expected


def test_the_queue_s_token_comes_from_a_variable_alone_and_is_not_shown(tmp_path: Path) -> None:
    line = 'queue_token: "${QUEUE_TOKEN}"\n'
    path = tmp_path / "good.yaml"
    path.write_text(GOOD + line, encoding="utf-8")
    config = load_config(path, {**ENVIRONMENT, "QUEUE_TOKEN": "dw_s3cret"})
    assert config.queue_token is not None
    assert config.queue_token.get_secret_value() == "dw_s3cret"
    assert "dw_s3cret" not in repr(config)
    last = len(GOOD.splitlines()) + 1
    for written in ("dw_written", '"dw_${QUEUE_TOKEN}"', "5", '""'):
        (problem,) = problems_of(tmp_path, f"{GOOD}queue_token: {written}\n", {**ENVIRONMENT, "QUEUE_TOKEN": "x"})
        assert problem.startswith(f":{last}: queue_token: a secret does not stand in the file")
        assert "dw_written" not in problem
    for wrong in ("", "dw_ s3cret", "dw_s3cret\n"):
        (problem,) = problems_of(tmp_path, GOOD + line, {**ENVIRONMENT, "QUEUE_TOKEN": wrong})
        assert "it is empty, or has spaces" in problem
