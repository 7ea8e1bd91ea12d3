from __future__ import annotations

import gzip
import json
import struct
import zipfile
from pathlib import Path

from tools.names.messages import main


def catalogue(messages: dict[str, str]) -> bytes:
    """A catalogue as the GNU gettext manual describes it (section 10.3, The Format of GNU MO Files)."""
    pairs = sorted((key.encode(), value.encode()) for key, value in messages.items())
    tables, texts = [b"", b""], b""
    first = 28 + 16 * len(pairs)
    for which in (0, 1):
        for pair in pairs:
            tables[which] += struct.pack("<II", len(pair[which]), first + len(texts))
            texts += pair[which] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, first)
    return head + tables[0] + tables[1] + texts


def test_messages_are_written_without_translators(tmp_path: Path) -> None:
    head = "Content-Type: text/plain; charset=UTF-8\nLast-Translator: Jane Roe\n"
    with zipfile.ZipFile(tmp_path / "some.whl", "w") as wheel:
        for name, text in (("de", "Speichern"), ("pt_BR", "Salvar"), ("fi", "Tallenna")):
            content = catalogue({"": head, "menu\x04Save": text})
            wheel.writestr(f"some/locale/{name}/LC_MESSAGES/django.mo", content)
    main(tmp_path, tmp_path / "some.whl")
    rows = [json.loads(line) for line in gzip.decompress((tmp_path / "messages.jsonl.gz").read_bytes()).splitlines()]
    assert [(row["lang"], row["text"], row["spans"]) for row in rows] == [
        ("de", "Speichern", []),
        ("en", "Save", []),
        ("pt", "Salvar", []),
    ]
