"""`dustwatch evidence casefile` prints a package that lies in no queue."""

from typer.testing import CliRunner

from service.cli.evidence import app
from tests.service.casefile.reading import squeezed, text_of
from tests.vision.evidence.packages import make_chain


def run(*arguments):
    return CliRunner().invoke(app, ["casefile", *map(str, arguments)], env={"COLUMNS": "200"})


def test_a_package_is_printed(tmp_path):
    (package,) = make_chain(tmp_path / "edge", 1)
    result = run(package, "--out", tmp_path / "case.pdf")
    assert result.exit_code == 0, result.output
    text = text_of((tmp_path / "case.pdf").read_bytes())
    assert squeezed("未入队列") in text
    assert squeezed("清单与 2 个文件逐字节一致，签名有效") in text


def test_a_damaged_package_is_printed_and_said_to_be_damaged(tmp_path):
    (package,) = make_chain(tmp_path / "edge", 1)
    (package / "clean.jpg").unlink()
    result = run(package, "--out", tmp_path / "case.pdf")
    assert result.exit_code == 0
    assert "1 处证据缺失或损坏" in result.output
    assert squeezed("证据缺失或已损坏") in text_of((tmp_path / "case.pdf").read_bytes())


def test_a_folder_without_a_package_is_refused(tmp_path):
    result = run(tmp_path, "--out", tmp_path / "case.pdf")
    assert result.exit_code == 2
    assert "不是证据包" in result.output
    assert not (tmp_path / "case.pdf").exists()
