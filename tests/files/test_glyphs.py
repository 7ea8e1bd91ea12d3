from __future__ import annotations

import pytest

from promptguard.files import glyphs

PROSE = "The wifi word is pelican, and the door opens with a heron. "


@pytest.mark.parametrize(
    "text",
    [
        "\ue001\ue002\ue003\ue004 \ue005",
        "\x01\x02\x03\x04",
        "stu\x1f",
        "o\x0eice hours",
        "di\ue003erent",
        "0SVIQ\x04MTWYQ",
        ";LEX\x0bW\x04ER\x04I\\EQTPI#",
        "Ïðèâåò ìåíÿ çîâóò",
        "ªõ¹óî µäé½µøóî",
        "ǡǼǱǺ ǓǯǯǱǿǿ",
        "ɍɝɥɨɜɚɹ ɲɥɢɮ",
        PROSE + "\ue010\ue011\ue012\ue013",
    ],
    ids=[
        "private characters", "numbers of glyphs", "a ligature at the end", "a ligature", "a private ligature",
        "shifted letters", "shifted letters and marks", "Cyrillic as Western", "Chinese as Western", "rare letters",
        "letters of phonetics", "a word in prose",
    ],
)  # fmt: skip
def test_text_that_is_not_what_is_shown(text: str) -> None:
    assert glyphs.is_illegible(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        PROSE,
        "\ue0b7 one\n\uf0b7 two",
        "exam\x02\nple of a hyphen",
        "exam\ufffeple of a hyphen",
        "à la carte, déjà vu, où ça?",
        "Þórður Ægisson ætlaði út á sjó",
        "Nguyễn Thị Ánh ở đường số 9",
        "Привет, меня зовут Иван",
        "你好，我的名字是王伟",
        "مرحبا بالعالم",
        "ɓaɗi da ƙasa, an gama da sannu",
        "25 °C ± 1 µm",
        "ü",
        PROSE * 20 + "o\x0eice",
    ],
)
def test_text_that_is_read(text: str) -> None:
    assert not glyphs.is_illegible(text)


def test_a_few_words_that_are_broken_are_worth_a_look_and_no_refusal() -> None:
    text = PROSE * 20 + "sta\x0e@corp.example"
    assert glyphs.broken(text) > 0
    assert glyphs.broken(PROSE) == 0


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("p\ne\nl\ni\nc\na\nn", "pelican"),
        ("To\nM\ni\nl\nl\ner, Jo\nend", "To\nMiller, Jo\nend"),
        ("北\n斗\n星\nx y", "北斗星x y"),
        ("A\n1\n2\n3", "A123"),
        ("a\nb", ""),
        ("1\n2\n3\n4", ""),
        (PROSE, ""),
        ("one\ntwo\nthree", ""),
    ],
)
def test_letters_on_lines_of_their_own(text: str, joined: str) -> None:
    assert glyphs.rejoined(text) == joined


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["a\n", "a\nb c\n", "\x01a", "\ue000 ", "é", "a\x02"])
def test_time_is_linear(unit: str) -> None:
    text = unit * (300_000 // len(unit))
    glyphs.is_illegible(text)
    glyphs.rejoined(text)
