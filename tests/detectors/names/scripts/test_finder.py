import time

import pytest

from promptguard.detectors.names.scripts.finder import find_beyond_latin


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_beyond_latin(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Прошу связаться с Анной Кузнецовой.", ["Анной Кузнецовой"]),
        ("客户张伟的电话", ["张伟"]),
        ("担当者は佐藤健一です。", ["佐藤健一"]),
        ("김민수 씨에게 전화해 주세요.", ["김민수"]),
        ("ผมชื่อวิชัย แสงทอง", ["วิชัย แสงทอง"]),
        ("Ticket 12: Ольга Громова / 李娜女士", ["Ольга Громова", "李娜"]),
        ("Plain English about Jane Roe", []),
        ("Señora Núñez, ça va ?", []),
        ("", []),
        ("😊 → ★", []),
    ],
)
def test_scripts(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize("piece", ["Анна ", "王", "佐藤", "김", "คุณ", "السيد ", "नाम ", "ა "])
def test_time_is_linear(piece: str) -> None:
    started = time.perf_counter()
    find_beyond_latin(piece * 40_000)
    assert time.perf_counter() - started < 20
