from __future__ import annotations

import pytest

from promptguard.evidence.excerpts import MAX_FOUND, excerpts
from promptguard.model import DataClass, Finding, Segment


def found(text: str, value: str, kind: str = "SECRET") -> Finding:
    start = text.index(value)
    return Finding(0, start, start + len(value), kind, DataClass.CREDENTIALS, 1.0, "d", value)


def cut(text: str, *values: str, hidden: tuple[str, ...] = (), window: int = 75) -> list[tuple[str, str, str]]:
    findings = [*(found(text, value) for value in values), *(found(text, value, "MAIL") for value in hidden)]
    made = excerpts([Segment((), text)], findings, range(len(values)), window)
    return [(each.before, each.found, each.after) for each in made]


@pytest.mark.parametrize(
    ("text", "window", "expected"),
    [
        ("a SECRET b", 75, ("a ", "SECRET", " b")),
        ("SECRET", 75, ("", "SECRET", "")),
        ("x" * 200 + "SECRET" + "y" * 200, 75, ("x" * 75, "SECRET", "y" * 75)),
        ("ż" * 50 + "SECRET" + "ó" * 50, 75, ("ż" * 37, "SECRET", "ó" * 37)),
        ("😀" * 30 + "SECRET" + "😀" * 30, 75, ("😀" * 18, "SECRET", "😀" * 18)),
        ("ab\ud800SECRET\udc00cd", 4, ("b\ud800", "SECRET", "\udc00c")),
        ("a SECRET b", 0, ("", "SECRET", "")),
    ],
)
def test_bytes_on_each_side_are_whole_characters(text: str, window: int, expected: tuple[str, str, str]) -> None:
    assert cut(text, "SECRET", window=window) == [expected]


@pytest.mark.parametrize(
    ("text", "hidden", "expected"),
    [
        ("to jo@x.io: SECRET", "jo@x.io", ("to [MAIL]: ", "SECRET", "")),
        ("jo@x.io" + "." * 72 + "SECRET", "jo@x.io", ("[MAIL]" + "." * 72, "SECRET", "")),
        ("SECRET" + "." * 72 + "jo@x.io", "jo@x.io", ("", "SECRET", "." * 72 + "[MAIL]")),
        ("SECRETjo@x.io", "ETjo@x.io", ("", "SECRET", "[MAIL]")),
        ("SECRET", "ECRE", ("", "SECRET", "")),
    ],
)
def test_of_what_is_no_evidence_nothing_is_seen_where_the_window_ends_in_it_too(text, hidden, expected) -> None:
    assert cut(text, "SECRET", hidden=(hidden,)) == [expected]


def test_what_is_evidence_too_is_seen_around() -> None:
    assert cut("ONE and TWO", "ONE", "TWO") == [("", "ONE", " and TWO"), ("ONE and ", "TWO", "")]


def test_of_a_document_the_beginning_is_kept_and_the_rest_counted() -> None:
    text = "ż" * MAX_FOUND
    (made,) = excerpts([Segment((), text)], [found(text, text)], {0}, 75)
    assert (len(made.found.encode()), made.cut) == (MAX_FOUND, MAX_FOUND)
    assert "ż" not in repr(made)


def test_of_thousands_each_is_hidden_that_stands_there_however_early_it_begins() -> None:
    text = "jo@x.io " * 5_000 + "SECRET"
    many = [Finding(0, at, at + 7, "MAIL", DataClass.PERSONAL_DATA, 1.0, "d", "m") for at in range(0, len(text) - 6, 8)]
    around = Finding(0, 40, len(text) - 30, "LIST", DataClass.PERSONAL_DATA, 1.0, "d", "l")
    (made,) = excerpts([Segment((), text)], [found(text, "SECRET"), around, *many], {0}, 40)
    assert (made.before, made.found) == ("[LIST]" + "[MAIL] " * 3, "SECRET")
