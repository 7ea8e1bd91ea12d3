"""Whether a server runs the model that this version was made for: `promptguard doctor` asks."""

from __future__ import annotations

from time import perf_counter
from typing import Any, Final

from promptguard.detectors.names.inference_server.client import InferenceClient
from promptguard.detectors.names.inference_server.errors import Cause, ServerAway
from promptguard.detectors.names.inference_server.judge import ServedRampart
from promptguard.detectors.names.inference_server.options import ServerOptions
from promptguard.detectors.names.inference_server.tensors import INPUT, JUDGED, OUTPUT
from promptguard.detectors.names.model_kinds import ModelKind
from promptguard.detectors.names.models import Rules, names_in
from promptguard.detectors.names.rampart_tokens import RampartVocabulary
from promptguard.detectors.names.spans import LOCATION, PERSON
from promptguard.detectors.names.weights import model_folder

_SENTENCE: Final = "My name is Jane Roe and I live at 12 Example Street, Springfield."
_NAMES: Final = [("Jane Roe", PERSON), ("12 Example Street, Springfield", LOCATION)]
"""What the model finds in it."""

_ANEW: Final = "Write the model anew with `promptguard names export`"

_TENSORS: Final = {
    "inputs": (INPUT, "INT64", 2),
    "outputs": (OUTPUT, "FP32", 3),
}
"""Name, type and number of dimensions of the one input and the one output."""


def check_server(options: ServerOptions) -> float:
    """Ask a server whether it is ready, what its model is, and what it finds in a sentence.

    Returns:
        The milliseconds that it took to judge the sentence.

    Raises:
        ServerAway: it is not ready, or runs another model.
        ModelUnusable: the model's vocabulary is missing here, or the file with certificates cannot be used.
    """
    client = InferenceClient(options.url, options.model, options.timeout, options.ca_file)
    try:
        client.ready()
        _check_tensors(client.metadata())
        asked = perf_counter()
        words = ServedRampart(RampartVocabulary(model_folder()), client.judge).words([_SENTENCE])
        milliseconds = (perf_counter() - asked) * 1000
    finally:
        client.close()
    found = names_in(_SENTENCE, words.__getitem__, Rules.of(ModelKind.RAMPART))
    if [(_SENTENCE[span.start : span.end], span.entity_type) for span in found] != _NAMES:
        raise ServerAway(Cause.ANSWER, f"it does not find the names in a sentence that has some. {_ANEW}")
    return milliseconds


def _check_tensors(metadata: dict[str, Any]) -> None:
    for kind, (name, datatype, dimensions) in _TENSORS.items():
        told = metadata.get(kind)
        tensors = [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
        names = [str(each.get("name")) for each in tensors]
        if names != [name]:
            raise ServerAway(
                Cause.ANSWER,
                f"its model has the {kind} {', '.join(names) or 'none'} in place of {name}: it is another model, or of "
                f"other weights. {_ANEW}",
            )
        shape = tensors[0].get("shape")
        if tensors[0].get("datatype") != datatype or not isinstance(shape, list) or len(shape) != dimensions:
            raise ServerAway(Cause.ANSWER, f"{name} is not {datatype} with {dimensions} dimensions there. {_ANEW}")
        if kind == "outputs" and shape[-1] not in (-1, JUDGED):
            raise ServerAway(Cause.ANSWER, f"{name} has {shape[-1]} numbers for a token, not {JUDGED}. {_ANEW}")
