from collections.abc import Iterator, Sequence

import pytest

from promptguard.detectors.deobfuscation.interface import (
    Confidence,
    ExpansionBudget,
    Form,
    Obfuscation,
    Prefilter,
    Replacement,
)
from promptguard.detectors.deobfuscation.prefilters import PrefilterDatabase


def find(text: str, starts: Sequence[int], budget: ExpansionBudget) -> Iterator[Replacement]:
    yield from ()


def obfuscation(*prefilters: Prefilter) -> Obfuscation:
    return Obfuscation("one", Confidence.DECODED, prefilters, find)


@pytest.mark.parametrize(
    ("prefilter", "text", "starts"),
    [
        (Prefilter("[^a]bc", 2), "bc abc xbc", [0, 8]),
        (Prefilter("bc[^a]", 3), "xbc bc", [1, 4]),
        (Prefilter("BC", 2, caseless=True), "bc", [0]),
        (Prefilter("[a-z]{3}", 3, once=True), "abcdef", [0]),
        (Prefilter("b", 1, Form.RUNS), "abc", None),
        (Prefilter("b", 1, Form.RUNS), "abc/012345678+", [1]),
        (Prefilter("a0- \n[?]\x01", 7, Form.SHAPES), "x5. \n{\0", [0]),
        (Prefilter("aL", 1, Form.UNICODE), "xаy", [1]),
        (Prefilter("aa", 1, Form.UNICODE), "xyz", None),
        (Prefilter("nothing", 7), "text", None),
        (Prefilter("[?]", 1), "ä\ud800", [0, 1]),
        (Prefilter("\n", 1), "", [0]),
    ],
)
def test_prefilters(prefilter: Prefilter, text: str, starts: list[int] | None) -> None:
    assert PrefilterDatabase([obfuscation(prefilter)])(text).get("one") == starts
