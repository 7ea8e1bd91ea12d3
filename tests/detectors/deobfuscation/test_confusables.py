import pytest

from promptguard.detectors.deobfuscation.confusables import compatible, to_ascii


@pytest.mark.parametrize(
    ("character", "form"),
    [("А", "A"), ("ο", "o"), ("Ａ", "A"), ("𝐚", "a"), ("𝟗", "9"), ("٣", "3"), ("①", "1"), ("Ⓐ", "A"), ("²", "2"),
     ("\u2011", "-"), ("\u202f", " "), ("＠", "@"), ("Ⅰ", "I"), ("🄰", "A")],
)  # fmt: skip
def test_characters_that_pass_for_ascii(character: str, form: str) -> None:
    assert character.translate(to_ascii()) == form


@pytest.mark.parametrize("character", ["ä", "ß", "ı", "é", "ж", "λ", "中", "ー", "€", "…", "ﬁ", "½"])
def test_characters_that_do_not(character: str) -> None:
    assert ord(character) not in to_ascii()


def test_every_character_stands_for_one() -> None:
    assert all(len(form) == 1 and form.isascii() for form in to_ascii().values())
    assert all(ord(character) > 0x7F for character in compatible())
