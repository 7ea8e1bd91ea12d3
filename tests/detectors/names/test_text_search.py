from __future__ import annotations

import pytest

from promptguard.detectors.names.models import NamesModel
from promptguard.detectors.names.spans import PERSON, Span
from promptguard.detectors.names.text_search import TextSearch


class Model(NamesModel):
    """Finds one name, and keeps count."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.asked: list[str] = []

    def find(self, text: str) -> list[Span]:
        self.asked.append(text)
        start = text.find(self.name)
        return [Span(start, start + len(self.name), PERSON, 0.9, "test")] if start >= 0 else []


def found(search: TextSearch, text: str) -> list[str]:
    return [text[span.start : span.end] for span in search.find(text)]


def test_model_and_rules_look_and_what_stands_again_is_found() -> None:
    search = TextSearch(Model("Zenobia Quillfeather"))
    text = (
        "We met Zenobia Quillfeather on Monday, and it rained for all of the day.\n" * 3
        + "It went on like that for weeks. " * 20
        + "\nThen Quillfeather wrote to them.\n<lastName>Roe</lastName>\n"
    )
    assert found(search, text) == ["Zenobia Quillfeather", "Quillfeather", "Quillfeather", "Quillfeather", "Roe"]


def test_a_chunk_is_looked_at_once() -> None:
    model = Model("Jane Roe")
    search = TextSearch(model)
    assert found(search, "We met Jane Roe.") == found(search, "We met Jane Roe.") == ["Jane Roe"]
    assert model.asked == ["We met Jane Roe."]
    assert search.find("jane_roe", seldom_prose=True) == []


def test_others_have_their_turn_between_two_pieces() -> None:
    turns: list[int] = []
    model = Model("Jane Roe")
    text = "".join(f"We met Jane Roe on day {number}, and it rained for all of the day.\n" for number in range(200))
    search = TextSearch(model)
    spans = search.find(text, turn=lambda: turns.append(len(model.asked)))
    assert spans == TextSearch(Model("Jane Roe")).find(text)
    assert set(turns) == set(range(len(model.asked) + 1))


def test_what_the_turn_raises_ends_the_search() -> None:
    def late() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        TextSearch(Model("Jane Roe")).find("We met Jane Roe.", turn=late)
