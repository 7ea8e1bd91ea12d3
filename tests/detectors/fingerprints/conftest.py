from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from promptguard.detectors.fingerprints.registering import Fingerprinter
from promptguard.detectors.fingerprints.scheme import DOCUMENTS
from promptguard.detectors.fingerprints.store import Details, FingerprintStore, IndexEntry
from promptguard.model import DataClass

KEY = bytes(range(32))
SYLLABLES = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "chi", "dro", "ent", "ist")


def made_up(seed: int, characters: int) -> str:
    """Sentences of made-up words, the same for the same seed."""
    pick = random.Random(seed)
    sentences = []
    while sum(map(len, sentences)) < characters:
        words = ["".join(pick.choices(SYLLABLES, k=pick.randint(1, 4))) for _ in range(pick.randint(6, 18))]
        sentences.append(" ".join(words).capitalize() + ". ")
    return "".join(sentences)[:characters]


@pytest.fixture
def prose() -> Callable[[int, int], str]:
    return made_up


@pytest.fixture
def key() -> bytes:
    return KEY


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "documents.index"


@pytest.fixture
def store(path: Path) -> FingerprintStore:
    return FingerprintStore(path, KEY, DOCUMENTS)


@pytest.fixture
def entry() -> Callable[..., IndexEntry]:
    """Makes an entry out of a name and a text, or of fingerprints."""
    fingerprinter = Fingerprinter(DOCUMENTS, KEY)

    def make(name: str, content: str | list[int], *, boilerplate: bool = False) -> IndexEntry:
        values = fingerprinter(content) if isinstance(content, str) else np.array(sorted(content), dtype=np.uint64)
        details = Details(
            name, DataClass.CONFIDENTIAL_RECORDS, "2026-01-31T08:00:00Z", len(content), boilerplate=boilerplate
        )
        return IndexEntry(details, values)

    return make
