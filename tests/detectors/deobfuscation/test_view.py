from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptguard.detectors.deobfuscation.interface import Confidence, Replacement
from promptguard.detectors.deobfuscation.view import AFTER, BEFORE, SEPARATOR, WHOLE, View, ViewWriter, rewrite


def view(text: str, *replacements: Replacement, parent: View | None = None) -> View:
    made = rewrite(text, replacements, Confidence.DECODED, parent)
    assert made is not None
    return made


def test_nothing_replaced_is_no_view() -> None:
    assert rewrite("text", [], Confidence.DECODED) is None


@pytest.mark.parametrize(
    ("replacement", "reading", "found", "place"),
    [
        (Replacement(2, 5, "@", "url"), "a @ b", "@", (2, 5)),
        (Replacement(2, 5, "@", "url"), "a @ b", "a @", (0, 5)),
        (Replacement(2, 5, "", "invisible"), "a  b", "  b", (1, 7)),
        (Replacement(2, 5, "hello world", "base64"), "a hello world b", "world", (2, 5)),
        (Replacement(2, 5, "xyz", "look-alikes", 1), "a xyz b", "yz b", (3, 7)),
        (Replacement(2, 5, "zyx", "reversed", -1), "a zyx b", "zy", (3, 5)),
        (Replacement(2, 5, "zyx", "reversed", -1), "a zyx b", "x b", (2, 7)),
    ],
)
def test_places(replacement: Replacement, reading: str, found: str, place: tuple[int, int]) -> None:
    made = view("a xyz b", replacement)
    assert made.text == reading
    start = reading.index(found)
    assert made.original(start, start + len(found)) == place
    located = made.locate(start, start + len(found))
    assert located is not None and located.kinds == (replacement.kind,)
    assert made.touches(start, start + len(found))


def test_what_stands_far_from_any_replacement_is_not_found_here() -> None:
    text = "word " * 40 + "%41" + " word" * 40
    made = view(text, Replacement(200, 203, "A", "url"))
    assert made.original(0, 4) is None
    assert made.original(195, 199) == (195, 199)
    assert made.original(202, 206) == (204, 208)
    assert not made.touches(195, 199)


def test_overlapping_replacements() -> None:
    assert view("abcdef", Replacement(0, 4, "1", "a"), Replacement(2, 6, "2", "b")).text == "1ef"


def test_long_texts_are_cut_between_words() -> None:
    text = "word " * 1000
    made = view(text, Replacement(1000, 1004, "A", "x"), Replacement(4000, 4004, "B", "y"))
    first, second = made.text.split(SEPARATOR)
    assert len(made.text) < 2 * (BEFORE + AFTER) + len(SEPARATOR) + 10
    assert first.split().count("A") == second.split().count("B") == 1
    assert set(made.text.replace(SEPARATOR, " ").split()) == {"word", "A", "B"}
    assert made.kinds == ("x", "y")
    at = made.text.index("B")
    assert made.original(at, at + 1) == (4000, 4004)
    assert made.original(made.text.index("A"), at) is None, "what does not belong together is not joined"
    assert not made.begins_with_source


def test_a_word_that_is_cut_is_no_place() -> None:
    text = "x" * 2000
    made = view(text, Replacement(1000, 1001, "A", "k"))
    at = made.text.index("A")
    assert made.original(0, at) is None
    assert made.original(at - 3, at) == (997, 1000)
    assert made.original(at + 1, len(made.text)) is None


def test_views_of_views() -> None:
    outer = view("see: QUFB.", Replacement(5, 9, "%41", "base64"))
    inner = view(outer.text, Replacement(5, 8, "A", "url"), parent=outer)
    assert inner.text == "see: A."
    place = inner.locate(5, 6)
    assert place is not None
    assert (place.start, place.end, place.kinds) == (5, 9, ("base64", "url"))
    assert inner.begins_with_source


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 1), (0, 99)])
def test_spans_that_are_none(start: int, end: int) -> None:
    assert view("abcdef", Replacement(0, 1, "x", "k")).original(start, end) is None


def test_nothing_is_shown() -> None:
    assert "abc" not in repr(view("abc", Replacement(0, 1, "abc", "k")))


@given(
    st.text(min_size=1, max_size=3 * WHOLE),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 60), st.text(max_size=9), st.integers(-1, 1)), max_size=9),
    st.data(),
)
def test_places_lie_in_the_text(text: str, drawn: Sequence[tuple[int, int, str, int]], data: st.DataObject) -> None:
    replacements = []
    for start, length, new, step in sorted(drawn):
        end = min(start + length, len(text))
        if start < len(text):
            replacements.append(Replacement(start, end, text[start:end] if step else new, "k", step))
    made = rewrite(text, replacements, Confidence.DECODED)
    if made is None or not made.text:
        return
    start = data.draw(st.integers(0, len(made.text) - 1))
    place = made.original(start, data.draw(st.integers(start + 1, len(made.text))))
    assert place is None or 0 <= place[0] < place[1] <= len(text)


def test_a_writer_knows_what_it_copied() -> None:
    writer = ViewWriter("code: 1234 5678", Confidence.LABELLED)
    writer.write("id: ", 6, 6, "")
    writer.write("1234 5678", 6, 15, "label")
    writer.write("\n", 15, 15, None)
    writer.write("12345678", 6, 15, "joined")
    made = writer.view()
    assert (made.text, writer.length) == ("id: 1234 5678\n12345678", 22)
    assert made.original(9, 13) == (11, 15), "as long as its source: character by character"
    assert made.original(14, 18) == (6, 15), "else all of it"
    assert made.original(10, 16) is None, "over a cut"
