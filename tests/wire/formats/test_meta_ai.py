from __future__ import annotations

import base64
import json

import pytest

from promptguard.errors import Unreadable
from promptguard.model import Nature, Notice, Restoration
from promptguard.redaction.message_restorer import MessageRestorer
from promptguard.wire.documents import Document, open_body
from promptguard.wire.formats import load_formats
from promptguard.wire.framings import framing_of_message
from promptguard.wire.protobuf import varint

META = load_formats()["meta_ai"]


def frame(content: bytes, kind: int = 0x0D, *, length_first: bool = False) -> bytes:
    content = b"\x03\x80" + content if kind == 0x0D else content
    length = len(content).to_bytes(3, "little")
    return bytes((kind,)) + (length + b"\x01\x00" if length_first else b"\x01\x00" + length) + content


def field(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


def asked(text: str) -> bytes:
    message = (
        b"\x08\x01" + field(2, field(1, b"c.1a") + field(2, text.encode()) + b"\x18\x80\x00") + field(7, b"\xff\x00")
    )
    return json.dumps({"req-id": "0b1e7c5a-3f6d", "payload": base64.b64encode(message).decode()}).encode()


def opened(content: bytes) -> Document:
    return open_body(content, "", META.embedded, META.framing)


@pytest.mark.parametrize("length_first", [False, True])
@pytest.mark.parametrize("text", ["Write to jane", "Write to jane " + "and so on " * 30_000])
def test_a_prompt_is_read_and_written_with_all_lengths(text: str, length_first: bool) -> None:
    opening = frame(b'{"x-dgw-app":"1"}', 0x0F, length_first=length_first)
    opening += frame(b"\x81\xff", 0x0C, length_first=length_first)
    document = opened(opening + frame(asked(text), length_first=length_first))
    path = next(leaf.path for leaf in document.leaves() if leaf.text == text)
    changed = text.replace("jane", "[PERSON_1]")
    assert document.replace({path: changed}) == opening + frame(asked(changed), length_first=length_first)
    assert document.replace({}) == opening + frame(asked(text), length_first=length_first)


def test_what_stands_beside_the_payload_is_read_and_the_payload_is_then_not_written() -> None:
    content = frame(json.dumps({**json.loads(asked("hi")), "note": "Write to jane"}).encode())
    document = opened(content)
    leaves = [(leaf.path, leaf.text) for leaf in document.leaves()]
    found = dict(zip([text for _, text in leaves], META.describe(document.body, leaves), strict=True))
    assert found["Write to jane"].nature is Nature.TEXT
    assert found[json.loads(asked("hi"))["payload"]].nature is Nature.PROTOCOL


@pytest.mark.parametrize("content", [frame(b"\xff\xfe\xfd"), frame(asked("x"))[:-1]])
def test_what_cannot_be_read(content: bytes) -> None:
    try:
        document = opened(content)
    except Unreadable:
        return
    assert document.files()


def test_answers_are_restored() -> None:
    restorer = MessageRestorer(META, Restoration({"[EMAIL_ADDRESS_7KQ2M4XB]": "jane.porter@example.com"}))
    said = [b'{"op":"append","text":"To [EMAIL_ADDR"}', b'{"op":"append","text":"ESS_7KQ2M4XB]. "}', b'{"op":"end"}']
    out = [each for piece in said for each in restorer.restore(frame(piece))] + restorer.finish()
    texts = [
        json.loads(each.payload or b"").get("text", "") for one in out for each in framing_of_message(one).frames(one)
    ]
    assert "".join(texts) == "To jane.porter@example.com. "
    assert all(framing_of_message(one).id == "data_gateway" for one in out)


def test_the_notice_is_a_frame() -> None:
    (message,) = META.refuse_message([], Notice("pg-1", "Not sent", "Nothing was sent."))
    (said,) = framing_of_message(message).frames(message)
    assert json.loads(said.payload or b"")["error"]["message"] == "Nothing was sent."
