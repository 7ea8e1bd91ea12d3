"""Files, protocol buffers and other bytes in whatever wraps them: read, or not inspected; and what is clean passes."""

from __future__ import annotations

import base64
import io
import lzma
import random
import zipfile
from collections.abc import Callable

import pytest
from harness.attack import Attack
from harness.planted import noise
from harness.requests import chat, request

CURSOR = "api2.cursor.sh"
CALL = "/aiserver.v1.ChatService/StreamUnifiedChatWithTools"


def field(number: int, content: bytes) -> bytes:
    """A length-delimited field of less than 128 bytes."""
    return bytes([number << 3 | 2, len(content)]) + content


def enveloped(message: bytes) -> bytes:
    return b"\0" + len(message).to_bytes(4) + message


def zipped(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("notes.txt", text * 3)
    return out.getvalue()


def protobuf(text: str) -> bytes:
    return field(1, field(2, text.encode()) + b"\x18\x05") + field(7, b"\xff\xfe\x01")


FILES: dict[str, Callable[[str], bytes]] = {
    "zip": zipped,
    "xz": lambda text: lzma.compress(text.encode()),
    "rtf": lambda text: ("{\\rtf1 " + "".join(f"\\'{ord(sign):02x}" for sign in text) + "}").encode(),
    "protobuf": protobuf,
    "gRPC": lambda text: enveloped(protobuf(text)),
}
SPELLINGS: dict[str, Callable[[bytes], str]] = {
    "base64": lambda data: base64.b64encode(data).decode(),
    "base64 in lines": lambda data: base64.encodebytes(data).decode(),
    "base64url": lambda data: base64.urlsafe_b64encode(data).decode().rstrip("="),
    "hexadecimal": bytes.hex,
}


def said(spelling: str, data: bytes) -> bytes:
    return request(chat(f"Please tell me what is in\n{SPELLINGS[spelling](data)}\nand say it in short."))


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("name", FILES)
def test_files_within_a_sentence(name: str, spelling: str, attack: Attack) -> None:
    value = attack.plant("key")
    attack.client.exchange(said(spelling, FILES[name](f"aws_access_key_id = {value}")))
    assert not attack.upstream.wire


@pytest.mark.parametrize("name", FILES)
def test_clean_files_within_a_sentence(name: str, attack: Attack) -> None:
    attack.arrives_whole(said("base64", FILES[name]("nothing of anyone's, only words")))


KINDS = ["application/grpc", "application/grpc-web+proto", "application/connect+proto"]


@pytest.mark.parametrize("kind", KINDS)
def test_protobuf_without_a_schema(kind: str, attack: Attack) -> None:
    def write(value: str) -> bytes:
        return request(enveloped(protobuf(f"my key is {value}")), host=CURSOR, path=CALL, kind=kind)

    attack.leaves_not("key", write, host=CURSOR)


@pytest.mark.parametrize("kind", KINDS)
def test_clean_protobuf_passes(kind: str, attack: Attack) -> None:
    payload = request(enveloped(protobuf("say hello")), host=CURSOR, path=CALL, kind=kind)
    attack.arrives_whole(payload, host=CURSOR)


@pytest.mark.parametrize("size", [65, 200, 700, 1023])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_bytes_that_nobody_can_read(size: int, spelling: str, attack: Attack) -> None:
    within = [said(spelling, noise(size))] if size > 192 else []  # another one: what was refused may go on as history
    for payload in (request(chat("hello", blob=SPELLINGS[spelling](noise(size)))), *within):
        attack.client.exchange(payload)
        assert not attack.upstream.wire


@pytest.mark.parametrize("size", [16, 32, 64])
def test_what_is_as_short_as_a_key_passes(size: int, attack: Attack) -> None:
    data = random.Random(size).randbytes(size)  # chosen: none of them is a key of a vendor
    attack.arrives_whole(request(chat("hello", payload=base64.b64encode(data).decode())))
