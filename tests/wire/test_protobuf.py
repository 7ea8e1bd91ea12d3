from __future__ import annotations

import pytest

from promptguard.wire.protobuf import AnswerMessage, NotProtobuf, content_of, fields, varint


def field(number: int, content: bytes | str) -> bytes:
    data = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(data)) + data


LONG = "words that take up to a hundred bytes"


@pytest.mark.parametrize(
    "source",
    [
        b"\x0a\x05abc",  # longer than there is
        b"\x0a",
        b"\x00\x01",  # field 0
        b"\x0b\x0c",  # groups
        b"\x0e\x01",
        b"\x80" * 11,
        b"\x08\x80",
        field(1, "hello") + b"\xff",
    ],
)
def test_what_is_not_well_formed(source: bytes) -> None:
    with pytest.raises(NotProtobuf):
        fields(source)


@pytest.mark.parametrize(
    ("value", "text", "is_message"),
    [
        (b"hello", "hello", False),
        (b"hi", "hi", False),  # also number 105 in field 13, in which there is no text
        (b"\x1b[31mred", "\x1b[31mred", False),
        (b"\xff\xfe", "", False),
        (field(1, "short"), "", True),
        (field(2, LONG), "", True),
        (field(1, LONG), f"\n{chr(len(LONG))}{LONG}", True),
        (field(1, field(1, LONG)), f"\n{chr(len(LONG) + 2)}\n{chr(len(LONG))}{LONG}", True),
        (b"\n\nHello Bob!", "\n\nHello Bob!", None),  # also field 1: `Hello Bob!`
        (field(4, LONG), f'"{chr(len(LONG))}{LONG}', True),
        (field(4, LONG + " " * 20), f'"{chr(len(LONG) + 20)}{LONG}{" " * 20}', None),  # a quotation
        (b"B" + b"e quick, and write to all of them".ljust(102), "Be quick, and write to all of them".ljust(103), None),
        (field(4, LONG) + field(5, LONG), f'"{chr(len(LONG))}{LONG}*{chr(len(LONG))}{LONG}', True),
        (b"\x09jane@ext" + field(2, "ra"), "", True),
        (field(1, field(2, " [PERSO")), "\n\t\x12\x07 [PERSO", True),  # a piece of a stream
        (field(2, b"\xff" + LONG.encode()), "", True),
    ],
)
def test_what_a_field_holds(value: bytes, text: str, is_message: bool | None) -> None:
    content = content_of(value)
    assert content.text == text
    assert content.is_unsure if is_message is None else content.is_message is is_message


def test_texts_of_an_answer_and_back() -> None:
    rest = b"\x10\x80\x80\x00" + b"\x19" + bytes(8) + field(5, b"\xff\xfe") + field(6, b"\n\x1b[0m".ljust(29))
    source = field(1, "[X]") + rest + field(7, field(2, "in [X]") + b"\x08\x05") + field(1, "again")
    message = AnswerMessage(source)
    assert message.tree == {"1": "[X]", "7": {"2": "in [X]"}, "1.1": "again"}
    assert message.written(message.tree) == source
    tree = {**message.tree, "1": "jane@example.com", "7": {"2": "in " + "longer " * 40}}
    assert message.written(tree) == (
        field(1, "jane@example.com")
        + rest
        + field(7, field(2, "in " + "longer " * 40) + b"\x08\x05")
        + field(1, "again")
    )
