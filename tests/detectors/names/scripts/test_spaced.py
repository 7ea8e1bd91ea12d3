import pytest

from promptguard.detectors.names.scripts.listed import FOUND, LIKELY
from promptguard.detectors.names.scripts.spaced import SpacedNames
from promptguard.detectors.names.scripts.spaced_scripts import SPACED_SCRIPTS

CYRILLIC = SpacedNames(SPACED_SCRIPTS["Cyrillic"])


@pytest.mark.parametrize(
    ("text", "name", "score"),
    [
        ("написала Анна Кузнецова", "Анна Кузнецова", FOUND),
        ("написала Анна Щщщ", "Анна Щщщ", LIKELY),
        ("спросил Ивана", "Ивана", LIKELY),
        ("Петровна ушла", "Петровна", FOUND),
    ],
)
def test_how_sure(text: str, name: str, score: float) -> None:
    (span,) = CYRILLIC.find(text)
    assert (text[span.start : span.end], span.score) == (name, score)


@pytest.mark.parametrize("text", ["Вера в людей", "едем в Владимир", "анна кузнецова"])
def test_no_names(text: str) -> None:
    assert list(CYRILLIC.find(text)) == []
