from __future__ import annotations

import base64
from typing import Any

import pytest

from promptguard.destinations.carriers.media import find_encoded_file, read_text_file
from promptguard.errors import Unreadable

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(100))
ZIP = b"PK\x03\x04" + bytes(range(100))
TEXT = "Kundennummer: 4711, Grüße, und noch etwas mehr Text, damit es lang genug ist.\n"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("name", "value", "siblings", "said"),
    [
        ("url", f"data:image/png;base64,{b64(PNG)}", {}, "an image"),
        ("text", f"data:application/pdf;name=my.pdf;base64,{b64(b'%PDF-1.7 ...')}", {}, "a PDF document"),
        ("url", "data:image/png;base64,!!!", {}, "an image"),
        ("data", b64(PNG), {"mimeType": "image/png"}, "an image"),
        ("data", b64(bytes(range(256))), {"media_type": "audio/wav"}, "a sound"),
        ("data", b64(b"%PDF-1.4 only printable"), {"media_type": "application/pdf"}, "a PDF document"),
        ("data", b64(b"\0\1\2"), {"mime_type": "secret/hunter2"}, "a file of unknown type"),
        ("bytes", b64(ZIP), {}, "office document"),
        ("images", b64(PNG), None, "an image"),
        ("content", b64(ZIP), {"fileName": "x"}, "zip archive"),
        ("audio", b64(bytes(range(1, 200))), {"type": "input_audio_buffer.append"}, "unknown type"),
        ("data", base64.urlsafe_b64encode(PNG).decode().rstrip("="), {"mimeType": "image/png"}, "an image"),
        ("data", base64.encodebytes(PNG).decode(), {"mimeType": "image/png"}, "an image"),
    ],
)
def test_files_without_readable_text(name: str, value: str, siblings: dict[str, Any] | None, said: str) -> None:
    with pytest.raises(Unreadable, match=said) as caught:
        find_encoded_file(name, value, siblings)
    assert "hunter2" not in str(caught.value)


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
    ],
)
def test_text_files_are_read_and_encoded_again(name: str, value: str, siblings: dict[str, Any]) -> None:
    file = find_encoded_file(name, value, siblings)
    assert file is not None
    assert file.text == TEXT
    again = find_encoded_file(name, file.encode("[X] für alle " * 8), siblings)
    assert again is not None
    assert again.text == "[X] für alle " * 8
    assert again.prefix == file.prefix


@pytest.mark.parametrize("data", [PNG, ZIP, b"%PDF-1.4", b"{\\rtf1 hidden}", b"abc\0def", b"\xff\xfe\xfd"])
def test_files_that_are_not_text(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_text_file(data)
