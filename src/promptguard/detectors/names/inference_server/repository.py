"""A model repository for a server: the network, and what the server wants to know of it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final

from promptguard.detectors.names.inference_server.graph import Precision, served_graph
from promptguard.detectors.names.inference_server.tensors import INPUT, JUDGED, MOST_WINDOWS, OUTPUT
from promptguard.detectors.names.weights import DIGESTS, WEIGHTS
from promptguard.errors import PromptGuardError

_RUNTIME: Final = Path(__file__).with_name("mlserver_runtime.txt")
"""Python for MLServer's own environment, and so no module of this one."""

_MOST_TOGETHER: Final = 4 * MOST_WINDOWS
"""Windows of several requests that Triton runs at once."""

_QUEUE_MICROSECONDS: Final = 1000
"""For which Triton lets a request wait for others to be run together with."""


class Server(StrEnum):
    """Servers of the Open Inference Protocol for which a repository can be written."""

    TRITON = "triton"
    OPENVINO = "openvino"
    MLSERVER = "mlserver"


def write_repository(out: Path, server: Server, name: str, precision: Precision, files: Path) -> Path:
    """Write the model into a repository, whole or not at all. Takes some seconds.

    Args:
        out: the repository, which may hold other models; made where it is missing.
        server: what will run it.
        name: the model's, and its folder's.
        precision: of its weights.
        files: the folder with Rampart's files.

    Returns:
        The model's folder.

    Raises:
        PromptGuardError: there is such a model already.
        ModelUnusable: a file is missing, or is not the one this version was made for.
        OSError: it cannot be written.
    """
    folder = out / name
    if folder.exists():
        raise PromptGuardError(f"{folder} exists already. Remove it, or name another folder or model.")
    graph = served_graph(files, precision)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".writing-") as temporary:
        fresh = Path(temporary, name)
        fresh.mkdir()
        for path, content in {**_LAYOUTS[server](name, graph), "README.md": _readme(precision).encode()}.items():
            (fresh / path).parent.mkdir(exist_ok=True)
            (fresh / path).write_bytes(content)
        fresh.rename(folder)
    return folder


def _triton(name: str, graph: bytes) -> dict[str, bytes]:
    """https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/user_guide/model_configuration.html"""
    configuration = f"""name: {json.dumps(name)}
backend: "onnxruntime"
max_batch_size: {_MOST_TOGETHER}
input [
  {{
    name: "{INPUT}"
    data_type: TYPE_INT64
    dims: [ -1 ]
  }}
]
output [
  {{
    name: "{OUTPUT}"
    data_type: TYPE_FP32
    dims: [ -1, {JUDGED} ]
  }}
]
dynamic_batching {{
  max_queue_delay_microseconds: {_QUEUE_MICROSECONDS}
}}
"""
    return {"config.pbtxt": configuration.encode(), "1/model.onnx": graph}


def _openvino(name: str, graph: bytes) -> dict[str, bytes]:
    """https://docs.openvino.ai/2025/model-server/ovms_docs_models_repository_classic.html"""
    return {"1/model.onnx": graph}


def _mlserver(name: str, graph: bytes) -> dict[str, bytes]:
    """https://mlserver.readthedocs.io/en/latest/reference/model-settings.html"""
    settings = {
        "name": name,
        "implementation": "runtime.PromptGuardNames",
        "platform": "onnxruntime",
        "inputs": [{"name": INPUT, "datatype": "INT64", "shape": [-1, -1]}],
        "outputs": [{"name": OUTPUT, "datatype": "FP32", "shape": [-1, -1, JUDGED]}],
        "parameters": {"uri": "./model.onnx", "version": "1"},
    }
    return {
        "model-settings.json": json.dumps(settings, indent=2).encode() + b"\n",
        "runtime.py": _RUNTIME.read_bytes(),
        "model.onnx": graph,
    }


_LAYOUTS: Final[Mapping[Server, Callable[[str, bytes], dict[str, bytes]]]] = MappingProxyType(
    {Server.TRITON: _triton, Server.OPENVINO: _openvino, Server.MLSERVER: _mlserver}
)


def _readme(precision: Precision) -> str:
    return f"""# Names model of PromptGuard

Rampart by the National Design Studio, licensed under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/).
Changed: weights written out as {precision}; inputs made of the tokens' ids; probabilities of persons and places summed.

- Made of the weights with SHA-256 {DIGESTS[WEIGHTS]}
- Input `{INPUT}`: INT64, windows × tokens; -1 after the last token of a window
- Output `{OUTPUT}`: FP32, windows × tokens × {JUDGED}: probabilities of a person's name and of an address, label
"""
