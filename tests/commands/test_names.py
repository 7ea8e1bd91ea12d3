from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from promptguard.cli import main
from promptguard.detectors.names.inference_server import repository


@pytest.fixture(autouse=True)
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the network, which takes seconds."""
    monkeypatch.setattr(repository, "served_graph", lambda _, precision: f"{precision}".encode())


def export(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["names", "export", *map(str, arguments)])


@pytest.mark.parametrize(
    ("server", "graph"), [("triton", "1/model.onnx"), ("openvino", "1/model.onnx"), ("mlserver", "model.onnx")]
)
def test_a_repository_is_written_and_its_folder_told(tmp_path: Path, server: str, graph: str) -> None:
    done = export("--out", str(tmp_path), "--for", server, "--precision", "int8")
    assert (done.exit_code, done.output) == (0, f"{tmp_path / 'promptguard-names'}\n")
    assert (tmp_path / "promptguard-names" / graph).read_bytes() == b"int8"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--for", "tensorflow"), "'tensorflow' is not one of"),
        (("--for", "triton", "--name", "../above"), "letters, digits"),
        ((), "--for"),
    ],
)
def test_wrong_use(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    done = export("--out", str(tmp_path), *arguments)
    assert done.exit_code == 2
    assert told in done.output


def test_a_model_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "names").mkdir()
    done = export("--out", str(tmp_path), "--for", "triton", "--name", "names")
    assert done.exit_code == 2
    assert "exists already" in done.output
