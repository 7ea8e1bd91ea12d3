import pytest
import regex

from promptguard.detectors.recognizers.token_borders import beside_signs


@pytest.mark.parametrize(
    "expression",
    [
        r"\bhf_[A-Za-z]{8}\b",
        r"\bgh[po]_[A-Za-z0-9]{8}\b",
        r"\b(?:AKIA|ASIA)[A-Z2-7]{8}\b",
        r"\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{8}\b",
        r"\bSK[a-f0-9]{12}\b",
        r"\bAIza[A-Za-z0-9_\-]{8}(?![A-Za-z0-9_\-])",
        r"(?<![A-Za-z0-9_.\-])sk-(?:ant|proj)-[A-Za-z]{8}\b",
    ],
)
def test_a_token_beside_signs(expression: str) -> None:
    token = {
        "h": "hf_abcdefgh",
        "g": "ghp_abcdefgh",
        "A": "AKIAABCDEFGH",
        "r": "sk_live_abcd1234",
        "S": "SK0123456789ab",
    }
    value = next(
        each
        for each in (*token.values(), "AIzaabcdEFGH", "sk-ant-abcdefgh")
        if regex.search(expression, f"see {each} there")
    )
    for text in (f"proj_{value}", f"my-{value}", f"é{value}", f"{value}-old", f"{value}_old", f"_{value}_"):
        found = regex.search(beside_signs(expression), text)
        assert found is not None
        assert found.group() == value
    for text in (f"X{value}", f"9{value}", f"a9b{value}", f"aB{value}", f"+x{value}"):
        assert regex.search(beside_signs(expression), text) is None


@pytest.mark.parametrize(
    "expression",
    [
        r"(?<![A-Za-z0-9_.\-])ico-[A-Za-z0-9]{32}\b",
        r"\bpassword=(?P<value>\S+)",
        r"\bis[ ]\w+",
        r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{76}==",
    ],
)
def test_what_has_no_prefix_of_its_own_stays(expression: str) -> None:
    assert beside_signs(expression) == expression


@pytest.mark.parametrize("prefix", ["(?:live|test)_", "test_", "access_", "dev-"])
def test_words_of_programmers_are_no_prefixes(prefix: str) -> None:
    expression = rf"\b{prefix}[A-Za-z0-9]{{30}}\b"
    assert beside_signs(expression) == expression


@pytest.mark.parametrize(
    ("expression", "token"),
    [
        (r"\bgh[po]_[A-Za-z0-9]{8}\b", "ghp_abcdefgh"),
        (r"\b(?:AKIA|ASIA)[A-Z2-7]{8}\b", "AKIAABCDEFGH"),
        (r"\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{8}\b", "sk_live_abcd1234"),
        (r"\bAIza[A-Za-z0-9_\-]{8}(?![A-Za-z0-9_\-])", "AIzaabcdEFGH"),
        (r"(?<![A-Za-z0-9_.\-])sk-ant-[A-Za-z]{8}\b", "sk-ant-abcdefgh"),
    ],
)
@pytest.mark.parametrize("word", ["x", "key", "Token", "myApiKey", "_key", "a.key"])
def test_a_token_behind_a_word(expression: str, token: str, word: str) -> None:
    found = regex.search(beside_signs(expression), f"use {word}{token} there")
    assert found is not None
    assert found.group() == token


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (r"\bhf_[A-Za-z]{8}\b", "shelfhf_abcdefgh"),
        (r"\bsk-[A-Za-z]{20}\b", "desk-abcdefghijklmnopqrst"),
        (r"(?i)\bakia[a-z2-7]{8}\b", "xakiaabcdefgh"),
    ],
)
def test_prefixes_that_end_words(expression: str, text: str) -> None:
    assert regex.search(beside_signs(expression), text) is None
