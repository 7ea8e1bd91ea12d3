"""The network as a server runs it: Rampart's, with one input and one small output.

What is sent is the tokens' ids alone; the rest of the inputs is made of them there. What comes back is three numbers
for each token and not one for each of 35 labels: in JSON a tenth of the bytes.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from promptguard.detectors.names.inference_server.tensors import INPUT, JUDGED, LABELS, OUTPUT
from promptguard.detectors.names.rampart_tokens import RampartVocabulary
from promptguard.detectors.names.weights import WEIGHTS, requantise, verified, with_full_weights

_IDS = "token_ids"
"""What the network itself calls `input_ids`, once the padding is out."""


class Precision(StrEnum):
    """How the weights are multiplied."""

    FLOAT32 = "float32"
    """As numbers of 32 bits: for graphics processors, and for every server."""
    INT8 = "int8"
    """As whole numbers of 8 bits, as the local workers do: for ONNX Runtime on processors."""


def served_graph(folder: Path, precision: Precision) -> bytes:
    """An ONNX file (opset 18) for a server, made of the model's files. Takes some seconds.

    Raises:
        ModelUnusable: a file is missing, or is not the one this version was made for.
    """
    import onnx

    original = verified(folder, WEIGHTS)
    if precision is Precision.INT8:
        model: Any = onnx.load_from_string(requantise(original))
    else:
        model, _ = with_full_weights(original)
    graph = model.graph
    for node in graph.node:
        for index, name in enumerate(node.input):
            if name == INPUT:
                node.input[index] = _IDS
    before, after = _inputs_of_ids(), _judgements_of_logits()
    nodes = [*before, *graph.node, *after]
    del graph.node[:]
    graph.node.extend(nodes)
    graph.initializer.extend(_constants(RampartVocabulary(folder)))
    del graph.input[:]
    graph.input.append(onnx.helper.make_tensor_value_info(INPUT, onnx.TensorProto.INT64, ["windows", "tokens"]))
    del graph.output[:]
    graph.output.append(
        onnx.helper.make_tensor_value_info(OUTPUT, onnx.TensorProto.FLOAT, ["windows", "tokens", JUDGED])
    )
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString()
    return content


def _inputs_of_ids() -> list[Any]:
    from onnx import TensorProto, helper

    return [
        helper.make_node("Max", [INPUT, "no_token"], [_IDS]),
        helper.make_node("GreaterOrEqual", [INPUT, "no_token"], ["is_token"]),
        helper.make_node("Cast", ["is_token"], ["attention_mask"], to=TensorProto.INT64),
        helper.make_node("Mul", [_IDS, "no_token"], ["token_type_ids"]),
    ]


def _judgements_of_logits() -> list[Any]:
    from onnx import TensorProto, helper

    return [
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=-1),
        helper.make_node("MatMul", ["probabilities", "kinds"], ["persons_and_places"]),
        helper.make_node("ArgMax", ["logits"], ["likeliest"], axis=-1, keepdims=1),
        helper.make_node("Cast", ["likeliest"], ["label"], to=TensorProto.FLOAT),
        helper.make_node("Concat", ["persons_and_places", "label"], [OUTPUT], axis=-1),
    ]


def _constants(vocabulary: RampartVocabulary) -> list[Any]:
    from onnx import numpy_helper

    kinds = np.zeros((LABELS, JUDGED - 1), dtype=np.float32)
    kinds[vocabulary.persons, 0] = 1
    kinds[vocabulary.locations, 1] = 1
    return [
        numpy_helper.from_array(np.array(0, dtype=np.int64), "no_token"),
        numpy_helper.from_array(kinds, "kinds"),
    ]
