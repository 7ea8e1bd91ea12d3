"""Bodies of every framing, odd and broken ones: what the service would read must have been read before."""

from __future__ import annotations

import base64
import json
import random
import struct
import zlib

import pytest
from harness.attack import Attack, Write
from harness.planted import zipped_gzip
from harness.requests import chat, chunked, raw, request

B = "----boundary7qZ"


def body(value: str) -> str:
    return chat(f"aws_access_key_id = {value}").decode()


def put(text: str) -> bytes:
    return request(text.encode("utf-8", "surrogatepass"))


def message(content: str) -> bytes:
    """A chat whose message's content is written as JSON."""
    return put(f'{{"model":"gpt-5","messages":[{{"role":"user","content":{content}}}]}}')


JSON_ODDITIES: dict[str, Write] = {
    "key twice, last clean": lambda v: message(f'"{v}","content":"hello"'),
    "key twice, first clean": lambda v: message(f'"hello","content":"{v}"'),
    "key twice by escape": lambda v: message(f'"hello","\\u0063ontent":"{v}"'),
    "messages twice": lambda v: put(f'{{"messages":[{{"role":"user","content":"{v}"}}],"messages":[]}}'),
    "byte order mark": lambda v: put("\ufeff" + body(v)),
    "two documents": lambda v: put(body("nothing") + body(v)),
    "document and text": lambda v: put(body("nothing") + v),
    "text and document": lambda v: put(f"{v} " + body("nothing")),
    "line comment": lambda v: put(f"{{// {v}\n" + body("nothing")[1:]),
    "block comment": lambda v: put(body("nothing")[:-1] + f"/* {v} */}}"),
    "hash comment": lambda v: put(body("nothing") + f"\n# {v}"),
    "single quotes": lambda v: put(f"{{'messages':[{{'role':'user','content':'{v}'}}]}}"),
    "names without quotes": lambda v: put(f'{{messages:[{{role:"user",content:"{v}"}}]}}'),
    "trailing comma": lambda v: put(body(v)[:-1] + ",}"),
    "cut short": lambda v: put(body(v)[:-2]),
    "unfinished string": lambda v: put(body(v)[: body(v).index(v) + 20]),
    "bare string": lambda v: put(json.dumps(v)),
    "bare array": lambda v: put(json.dumps(["a", [v]])),
    "JSON in JSON": lambda v: put(json.dumps(body(v))),
    "JSON five deep": lambda v: message(nested(v, 5)),
    "JSON seven deep": lambda v: message(nested(v, 7)),
    "JSON twelve deep": lambda v: message(nested(v, 12)),
    "as a name": lambda v: put(body("x")[:-1] + f',"{v}":1}}'),
    "as a name deep inside": lambda v: put(body("x")[:-1] + f',"metadata":{{"a":{{"{v}":null}}}}}}'),
    "as the role": lambda v: put(body("x").replace('"user"', json.dumps(v))),
    "as the model": lambda v: put(body("x").replace("gpt-5", v)),
    "control characters": lambda v: message(f'"a\tb\n{v}"'),
    "NUL before": lambda v: put("\0\0" + body(v)),
    "NUL after": lambda v: put(body("x") + "\0" + v),
    "hexadecimal escape": lambda v: message(f'"\\x41{v[1:]}"'),
    "lone surrogates": lambda v: message(f'"\\ud83d{v}\\ude00"'),
    "paragraph separators": lambda v: put(body("x") + f"\u2028{v}"),
    "prefix against hijacking": lambda v: put(")]}'\n" + body(v)),
    "JSONP": lambda v: put(f"callback({body(v)})"),
    "record separators": lambda v: put(f"\x1e{body('x')}\n\x1e{body(v)}\n"),
    "lines": lambda v: request(f"{body('x')}\n{body(v)}\n".encode(), kind="application/x-ndjson"),
    "lines, one broken": lambda v: request(f"{body('x')}\n{{{v}\n".encode(), kind="application/x-ndjson"),
    "lines as JSON": lambda v: put(f"{body('x')}\n{body(v)}\n"),
    "events": lambda v: request(f"data: {body('x')}\n\ndata: {body(v)}\n\n".encode(), kind="text/event-stream"),
    "name of an event": lambda v: request(f"event: {v}\ndata: {{}}\n\n".encode(), kind="text/event-stream"),
    "comment of an event": lambda v: request(f": {v}\ndata: {{}}\n\n".encode(), kind="text/event-stream"),
    "id of an event": lambda v: request(f"id: {v}\ndata: {{}}\n\n".encode(), kind="text/event-stream"),
    "split over data lines": lambda v: request(
        f'data: {{"a":"aws_access_key_id =\ndata:  {v}"}}\n\n'.encode(), kind="text/event-stream"
    ),
    "YAML": lambda v: request(f"messages:\n- role: user\n  content: {v}\n".encode(), kind="application/yaml"),
    "TOML": lambda v: request(f"content = '{v}'\n".encode(), kind="application/toml"),
    "XML": lambda v: request(f"<a><b c='{v}'/></a>".encode(), kind="application/xml"),
    "XML entities": lambda v: request(f"<!DOCTYPE a [<!ENTITY k '{v}'>]><a>&k;</a>".encode(), kind="application/xml"),
    "CSV": lambda v: request(f"id,key\n1,{v}\n".encode(), kind="text/csv"),
    "MessagePack": lambda v: request(b"\x81\xa7content\xb4" + v.encode(), kind="application/msgpack"),
    "CBOR": lambda v: request(b"\xa1\x67content\x74" + v.encode(), kind="application/cbor"),
    "BSON": lambda v: request(
        struct.pack("<i", 40) + b"\x02content\0" + struct.pack("<i", 21) + v.encode() + b"\0\0", kind="application/bson"
    ),
    "pickle": lambda v: request(b"\x80\x04\x8c\x14" + v.encode() + b".", kind="application/octet-stream"),
    "random bytes around it": lambda v: request(
        random.Random(1).randbytes(300) + v.encode() + random.Random(2).randbytes(300), kind="application/octet-stream"
    ),
    "an image's end": lambda v: request(
        b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(50) + b"\xff\xd9" + v.encode(), kind="image/jpeg"
    ),
    "kind of another": lambda v: request(body(v).encode(), kind="image/png"),
    "no kind": lambda v: request(body(v).encode(), kind=""),
    "two kinds": lambda v: request(body(v).encode(), headers={"Content-Type": "image/png"}),
    "empty kind": lambda v: request(body(v).encode(), headers={"content-type": ""}),
    "value in the kind": lambda v: request(chat("hello"), kind=f"application/json; note={v}"),
    "value as the boundary": lambda v: request(
        f"--{v}\r\n\r\nx\r\n--{v}--".encode(), kind=f"multipart/mixed; boundary={v}"
    ),
}


