"""What the end of a text is, before a word that would follow."""

from __future__ import annotations

import pytest

from promptguard.redaction.rendering.page import Page, Place


def places(text: str, *cuts: int) -> list[tuple[Place, bool]]:
    """Where a text ends, and whether a tag, link or address is open there; read in pieces."""
    page = Page()
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        page.read(text[start:end])
    return [(here.kind, here.state.inside) for here in page.here()]


TEXT, CODE, ATTRIBUTE = ([(place, False)] for place in Place)

CASES = {
    "": TEXT,
    "Write to ": TEXT,
    "# A heading about ": TEXT,
    "- one\n- two ": TEXT,
    "> said ": TEXT,
    "| a | b |\n|---|---|\n| c | ": TEXT,
    "```\ncode ": CODE,
    "```python\nmail = '": CODE,
    "~~~\n```\n": CODE,
    "```\na\n```\nthen ": TEXT,
    "a\n\n    four spaces ": CODE,
    "```": ATTRIBUTE,
    "```py": ATTRIBUTE,
    "``` ": ATTRIBUTE,
    "~~~ for ": ATTRIBUTE,
    "```html\n<p>hi ": TEXT,
    "```html\n<a href='": [(Place.TEXT, True)],
    "```python\n<a href='": CODE,
    "see https://evil.example/": [(Place.TEXT, True)],
    "[a](": [(Place.TEXT, True)],
    "[a]: ": [(Place.TEXT, True)],
    "<p>words</p>\n": TEXT,
    "<p>words</p>\n\n**b** ": TEXT,
    "\ufeff": ATTRIBUTE,
    "\ufeffwords ": ATTRIBUTE,
}


@pytest.mark.parametrize("text", CASES)
def test_places(text: str) -> None:
    found = places(text)
    if CASES[text] == ATTRIBUTE:
        assert found[0][0] is Place.ATTRIBUTE
    else:
        assert set(found) == set(CASES[text])


@pytest.mark.parametrize("text", CASES)
def test_places_do_not_depend_on_the_pieces(text: str) -> None:
    whole = places(text)
    for cut in range(len(text)):
        assert places(text, cut) == whole, cut
    assert places(text, *range(len(text))) == whole


def test_where_html_is_text_to_some_both_ways_are_told() -> None:
    found = places("words\n\n<div>\n```\n<a href='\n")
    assert len(found) == 2
    assert {kind for kind, _ in found} == {Place.TEXT, Place.CODE}


def test_asking_changes_nothing() -> None:
    page = Page()
    page.read("```\nmail = ")
    before = [here.kind for here in page.here()]
    assert [here.kind for here in page.here()] == before == [Place.CODE]
    page.read("x\n```\nthen ")
    assert [here.kind for here in page.here()] == [Place.TEXT]


def test_copies_share_nothing() -> None:
    page = Page()
    page.read("a `b")
    other = page.copy()
    other.read("\n\n```\nc ")
    assert [here.kind for here in page.here()] == [Place.TEXT]
    assert [here.kind for here in other.here()] == [Place.CODE]


@pytest.mark.parametrize("unit", ["[", "`|", "<a ", "![](", "\\("])
def test_too_much_to_look_at_is_left_as_it_is(unit: str) -> None:
    page = Page()
    for _ in range(400):
        page.read(unit * 1_000 + "\n")
    assert page.exhausted
    steps = page.steps
    page.read(unit * 100_000)
    assert page.steps == steps
    assert [here.kind for here in page.here()] == [Place.ATTRIBUTE]


@pytest.mark.parametrize("line", ["Plain words, a sentence of them.\n", "x = a[0]\n"])
def test_plain_lines_cost_next_to_nothing(line: str) -> None:
    page = Page()
    page.read(("```\n" if "[" in line else "") + line * 20_000)
    assert not page.exhausted
