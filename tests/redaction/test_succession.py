"""What stood before a text of an answer, to clients that add texts up."""

from __future__ import annotations

import pytest

from promptguard.redaction.rendering.text import Rendering
from promptguard.redaction.succession import MAX_CHAINS, MAX_DANGLING, MAX_ENDED, Chain, Chains, Dangling, Ended

LINK = "![](/q?"


def reading(text: str) -> Rendering:
    found = Rendering()
    found.advance(text)
    return found


def test_remembers_what_ended_texts_left_open() -> None:
    ended = Ended()
    ended.add("a", (reading(LINK),))
    ended.add("b", (reading("words "),))
    assert [[each.inside for each in ended.before(key) or ()] for key in "abc"] == [[True], [False], []]


def test_gives_copies() -> None:
    ended = Ended()
    ended.add("a", (reading(LINK),))
    for each in ended.before("a") or ():
        each.advance(") ")
    assert [each.inside for each in ended.before("a") or ()] == [True]


def test_knows_which_texts_it_has_forgotten() -> None:
    ended = Ended()
    for number in range(MAX_ENDED + 1):
        ended.add(number, ())
    assert [ended.before(number) for number in (0, 1, "new")] == [None, (), ()]


def test_texts_that_left_a_link_open() -> None:
    left_open = Dangling()
    for text in ("words", "https://a.example/", LINK, "<a href='"):
        left_open.add((reading(text),), text)
    assert [each.inside for each in left_open.before() or ()] == [True, True]
    assert [left_open.repeated_by(text) for text in ("words", LINK, LINK + "x")] == [False, True, False]


def test_too_many_texts_that_left_a_link_open() -> None:
    left_open = Dangling()
    for _ in range(MAX_DANGLING):
        left_open.add((reading(LINK),), LINK)
    assert len(left_open.before() or ()) == MAX_DANGLING
    left_open.add((reading(LINK),), LINK)
    assert left_open.before() is None


@pytest.mark.parametrize(
    ("strings", "inside"),
    [
        ((), []),
        (("",), []),
        ((LINK,), [True]),
        (("![](", "/q?"), [True]),
        ((LINK, ") and "), [False]),
        ((LINK + "a" * 70_000,), [True]),
        (('{"a":"', "https:\\/\\/e.example\\/?"), [True, True]),
    ],
)
def test_strings_behind_each_other(strings: tuple[str, ...], inside: list[bool]) -> None:
    chain = Chain()
    for string in strings:
        chain.add(string)
    assert [each.inside for each in chain.readings] == inside


def test_follows_so_many_kinds_and_no_more() -> None:
    chains = Chains()
    first = chains.of(0)
    assert all(chains.of(kind) for kind in range(1, MAX_CHAINS))
    assert chains.of("more") is None
    assert chains.of(0) is first