def nested(value: str, depth: int) -> str:
    """A JSON string whose content is JSON, and so on."""
    content: object = {"a": value}
    for _ in range(depth):
        content = {"a": json.dumps(content)}
    return json.dumps(json.dumps(content))


@pytest.mark.parametrize("name", JSON_ODDITIES)
def test_documents(name: str, attack: Attack) -> None:
    attack.leaves_not("key", JSON_ODDITIES[name])


NESTED_DEPTHS = [1, 3, 5, 6, 7, 8, 9, 12, 20]


@pytest.mark.parametrize("depth", NESTED_DEPTHS)
def test_password_in_nested_json(depth: int, attack: Attack) -> None:
    """Backslashes stand between the label and the value."""

    def write(value: str) -> bytes:
        content: object = {"password": value}
        for _ in range(depth):
            content = {"a": json.dumps(content)}
        return request(chat(json.dumps(content)))

    attack.leaves_not("password", write)


def multipart(*parts: str, preamble: str = "", epilogue: str = "", end: str = f"--{B}--\n") -> bytes:
    text = preamble + "".join(f"--{B}\n{part}\n" for part in parts) + end + epilogue
    return request(text.replace("\n", "\r\n").encode(), path="/v1/files", kind=f"multipart/form-data; boundary={B}")


def part(text: str, disposition: str = 'form-data; name="note"', head: str = "") -> str:
    return f"content-disposition: {disposition}\n{head}\n{text}"


