from __future__ import annotations

import pytest

from promptguard.model import Restoration
from promptguard.redaction.message_restorer import MessageRestorer
from promptguard.wire.formats import load_formats

EMAIL = b"[EMAIL_ADDRESS_7KQ2M4XB]"
RESTORATION = Restoration({EMAIL.decode(): "anna@corp.example"})


def test_restores_messages_and_the_text_split_over_them() -> None:
    restorer = MessageRestorer(load_formats()["openai_responses"], RESTORATION)
    delta = b'{"type":"response.output_text.delta","item_id":"m","delta":"%b"}'
    done = b'{"type":"response.output_text.done","item_id":"m","text":"to %b"}'
    assert restorer.restore(delta % b"to [EMAIL_") == [delta % b"to "]
    assert restorer.restore(delta % EMAIL[7:]) == [delta % b""]
    assert restorer.restore(done % EMAIL) == [delta % b"anna@corp.example", done % b"anna@corp.example"]
    assert restorer.finish() == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", b""),
        (b"ping", b"ping"),
        (b"hello " + EMAIL + b"!", b"hello anna@corp.example!"),
        (b"\x00\xff" + EMAIL, b"\x00\xff" + EMAIL),
        (b'{"a" : 1}', b'{"a" : 1}'),
        (b'{"a": "' + EMAIL + b'!"}', b'{"a":"anna@corp.example!"}'),
        (b'{"a": "' + EMAIL + b'!"', b'{"a": "' + EMAIL + b'!"'),
        (b'42["message","' + EMAIL + b'!"]', b'42["message","anna@corp.example!"]'),
        (b'{"a":"' + EMAIL + b'!"}\x1e{"type": 6}\x1e', b'{"a":"anna@corp.example!"}\x1e{"type": 6}\x1e'),
    ],
)
def test_restores_one_message(content: bytes, expected: bytes) -> None:
    assert MessageRestorer(None, RESTORATION).restore(content) == [expected]


def test_what_is_held_goes_out_in_the_end() -> None:
    restorer = MessageRestorer(None, RESTORATION)
    assert restorer.restore(b'{"a":"x ["}\x1e') == [b'{"a":"x "}\x1e']
    assert restorer.finish() == [b'{"a":"["}\x1e']


def test_more_placeholders_on_the_same_connection() -> None:
    restorer = MessageRestorer(None, RESTORATION)
    assert restorer.restore(b'{"a":"[NEW_22222222]!"}') == [b'{"a":"[NEW_22222222]!"}']
    restorer.restoration = Restoration({**restorer.restoration.originals, "[NEW_22222222]": "value"})
    assert restorer.restore(b'{"a":"[NEW_22222222]!"}') == [b'{"a":"value!"}']


def test_announces_in_the_first_text() -> None:
    restorer = MessageRestorer(load_formats()["openai_responses"], Restoration({}), "Note: ")
    delta = b'{"type":"response.output_text.delta","item_id":"m","delta":"%b"}'
    assert restorer.restore(delta % b"a") == [delta % b"Note: a"]
    assert restorer.restore(delta % b"b") == [delta % b"b"]
