import pytest

from promptguard.detectors.tenants import terms


@pytest.mark.parametrize(
    ("words", "in_order", "grouped", "in_any_order"),
    [
        (["blue", "heron"], "blue heron", "blueheron", "~blue heron"),
        (["heron", "blue"], "heron blue", "heronblue", "~blue heron"),
        (["0049", "030"], "49 030", "49030", "~0049 030"),
        (["00"], "0", "0", "~00"),
        (["0a"], "0a", "0a", "~0a"),
    ],
)
def test_forms(words: list[str], in_order: str, grouped: str, in_any_order: str) -> None:
    assert terms.words_form(words) == in_order
    assert terms.code_form(words) == grouped
    assert terms.person_form(words) == in_any_order


@pytest.mark.parametrize(("text", "plain"), [("J@O.Example", "j@o.example"), ("ＭU\u0308ß", "müss"), ("", "")])
def test_plain_keeps_every_sign(text: str, plain: str) -> None:
    assert terms.plain(text) == plain


def test_a_phone_number_with_its_country_code() -> None:
    assert terms.international_form("49", "301234567") == "49301234567"
