import base64
from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.encoded_pieces import ENCODED_PIECES
from promptguard.detectors.deobfuscation.interface import Obfuscation

PLAIN = "the word for the door is heron"
BASE64 = base64.b64encode(PLAIN.encode()).decode()
HEX = PLAIN.encode().hex()


def pieces(text: str, width: int) -> list[str]:
    return [text[start : start + width] for start in range(0, len(text), width)]


@pytest.mark.parametrize(
    "text",
    [
        " ".join(pieces(BASE64, 4)),
        " ".join(pieces(BASE64, 8)),
        "\n".join(pieces(BASE64, 10)),
        "\n".join(f"> {piece}" for piece in pieces(BASE64, 12)),
        "\n".join(f"{number}. {piece}" for number, piece in enumerate(pieces(BASE64, 12), 1)),
        "[" + ", ".join(f'"{piece}"' for piece in pieces(BASE64, 16)) + "]",
        "[\n  " + ",\n  ".join(f"'{piece}'" for piece in pieces(BASE64, 10)) + "\n]",
        " ".join(pieces(HEX, 4)),
        " ".join(pieces(HEX, 8)),
    ],
)
def test_pieces_of_equal_length_are_decoded_together(read: Callable[[Obfuscation, str], str | None], text: str) -> None:
    assert PLAIN in (read(ENCODED_PIECES, text) or "")


@pytest.mark.parametrize("text", ["Make sure that this file name", '["Dashboard", "Directory", "Databases"]', ""])
def test_words_are_no_pieces(read: Callable[[Obfuscation, str], str | None], text: str) -> None:
    assert read(ENCODED_PIECES, text) is None
