from collections.abc import Iterator, Sequence

import pytest

from promptguard.detectors.deobfuscation.gates import Gates
from promptguard.detectors.deobfuscation.interface import Disguise, Form, Gate, Reading, Replacement, Room


def find(text: str, starts: Sequence[int], room: Room) -> Iterator[Replacement]:
    yield from ()


def disguise(*gates: Gate) -> Disguise:
    return Disguise("one", Reading.DECODED, gates, find)


@pytest.mark.parametrize(
    ("gate", "text", "starts"),
    [
        (Gate("[^a]bc", 2), "bc abc xbc", [0, 8]),
        (Gate("bc[^a]", 3), "xbc bc", [1, 4]),
        (Gate("BC", 2, caseless=True), "bc", [0]),
        (Gate("[a-z]{3}", 3, once=True), "abcdef", [0]),
        (Gate("b", 1, Form.RUNS), "abc", None),
        (Gate("b", 1, Form.RUNS), "abc/012345678+", [1]),
        (Gate("a0- \n[?]\x01", 7, Form.SHAPES), "x5. \n{\0", [0]),
        (Gate("aL", 1, Form.UNICODE), "xаy", [1]),
        (Gate("aa", 1, Form.UNICODE), "xyz", None),
        (Gate("nothing", 7), "text", None),
        (Gate("[?]", 1), "ä\ud800", [0, 1]),
        (Gate("\n", 1), "", [0]),
    ],
)
def test_gates(gate: Gate, text: str, starts: list[int] | None) -> None:
    assert Gates([disguise(gate)])(text).get("one") == starts
