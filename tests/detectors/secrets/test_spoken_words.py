import pytest

from promptguard.detectors.secrets import spoken_words


@pytest.mark.parametrize(
    "value", ["hunter" + "2", "Regen" + "bogen77", "S0mm" + "er!", "482" + "193", "kqz" + "wv-491"]
)
def test_passwords(value: str) -> None:
    for written in (value, value + ".", f"**{value}**", f"({value})", f"`{value}`,"):
        assert spoken_words.password_score(written) >= 0.6


@pytest.mark.parametrize(
    "value",
    ["and/or", "8-character", "SHA-256", "2FA", "case-sensitive", "required", "10:30", "5pm", "24h", "3rd", "$50",
     "100%",
     "ana@firma.example", "firma.example", "https://h.test", "Office365", "Windows11", "v2.0", "12/05/2024", "PROJ-123",
     "it's", "user_name", "getPassword()", "--password", "$PASS", "falsch", "obligatoire", "DB_PASSWORD", "********"],
)  # fmt: skip
def test_prose(value: str) -> None:
    assert spoken_words.password_score(value) == 0


def test_quotation_marks_make_a_word_a_password() -> None:
    word = "sun" + "shinedays"
    assert spoken_words.password_score(word) == 0
    assert spoken_words.password_score(word, quoted=True) > 0
    assert spoken_words.password_score("required", quoted=True) == 0


@pytest.mark.parametrize(
    ("value", "found"),
    [("4821", True), ("482 913", True), ("4711#", True), ("A7K2-99", True), ("broken", False), ("123", False),
     ("SHA-256", False), ("12345678901", False)],
)  # fmt: skip
def test_codes(value: str, found: bool) -> None:
    assert bool(spoken_words.code_score(value)) is found


def test_a_code_that_looks_like_a_year_scores_lower() -> None:
    assert spoken_words.code_score("4821") > spoken_words.code_score("1987") >= 0.4


@pytest.mark.parametrize(
    ("token", "expected"),
    [('"abc1",', "abc1"), ("abc1.", "abc1"), ("abc1!", "abc1!"), ("(abc1)", "abc1"), ("abc1...", "abc1"), ("«a»", "a")],
)
def test_stripped(token: str, expected: str) -> None:
    assert spoken_words.stripped(token) == expected