MULTIPART: dict[str, Write] = {
    "field": lambda v: multipart(part(v)),
    "second field": lambda v: multipart(part("hello"), part(v)),
    "file": lambda v: multipart(part(v, 'form-data; name="file"; filename="a.txt"', "content-type: text/plain\n")),
    "file of unknown kind": lambda v: multipart(
        part(v, 'form-data; name="file"; filename="a.xyz"', "content-type: application/octet-stream\n")
    ),
    "preamble": lambda v: multipart(part("x"), preamble=f"{v}\n"),
    "preamble of JSON": lambda v: multipart(part(v), preamble="{\n"),
    "epilogue": lambda v: multipart(part("x"), epilogue=f"{v}\n"),
    "name": lambda v: multipart(part("x", f'form-data; name="{v}"')),
    "file's name": lambda v: multipart(part("x", f'form-data; name="file"; filename="{v}.txt"')),
    "file's name, extended": lambda v: multipart(part("x", f"form-data; name=\"file\"; filename*=UTF-8''{percent(v)}")),
    "file's name, two": lambda v: multipart(
        part("x", f'form-data; name="file"; filename="a.txt"; filename*=UTF-8\'\'{v}.txt')
    ),
    "other parameter": lambda v: multipart(part("x", f'form-data; name="a"; note="{v}"')),
    "part's header": lambda v: multipart(part("x", head=f"x-note: {v}\n")),
    "part's kind": lambda v: multipart(part("x", head=f"content-type: text/plain; note={v}\n")),
    "base64": lambda v: multipart(
        part(base64.b64encode(f"key {v}".encode()).decode(), head="content-transfer-encoding: base64\n")
    ),
    "quoted-printable": lambda v: multipart(
        part("".join(f"={ord(c):02X}" for c in v), head="content-transfer-encoding: quoted-printable\n")
    ),
    "charset field": lambda v: multipart(
        part("utf-7", 'form-data; name="_charset_"'),
        part("+" + base64.b64encode(v.encode("utf-16-be")).rstrip(b"=").decode() + "-"),
    ),
    "without an end": lambda v: multipart(part(v), end=""),
    "no dashes at the end": lambda v: multipart(part("x"), end=f"--{B}\n{v}"),
    "nested": lambda v: multipart(f"content-type: multipart/mixed; boundary=inner\n\n--inner\n\n{v}\n--inner--"),
    "another boundary": lambda v: request(
        f"--other\r\n\r\n{v}\r\n--other--\r\n".encode(), path="/v1/files", kind=f"multipart/form-data; boundary={B}"
    ),
    "no boundary": lambda v: request(f"--{B}\r\n\r\n{v}\r\n--{B}--".encode(), kind="multipart/form-data"),
    "two boundaries": lambda v: request(
        f"--b\r\n\r\n{v}\r\n--b--".encode(), kind="multipart/form-data; boundary=a; boundary=b"
    ),
    "boundary in quotes": lambda v: request(
        f'--a b\r\ncontent-disposition: form-data; name="a"\r\n\r\n{v}\r\n--a b--'.encode(),
        kind='multipart/form-data; boundary="a b"',
    ),
    "split over two parts": lambda v: multipart(part("aws_access_key_id ="), part(v)),
    "related": lambda v: request(
        f"--{B}\r\ncontent-type: application/json\r\n\r\n{{}}\r\n--{B}\r\n\r\n{v}\r\n--{B}--".encode(),
        kind=f"multipart/related; boundary={B}",
    ),
}


def percent(text: str) -> str:
    return "".join(f"%{ord(character):02X}" for character in text)


@pytest.mark.parametrize("name", MULTIPART)
def test_multipart(name: str, attack: Attack) -> None:
    attack.leaves_not("key", MULTIPART[name])


def form(text: str, kind: str = "application/x-www-form-urlencoded") -> bytes:
    return request(text.encode(), kind=kind)


FORMS: dict[str, Write] = {
    "value": lambda v: form(f"a=1&note={v}&b=2"),
    "name": lambda v: form(f"a=1&{v}=1"),
    "percent": lambda v: form(f"note={percent(v)}"),
    "percent twice": lambda v: form(f"note={percent(percent(v))}"),
    "semicolons": lambda v: form(f"a=1;note={v}"),
    "no pairs": lambda v: form(v),
    "JSON in it": lambda v: form(f"f.req={percent(body(v))}"),
    "JSON as a form": lambda v: form(body(v)),
    "form as JSON": lambda v: form(f"note={v}", "application/json"),
    "utf-16 percent": lambda v: form("note=" + "".join(f"%{ord(c):02X}%00" for c in v)),
    "%u escapes": lambda v: form("note=" + "".join(f"%u{ord(c):04X}" for c in v)),
    "plus signs": lambda v: form(f"note=aws_access_key_id+=+{v}"),
}


