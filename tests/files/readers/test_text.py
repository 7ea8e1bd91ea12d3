from __future__ import annotations

from typing import Any

import pytest

SENTENCE = "Grüße an Jürgen Müller aus Köln, Straße 5, und einen schönen Tag für Böhme."
RUSSIAN = "Привет, меня зовут Иван Петров, и я живу в Москве на улице Ленина. Мой телефон лежит дома."
POLISH = "Zażółć gęślą jaźń, proszę pana. Dzień dobry, nazywam się Łukasz Wąsik i mieszkam w Łodzi."


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (SENTENCE, "utf-8"),
        (SENTENCE, "utf-8-sig"),
        (SENTENCE, "utf-16"),
        (SENTENCE, "utf-16-le"),
        (SENTENCE, "utf-16-be"),
        (SENTENCE, "utf-32"),
        (SENTENCE, "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (POLISH, "cp1250"),
        ("こんにちは。私の名前は田中です。東京に住んでいます。よろしくお願いします。", "shift_jis"),
        ("a\x1b[31mred\x1b[0m", "utf-8"),
        ("", "utf-8"),
    ],
)
def test_encodings(texts: Any, text: str, charset: str) -> None:
    assert "".join(text for _, text in texts(text.encode(charset))) == text


def test_ascii_survives_a_wrong_guess(texts: Any) -> None:
    data = b"card 4111 1111 1111 1111 " + "žluťoučký kůň".encode("cp852")
    assert "card 4111 1111 1111 1111" in texts(data)[0][1]


@pytest.mark.parametrize("data", [bytes(range(1, 256)) * 3, b"\xff\xfb" + bytes(range(1, 32)) * 9, b"\1\2\3\xff" * 50])
def test_what_is_no_text(problem: Any, data: bytes) -> None:
    assert problem(data).startswith(("file.unsupported", "file.unrecognised"))
