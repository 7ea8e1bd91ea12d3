from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from tools.names.sources import Source, SourceError, read, sources

ROWS = [
    {"text": "L' Ucraina di Anna Roe , ( 1905 ) .", "lang": "it", "spans": [[14, 22, "PERSON"], [0, 10, "ORG"]]},
    {"text": "play Jane", "lang": "en", "spans": [[5, 9, "ARTIST"]]},
    {"text": "nothing", "lang": "en"},
]
SOURCE = Source("some.jsonl.gz", "", True, True, True, 1, 0, "CC0", "somebody", "https://example.com", "0")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    content = "".join(json.dumps(row) + "\n" for row in ROWS)
    (tmp_path / SOURCE.file).write_bytes(gzip.compress(content.encode(), mtime=0))
    return tmp_path


def recorded(folder: Path) -> Source:
    return replace(SOURCE, sha256=hashlib.sha256((folder / SOURCE.file).read_bytes()).hexdigest())


def test_texts_are_read_as_people_write_them(folder: Path) -> None:
    first, second, third = read(recorded(folder), [folder])
    assert first.text == "L'Ucraina di Anna Roe, (1905)."
    assert [first.text[start:end] for start, end, _ in first.labels] == ["Anna Roe"]
    assert second.labels == ((5, 9, "DOUBT"),)
    assert third.labels == ()


def test_places_of_the_news_teach_that_they_are_no_persons(folder: Path) -> None:
    row = {"text": "Ulm", "lang": "de", "spans": [[0, 3, "LOCATION"]]}
    (folder / SOURCE.file).write_bytes(gzip.compress(json.dumps(row).encode() + b"\n", mtime=0))
    (where,) = read(recorded(folder), [folder])
    (anywhere,) = read(replace(recorded(folder), places=False), [folder])
    assert (where.labels, anywhere.labels) == (((0, 3, "LOCATION"),), ((0, 3, "PLACE"),))


def test_some_of_the_texts_are_taken(folder: Path) -> None:
    assert [sample.language for sample in read(replace(recorded(folder), every=2), [folder])] == ["it", "en"]


def test_other_files_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"SHA-256 is .* and not"):
        list(read(SOURCE, [folder]))
    with pytest.raises(SourceError, match=r"comes from https://example\.com at 0"):
        list(read(SOURCE, [tmp_path / "nowhere"]))


def test_every_source_says_whose_it_is() -> None:
    listed = sources()
    assert len(listed) > 20
    assert all(each.licence and each.attribution and each.url.startswith("https://") for each in listed)
    assert all(len(each.sha256) == 64 for each in listed)