@pytest.mark.parametrize("name", FORMS)
def test_forms(name: str, attack: Attack) -> None:
    attack.leaves_not("key", FORMS[name])


def field(number: int, content: bytes) -> bytes:
    """A length-delimited field of a protocol buffer."""
    return bytes([number << 3 | 2]) + varint(len(content)) + content


def varint(number: int) -> bytes:
    whole = b""
    while number > 127:
        whole += bytes([number & 127 | 128])
        number >>= 7
    return whole + bytes([number])


def envelope(content: bytes, flags: int = 0) -> bytes:
    """A message of gRPC and Connect: flags, length, content."""
    return struct.pack("!BI", flags, len(content)) + content


def grpc(content: bytes, kind: str = "application/grpc+proto", **headers: str) -> bytes:
    return request(
        content,
        host="api2.cursor.sh",
        path="/aiserver.v1.ChatService/StreamChat",
        kind=kind,
        headers={"te": "trailers", **headers},
    )


RPC: dict[str, Write] = {
    "gRPC": lambda v: grpc(envelope(field(1, v.encode()))),
    "gRPC, deep": lambda v: grpc(envelope(field(1, field(2, field(3, v.encode()))))),
    "gRPC, second message": lambda v: grpc(envelope(field(1, b"hi")) + envelope(field(1, v.encode()))),
    "gRPC, gzip": lambda v: grpc(envelope(zipped_gzip(field(1, v.encode())), 1), **{"grpc-encoding": "gzip"}),
    "gRPC, gzip not announced": lambda v: grpc(envelope(zipped_gzip(field(1, v.encode())), 1)),
    "gRPC, deflate": lambda v: grpc(envelope(zlib.compress(field(1, v.encode())), 1), **{"grpc-encoding": "deflate"}),
    "gRPC, unknown flag": lambda v: grpc(envelope(field(1, v.encode()), 0x40)),
    "gRPC, cut short": lambda v: grpc(envelope(field(1, v.encode()))[:-1]),
    "gRPC, bytes after": lambda v: grpc(envelope(field(1, b"hi")) + v.encode()),
    "gRPC, bytes that are no text": lambda v: grpc(envelope(field(1, b"\xff" + v.encode()))),
    "gRPC, JSON": lambda v: grpc(envelope(json.dumps({"a": v}).encode()), "application/grpc+json"),
    "gRPC, header": lambda v: grpc(envelope(field(1, b"hi")), **{"x-note-bin": base64.b64encode(v.encode()).decode()}),
    "gRPC-web": lambda v: grpc(envelope(field(1, v.encode())), "application/grpc-web+proto"),
    "gRPC-web, trailers": lambda v: grpc(
        envelope(field(1, b"hi")) + envelope(f"x-note: {v}\r\n".encode(), 0x80), "application/grpc-web+proto"
    ),
    "gRPC-web, text": lambda v: grpc(base64.b64encode(envelope(field(1, v.encode()))), "application/grpc-web-text"),
    "gRPC-web, text in two": lambda v: grpc(
        base64.b64encode(envelope(field(1, b"hi"))) + base64.b64encode(envelope(field(1, v.encode()))),
        "application/grpc-web-text",
    ),
    "Connect, one": lambda v: grpc(field(1, v.encode()), "application/proto", **{"connect-protocol-version": "1"}),
    "Connect, JSON": lambda v: grpc(
        json.dumps({"a": v}).encode(), "application/json", **{"connect-protocol-version": "1"}
    ),
    "Connect, stream": lambda v: grpc(envelope(field(1, v.encode())), "application/connect+proto"),
    "Connect, end of stream": lambda v: grpc(
        envelope(field(1, b"hi")) + envelope(json.dumps({"metadata": {"note": [v]}}).encode(), 2),
        "application/connect+json",
    ),
    "Connect, gzip": lambda v: grpc(
        envelope(zipped_gzip(field(1, v.encode())), 1),
        "application/connect+proto",
        **{"connect-content-encoding": "gzip"},
    ),
    "Connect, in the query": lambda v: request(
        method="GET",
        host="api2.cursor.sh",
        path=f"/aiserver.v1.ChatService/Get?connect=v1&encoding=json&message={percent(json.dumps({'a': v}))}",
        kind="",
    ),
    "Connect, in the query as base64": lambda v: request(
        method="GET",
        host="api2.cursor.sh",
        path="/aiserver.v1.ChatService/Get?connect=v1&encoding=proto&base64=1&message="
        + base64.urlsafe_b64encode(field(1, v.encode())).decode(),
        kind="",
    ),
    "bare protobuf": lambda v: grpc(field(1, v.encode()), "application/x-protobuf"),
    "protobuf, groups": lambda v: grpc(b"\x0b" + field(2, v.encode()) + b"\x0c", "application/x-protobuf"),
    "protobuf, overlong varint": lambda v: grpc(
        b"\x0a" + bytes([0x80 | len(v), 0x80, 0]) + v.encode(), "application/x-protobuf"
    ),
    "protobuf as JSON": lambda v: grpc(field(1, v.encode()), "application/json"),
    "Thrift": lambda v: request(
        b"\x80\x01\0\x01\0\0\0\x01a\0\0\0\0\x0b\0\x01" + struct.pack("!I", len(v)) + v.encode() + b"\0",
        kind="application/x-thrift",
    ),
    "AWS events": lambda v: request(
        aws_event(json.dumps({"a": v}).encode()),
        host="bedrock-runtime.us-east-1.amazonaws.com",
        path="/model/x/invoke-with-bidirectional-stream",
        kind="application/vnd.amazon.eventstream",
    ),
    "AWS events, a header": lambda v: request(
        aws_event(b"{}", v.encode()),
        host="bedrock-runtime.us-east-1.amazonaws.com",
        path="/model/x/invoke-with-bidirectional-stream",
        kind="application/vnd.amazon.eventstream",
    ),
    "AWS events, a wrong checksum": lambda v: request(
        aws_event(json.dumps({"a": v}).encode())[:-1] + b"\0",
        host="bedrock-runtime.us-east-1.amazonaws.com",
        path="/model/x/invoke-with-bidirectional-stream",
        kind="application/vnd.amazon.eventstream",
    ),
    "AWS chunks, signed": lambda v: request(
        f"{len(body(v)):x};chunk-signature=0\r\n{body(v)}\r\n0;chunk-signature=0\r\n\r\n".encode(),
        headers={"content-encoding": "aws-chunked"},
    ),
}


