"""Secrets may come from files: what a variable of ours names is read, nothing else, and a missing file is told."""

import pytest

from service.secret_files import SecretUnreadable, take_secret_files


def test_a_file_sets_the_variable_without_the_lines_end(tmp_path):
    path = tmp_path / "token"
    path.write_text("t0ken \n", encoding="utf-8")
    environment = {"DUSTWATCH_QUEUE_TOKEN_FILE": str(path), "AWS_SECRET_ACCESS_KEY_FILE": str(path)}

    take_secret_files(environment)

    assert environment["DUSTWATCH_QUEUE_TOKEN"] == environment["AWS_SECRET_ACCESS_KEY"] == "t0ken "


def test_a_variable_that_is_set_stays_and_those_of_other_programs_are_left_alone(tmp_path):
    environment = {
        "DUSTWATCH_DATABASE": "sqlite:///here.db",
        "DUSTWATCH_DATABASE_FILE": str(tmp_path / "none"),
        "SSL_CERT_FILE": str(tmp_path / "none"),
    }
    before = dict(environment)

    take_secret_files(environment)

    assert environment == before


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cant_be_read_is_told_by_its_variable(tmp_path, content):
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SecretUnreadable, match="DUSTWATCH_QUEUE_TOKEN_FILE"):
        take_secret_files({"DUSTWATCH_QUEUE_TOKEN_FILE": str(path)})
