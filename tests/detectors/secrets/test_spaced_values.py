import pytest

from promptguard.detectors.secrets.spaced_values import MAX_LENGTH, end_of_spaced, score


@pytest.mark.parametrize("value", ["kite wo" + "rd7", "Kz7 q9" + "!x", "blau Kz7 q9" + "!x", "vier vögel" + "77"])
@pytest.mark.parametrize("after", ["", "\n", " \r\nport: 5", " | x"])
def test_to_the_end_of_the_line(value: str, after: str) -> None:
    end = end_of_spaced(value + after.replace("| x", "|"), 0)
    assert end == len(value)
    assert score(value) > 0


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Kz7q9" + "!x",
        "Kz7q9" + "!x thanks tom",
        "see wiki page3",
        "the Kz7 q9" + "!x",
        "ask Tom",
        "minimum length 8",
        "Kz7 q9" + "!x. Then restart",
        "a@b.test Kz7q9" + "!x",
        "x" * MAX_LENGTH + " Kz7q9" + "!x",
    ],
)
def test_sentences(line: str) -> None:
    assert end_of_spaced(line, 0) == 0
