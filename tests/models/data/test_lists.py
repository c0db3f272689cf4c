"""data.yaml and samples.jsonl: whatever stands in them is read or told, and never crashes."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.data.description import DESCRIPTION_NAME, read_description
from models.data.problems import DataSetProblems
from models.data.records import RECORDS_NAME, SampleRecord, read_records

WORDS = ["names:", " ", "0", ": ", "[", "]", "{", "}", "\n", "- ", "&a", "*a", "!!int", "x", "2020-99-99"]
YAML_LIKE = st.lists(st.sampled_from(WORDS))
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@many
@given(st.binary(max_size=60) | YAML_LIKE.map(lambda words: "".join(words).encode()))
def test_a_made_up_description_is_read_or_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / DESCRIPTION_NAME).write_bytes(content)
    with suppress(DataSetProblems):
        assert read_description(tmp_path).names


@many
@given(st.binary(max_size=80) | st.text(alphabet='{}[]":,0az \n', max_size=40).map(str.encode))
def test_made_up_records_are_read_or_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / RECORDS_NAME).write_bytes(content)
    records, problems = read_records(tmp_path)
    assert records == [] or problems


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5) | st.lists(st.booleans()), max_size=3))
def test_a_record_comes_back_as_it_was_written(attributes: dict[str, object]) -> None:
    record = SampleRecord(
        id="a", split="val", kind="real", group="g", source="s", licence="l", sha256="0" * 64, attributes=attributes
    )
    assert SampleRecord.model_validate_json(record.model_dump_json()) == record


@pytest.mark.parametrize("line", ['{"id": "a"}', "[]", '{"id": "", "split": "train"}'])
def test_a_bad_record_is_told_by_its_line(tmp_path: Path, line: str) -> None:
    (tmp_path / RECORDS_NAME).write_text(f"\n{line}\n")
    records, (problem,) = read_records(tmp_path)
    assert records == []
    assert problem.where == "samples.jsonl:2"
