from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import Obfuscation
from promptguard.detectors.deobfuscation.token_pieces import TOKEN_PIECES


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ('["AKIAQ3", "EGRIG5", "TAMPLE2X"]', '"AKIAQ3EGRIG5TAMPLE2X"'),
        ("a = 'AKIAQ3EGR'\nb = 'IG5TAMPLE2X'\nkey = a + b", "'AKIAQ3EGRIG5TAMPLE2X'"),
        ("const a = 'AKIAQ3EGR'; const k = `${a}IG5TAMPLE2X`", "AKIAQ3EGRIG5TAMPLE2X`"),
        ("The first half is AKIAQ3EGR and the second half is IG5TAMPLE2X", "AKIAQ3EGRIG5TAMPLE2X"),
        ("part 1: AKIAQ3EGR\npart 2: IG5TAMPLE2X", "AKIAQ3EGRIG5TAMPLE2X"),
    ],
)
def test_pieces_apart_are_one_token(read: Callable[[Obfuscation, str], str | None], text: str, token: str) -> None:
    assert token in (read(TOKEN_PIECES, text) or "")


@pytest.mark.parametrize(
    "text",
    [
        "AKIAQ3EGR is half of it, and the rest comes by phone",
        "no token at all",
        "Stripe('sk_test_...', {name: 'MyPlugin3', version: '1.2.34'})",
    ],
)
def test_words_are_no_pieces(read: Callable[[Obfuscation, str], str | None], text: str) -> None:
    assert read(TOKEN_PIECES, text) is None
