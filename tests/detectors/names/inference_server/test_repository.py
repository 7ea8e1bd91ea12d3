from __future__ import annotations

import json
from pathlib import Path

import onnxruntime
import pytest

from promptguard.detectors.names.inference_server import repository
from promptguard.detectors.names.inference_server.graph import Precision
from promptguard.detectors.names.inference_server.repository import Server, write_repository
from promptguard.detectors.names.inference_server.tensors import INPUT, OUTPUT
from promptguard.detectors.names.weights import model_folder
from promptguard.errors import PromptGuardError

FILES = {
    Server.TRITON: ["1/model.onnx", "README.md", "config.pbtxt"],
    Server.OPENVINO: ["1/model.onnx", "README.md"],
    Server.MLSERVER: ["README.md", "model-settings.json", "model.onnx", "runtime.py"],
}


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the network, which takes seconds."""
    monkeypatch.setattr(repository, "served_graph", lambda *_: b"graph")


def written(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.usefixtures("little")
@pytest.mark.parametrize("server", Server)
def test_each_server_gets_its_files(server: Server, tmp_path: Path) -> None:
    out = tmp_path / "models"
    folder = write_repository(out, server, "names-1.2", Precision.FLOAT32, model_folder())
    assert folder == out / "names-1.2"
    assert written(out) == [f"names-1.2/{name}" for name in FILES[server]]
    readme = (folder / "README.md").read_text("utf-8")
    assert "CC BY 4.0" in readme
    assert "float32" in readme


@pytest.mark.usefixtures("little")
def test_triton_is_told_the_tensors(tmp_path: Path) -> None:
    folder = write_repository(tmp_path, Server.TRITON, "names", Precision.FLOAT32, model_folder())
    told = (folder / "config.pbtxt").read_text("utf-8")
    assert 'name: "names"\nbackend: "onnxruntime"\nmax_batch_size: 128' in told
    assert f'name: "{INPUT}"\n    data_type: TYPE_INT64\n    dims: [ -1 ]' in told
    assert f'name: "{OUTPUT}"\n    data_type: TYPE_FP32\n    dims: [ -1, 3 ]' in told
    assert told.count("{") == told.count("}")


@pytest.mark.usefixtures("little")
def test_mlserver_is_told_the_tensors(tmp_path: Path) -> None:
    folder = write_repository(tmp_path, Server.MLSERVER, "names", Precision.FLOAT32, model_folder())
    settings = json.loads((folder / "model-settings.json").read_text("utf-8"))
    assert settings["name"] == "names"
    assert [each["name"] for each in (*settings["inputs"], *settings["outputs"])] == [INPUT, OUTPUT]
    module, _, name = settings["implementation"].partition(".")
    code = (folder / f"{module}.py").read_text("utf-8")
    compile(code, "runtime.py", "exec")
    assert f"class {name}(" in code


@pytest.mark.usefixtures("little")
def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "names").mkdir()
    with pytest.raises(PromptGuardError, match=r"names exists already\. Remove it"):
        write_repository(tmp_path, Server.TRITON, "names", Precision.FLOAT32, model_folder())
    assert written(tmp_path) == []


@pytest.mark.usefixtures("little")
def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "_RUNTIME", tmp_path / "missing")
    with pytest.raises(OSError, match="missing"):
        write_repository(tmp_path, Server.MLSERVER, "names", Precision.FLOAT32, model_folder())
    assert list(tmp_path.iterdir()) == []


def test_the_network_itself_is_written(tmp_path: Path) -> None:
    folder = write_repository(tmp_path, Server.OPENVINO, "names", Precision.FLOAT32, model_folder())
    session = onnxruntime.InferenceSession(folder / "1" / "model.onnx", providers=["CPUExecutionProvider"])
    assert [each.name for each in (*session.get_inputs(), *session.get_outputs())] == [INPUT, OUTPUT]
