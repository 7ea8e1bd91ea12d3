"""The document that people acknowledge, read from the configuration folder."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from promptguard.policy.acknowledgements import Document
from promptguard.policy.acknowledging import Acknowledging
from promptguard.typed_yaml.reading import YamlFile

MAX_BYTES: Final = 500_000


def read_document(folder: Path, file: YamlFile, terms: Acknowledging) -> Document | None:
    """The document that `acknowledgement` of a policy names; None where it names none.

    Args:
        folder: where relative paths start.
        file: the policy, for errors.

    Raises:
        ConfigError: it cannot be read, is no text in UTF-8, is empty or too long.
    """
    if not terms.document:
        return None
    if terms.document.startswith("https://"):
        return Document(terms, terms.sha256)
    place = ("acknowledgement", "document")
    try:
        with (folder / terms.document).open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        text = data.decode("utf-8")
    except OSError as error:
        raise file.error(place, f"it cannot be read: {error.strerror}", "Name a text file.") from None
    except UnicodeDecodeError:
        raise file.error(
            place, "it is no text in UTF-8", "Save it as plain text or Markdown, or name its address."
        ) from None
    if not text.strip() or len(data) > MAX_BYTES:
        raise file.error(place, f"it is empty, or longer than {MAX_BYTES:,} bytes", "Name the text of your AI policy.")
    return Document(terms, hashlib.sha256(data).hexdigest(), text)
