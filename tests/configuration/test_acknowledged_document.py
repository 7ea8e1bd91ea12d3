from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from promptguard.configuration.acknowledged_document import MAX_BYTES, read_document
from promptguard.errors import ConfigError
from promptguard.policy.acknowledging import Acknowledging
from promptguard.policy.schema import PolicyFile
from promptguard.typed_yaml.reading import YamlFile

POLICY = """version: "1"
acknowledgement: {document: DOCUMENT}
rules:
  - {id: rest, action: allow, reason: Fine.}
"""


def read(folder: Path, document: str, data: bytes | None) -> Any:
    (folder / "policy.yaml").write_text(POLICY.replace("DOCUMENT", document))
    if data is not None:
        (folder / document).write_bytes(data)
    file = YamlFile(folder / "policy.yaml")
    return read_document(folder, file, file.read_as(PolicyFile).acknowledgement)


def test_the_text_and_its_hash(tmp_path: Path) -> None:
    text = "Use AI with care. Fürs Haus.\n"
    document = read(tmp_path, "ai.md", text.encode())
    assert (document.text, document.sha256) == (text, hashlib.sha256(text.encode()).hexdigest())


def test_one_at_an_address_is_not_fetched(tmp_path: Path) -> None:
    terms = Acknowledging(document="https://example.com/policy", sha256="0" * 64)
    document = read_document(tmp_path, YamlFile.__new__(YamlFile), terms)
    assert document is not None and (document.address, document.sha256) == (terms.document, "0" * 64)
    assert read_document(tmp_path, YamlFile.__new__(YamlFile), Acknowledging()) is None


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (None, "it cannot be read"),
        (b"\xff\xfe\x00", "no text in UTF-8"),
        (b" \n", "it is empty, or longer"),
        (b"x" * (MAX_BYTES + 1), "it is empty, or longer"),
    ],
)
def test_what_is_no_document(tmp_path: Path, data: bytes | None, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem) as error:
        read(tmp_path, "ai.md", data)
    assert error.value.line == 2
