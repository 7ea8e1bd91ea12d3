import pytest

from promptguard.detectors.recognizers.types.iban import IbanRecognizer


def found(text: str) -> list[str]:
    return [text[result.start : result.end] for result in IbanRecognizer().analyze(text, ["IBAN_CODE"])]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", []),
        ("DE89370400440532013000", ["DE89370400440532013000"]),
        ("DE89 3704 0044 0532 0130 00 2 days", ["DE89 3704 0044 0532 0130 00"]),
        ("DE89-3704-0044-0532-0130-00.", ["DE89-3704-0044-0532-0130-00"]),
        ("de89370400440532013000", ["de89370400440532013000"]),
        ("NL91ABNA0417164300,FR1420041010050500013M02606", ["NL91ABNA0417164300", "FR1420041010050500013M02606"]),
        ("NO9386011117947", ["NO9386011117947"]),
        ("DE89 3704 0044 0532 0130 01", []),
        ("DE89370400440532013000X", []),
        ("XDE89370400440532013000", []),
        ("DE89370400440532013000_1", []),
        ("DE89 3704 0044", []),
        ("US89370400440532013000", []),
        ("DE89  3704 0044 0532 0130 00", []),
    ],
)
def test_numbers(text: str, numbers: list[str]) -> None:
    assert found(text) == numbers


def test_certain() -> None:
    (result,) = IbanRecognizer().analyze("NO9386011117947", ["IBAN_CODE"])
    assert result.score == 1.0