def aws_event(payload: bytes, header: bytes = b"chunk") -> bytes:
    """A message of an AWS event stream (prelude, headers, payload, CRC-32s)."""
    headers = b"\x0b:event-type\x07" + struct.pack("!H", len(header)) + header
    prelude = struct.pack("!II", 16 + len(headers) + len(payload), len(headers))
    message = prelude + struct.pack("!I", zlib.crc32(prelude)) + headers + payload
    return message + struct.pack("!I", zlib.crc32(message))


@pytest.mark.parametrize("name", RPC)
def test_remote_procedures(name: str, attack: Attack) -> None:
    host = RPC[name]("x").split(b"host: ")[1].split(b"\r\n")[0].decode()  # type: ignore[union-attr]
    attack.leaves_not("key", RPC[name], host=host)


CONTROLS = {
    "multipart": multipart(part("hello"), part("world", 'form-data; name="file"; filename="a.txt"')),
    "form": form("a=1&b=two+words&c=%C3%A9"),
    "lines": request(b'{"a":1}\n{"a":2}\n', kind="application/x-ndjson"),
    "Connect, JSON": grpc(b'{"a": "hello"}', "application/json"),
    "no body": raw("POST /v1/chat/completions HTTP/1.1\nhost: api.openai.com\ncontent-length: 0"),
}


@pytest.mark.parametrize("name", CONTROLS)
def test_clean_arrives_whole(name: str, attack: Attack) -> None:
    attack.arrives_whole(CONTROLS[name], host=CONTROLS[name].split(b"host: ")[1].split(b"\r\n")[0].decode())


def test_chunks_of_one_byte_are_read_together(attack: Attack) -> None:
    attack.leaves_not(
        "mail",
        lambda v: raw(
            "POST /v1/chat/completions HTTP/1.1\nhost: api.openai.com\ncontent-type: application/json\n"
            "transfer-encoding: chunked",
            chunked(*(bytes([byte]) for byte in chat(f"write to {v}"))),
        ),
    )
