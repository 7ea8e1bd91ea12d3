from __future__ import annotations

import pytest

from promptguard.files.labels import Labelled, Pair, is_noise, is_telling, paired


@pytest.mark.parametrize(
    "value",
    [
        "", " ", "0", "-12700", "50%", "12pt", "1.5", "FF0000", "#00ff00", "rId12", "center", "bestFit", "en-US", "x",
        "{0F9B84EA-7D68-4D60-9CB1-D50884785D1C}", "http://schemas.openxmlformats.org/drawingml/2006/main", "A1:B20",
        "2024-01-02T03:04:05Z",
    ],
)  # fmt: skip
def test_values_of_the_format(value: str) -> None:
    assert is_noise(value)


@pytest.mark.parametrize(
    "value",
    ["4556737515442058", "4539 1488 0343 6467", "jo@example.org", "two words", "pelican7!", "DE89370400440532013000"],
)
def test_values_of_people(value: str) -> None:
    assert not is_noise(value)


@pytest.mark.parametrize("name", ["password", "userName", "ApiKey", "connectionString", "prompt", "displayText"])
def test_names_that_tell(name: str) -> None:
    assert is_telling(name)


@pytest.mark.parametrize("name", ["sz", "cx", "algn", "defaultRowHeight", "r", "spans"])
def test_names_that_do_not(name: str) -> None:
    assert not is_telling(name)


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ({"key": "password", "value": "x"}, Pair("password", "x")),
        ({"w:name": "password", "w:val": "x"}, Pair("password", "x")),
        ({"key": "password"}, None),
        ({"value": "x"}, None),
    ],
)
def test_names_and_values_that_go_together(attributes: dict[str, str], found: Pair | None) -> None:
    assert paired(attributes) == found


def test_elements_are_lines_with_their_names() -> None:
    text = Labelled(inline=frozenset({"b"}))
    text.start("login", {})
    text.text("\n  ")
    for name, content in (("user", "jo"), ("p", "prose"), ("value", "secret")):
        text.start(name, {})
        text.text(content)
        text.end(name)
    text.end("login")
    assert text.lines.take() == "user: jo\nprose\nlogin value: secret"
