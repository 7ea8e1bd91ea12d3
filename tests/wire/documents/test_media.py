from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from promptguard.errors import Unreadable
from promptguard.wire.documents.media import (
    BinaryFile,
    EncodedFile,
    data_url_parameters,
    find_encoded_file,
    text_of_file,
)

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(100))
ZIP = b"PK\x03\x04" + bytes(range(100))
MAIL = b"From: jo@example.org\r\nMIME-Version: 1.0\r\n\r\nhello"
TEXT = "Kundennummer: 4711, Grüße, und noch etwas mehr Text, damit es lang genug ist.\n"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("name", "value", "siblings", "data", "media_type"),
    [
        ("url", f"data:image/png;base64,{b64(PNG)}", {}, PNG, "image/png"),
        (
            "text",
            f"data:application/pdf;name=my.pdf;base64,{b64(b'%PDF-1.7 ...')}",
            {},
            b"%PDF-1.7 ...",
            "application/pdf",
        ),
        ("data", b64(PNG), {"mimeType": "image/png"}, PNG, "image/png"),
        ("data", b64(bytes(range(256))), {"media_type": "audio/wav"}, bytes(range(256)), "audio/wav"),
        (
            "data",
            b64(b"%PDF-1.4 only printable"),
            {"media_type": "text/plain"},
            b"%PDF-1.4 only printable",
            "text/plain",
        ),
        ("data", b64(b"\0\1\2"), {"mime_type": "Secret/Hunter2; q=1"}, b"\0\1\2", "secret/hunter2"),
        ("bytes", b64(ZIP), {}, ZIP, ""),
        ("images", b64(PNG), None, PNG, ""),
        ("content", b64(ZIP), {"fileName": "x"}, ZIP, ""),
        ("audio", b64(bytes(range(1, 200))), {"type": "input_audio_buffer.append"}, bytes(range(1, 200)), ""),
        ("data", base64.urlsafe_b64encode(PNG).decode().rstrip("="), {"mimeType": "image/png"}, PNG, "image/png"),
        ("data", base64.encodebytes(PNG).decode(), {"mimeType": "image/png"}, PNG, "image/png"),
        ("data", b64(MAIL), {"mimeType": "text/plain"}, MAIL, "text/plain"),
        ("data", b64(TEXT.encode("cp1252")), {"mimeType": "application/octet-stream"}, TEXT.encode("cp1252"), None),
    ],
)
def test_files_whose_text_has_to_be_taken_out(
    name: str, value: str, siblings: dict[str, Any] | None, data: bytes, media_type: str | None
) -> None:
    file = find_encoded_file(name, value, siblings)
    assert isinstance(file, BinaryFile)
    assert (file.data, file.media_type) == (data, "application/octet-stream" if media_type is None else media_type)


@pytest.mark.parametrize("key", ["filename", "file_name", "fileName", "title"])
def test_the_name_of_a_file_stands_beside_it(key: str) -> None:
    file = find_encoded_file("data", b64(PNG), {"mimeType": "image/png", key: "x.png"})
    assert isinstance(file, BinaryFile)
    assert file.name == "x.png"


def test_a_data_url_that_is_no_base64() -> None:
    with pytest.raises(Unreadable, match=r"file\.bad_base64") as caught:
        find_encoded_file("url", "data:image/hunter2;base64,!!!", {})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("data:application/pdf;name=my.pdf;base64,AAAA", "name=my.pdf"),
        ("data:application/pdf;base64,AAAA", ""),
        ("https://example.org/", ""),
    ],
)
def test_parameters_of_data_urls(value: str, said: str) -> None:
    assert data_url_parameters(value) == said


@pytest.mark.parametrize(
    ("name", "value", "siblings"),
    [
        ("content", "hello", {"format": "plain"}),
        ("content", "a" * 100, {}),
        ("data", "test", {}),
        ("data", "test", {"mime_type": "text/plain"}),
        ("data", "just plain text", {"type": "text", "media_type": "text/plain"}),
        ("data", "0123456789abcdef" * 8, {}),
        ("url", "https://example.org/image.png", {"mime_type": "image/png"}),
        ("text", b64(PNG), {}),
        ("url", "data:text/plain,hello%20world", {}),
    ],
)
def test_plain_text(name: str, value: str, siblings: dict[str, Any] | None) -> None:
    assert find_encoded_file(name, value, siblings) is None


@pytest.mark.parametrize(
    ("name", "value", "siblings"),
    [
        ("data", b64(TEXT.encode()), {"mimeType": "text/plain"}),
        ("data", b64(TEXT.encode()), {"mimeType": "application/octet-stream"}),
        ("file_data", f"data:text/csv;base64,{b64(TEXT.encode())}", {}),
        ("FileBase64", b64(TEXT.encode()), {}),
        ("data", b64(TEXT.encode("utf-16")), {"mimeType": "text/plain"}),
        ("data", base64.urlsafe_b64encode(TEXT.encode()).decode(), {"mimeType": "text/plain"}),
        ("content", b64(TEXT.encode()), {"fileName": "a.txt", "fileMimeType": "text/plain"}),
        ("content", base64.encodebytes(TEXT.encode()).decode(), {"filename": "a.txt"}),
        ("blob", b64(TEXT.encode()), {"uri": "file:///a.txt", "mimeType": "text/plain"}),
        ("contentBytes", b64(TEXT.encode()), {}),
    ],
)
def test_text_files_are_read_and_encoded_again(name: str, value: str, siblings: dict[str, Any]) -> None:
    file = find_encoded_file(name, value, siblings)
    assert isinstance(file, EncodedFile)
    assert file.text == TEXT
    again = find_encoded_file(name, file.encode("[X] für alle " * 8), siblings)
    assert isinstance(again, EncodedFile)
    assert again.text == "[X] für alle " * 8
    assert again.prefix == file.prefix


@pytest.mark.parametrize(
    "data",
    [
        b"Grace, 4711",
        b"Gr\xc3\xbc\xc3\x9fe, no padding",
        b"\xef\xbb\xbfwith a mark, and some text",
        TEXT.encode("utf-16"),
    ],
)
@pytest.mark.parametrize(
    "style", [b64, base64.encodebytes, base64.urlsafe_b64encode, lambda data: b64(data).rstrip("=")]
)
def test_an_unchanged_file_is_encoded_as_it_was(data: bytes, style: Callable[[bytes], str | bytes]) -> None:
    written = style(data * 9)
    value = written if isinstance(written, str) else written.decode()
    file = find_encoded_file("data", value, {"mimeType": "text/plain"})
    assert isinstance(file, EncodedFile)
    assert file.encode(file.text) == value


@pytest.mark.parametrize(
    "data", [PNG, ZIP, b"%PDF-1.4", b"{\\rtf1 hidden}", b"abc\0def", b"\xff\xfe\xfd", b"Gr\xfc\xdfe", MAIL]
)
def test_files_that_are_not_text(data: bytes) -> None:
    assert text_of_file(data) is None


def test_an_unknown_charset_is_not_guessed() -> None:
    with pytest.raises(Unreadable, match=r"charset\.unknown"):
        text_of_file(b"+AGE-", "utf-7")
