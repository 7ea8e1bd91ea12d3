import time

import pytest

from promptguard.detectors.names.addressed import find_addressed
from promptguard.detectors.names.spans import merge


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in merge(find_addressed(text))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("I talked to Will Power about it", ["Will Power"]),
        ("an email from Mark Church", ["Mark Church"]),
        ("She met with Go Ito on Monday", ["Go Ito"]),
        ("can you tell rose that it is done", ["rose"]),
        ("please ask priya to call", ["priya"]),
        ("let mark know", ["mark"]),
        ("hi deepak, any news?", ["deepak"]),
        ("@lena can you review", ["lena"]),
        ("A nevem Kovács Eszter.", ["Kovács Eszter"]),
        ("Nama saya Budi Hartono.", ["Budi Hartono"]),
        ("Jag heter Åsa Lindqvist och bor här", ["Åsa Lindqvist"]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "I talked to Human Resources about it", "an email from Customer Service", "please ask everyone to call",
        "let me know", "tell them that", "hi all, hello world", "@here can you look", "ask claude to write it",
        "signed by Apache Spark", "we asked The Guardian",
    ],
)  # fmt: skip
def test_nobody(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("piece", ["asked Will Power ", "tell rose that ", "@a ", "adım ", "A-"])
def test_time_is_linear(piece: str) -> None:
    started = time.perf_counter()
    list(find_addressed(piece * 10_000))
    assert time.perf_counter() - started < 10
