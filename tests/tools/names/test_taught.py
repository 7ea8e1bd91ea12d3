"""Labels recorded without their texts."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from tools.names.samples import Sample
from tools.names.sources import SourceError, sources

from tools.names import taught

TEXTS = [Sample("ask Jane Roe", ((4, 12, "PERSON"),), "en"), Sample("nichts", (), "de")]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(taught, "FOLDER", tmp_path)
    return tmp_path


def test_what_is_recorded_is_read_for_the_same_texts(folder: Path) -> None:
    file = taught.record("some.jsonl.gz", TEXTS, folder)
    bare = [Sample(sample.text, (), sample.language) for sample in TEXTS]
    read = taught.taught("some.jsonl.gz", bare)
    assert read == TEXTS
    assert [sample.language for sample in read] == ["en", "de"]
    assert b"Jane" not in gzip.decompress(file.read_bytes())


def test_recording_twice_gives_the_same_file(folder: Path) -> None:
    first = taught.record("some.jsonl.gz", TEXTS, folder).read_bytes()
    assert taught.record("some.jsonl.gz", TEXTS, folder).read_bytes() == first


@pytest.mark.parametrize(
    ("source", "message"),
    [("other.jsonl.gz", r"other\.json\.gz is missing\. .*names\.teacher"), ("some.jsonl.gz", "labels of other texts")],
)
def test_labels_of_other_texts_are_not_taken(folder: Path, source: str, message: str) -> None:
    taught.record("some.jsonl.gz", TEXTS, folder)
    with pytest.raises(SourceError, match=message):
        taught.taught(source, [Sample("another text")])


def test_each_source_without_labels_has_recorded_ones() -> None:
    folder = Path(taught.__file__).parent / "taught"
    recorded = {file.name.removesuffix(".json.gz") for file in folder.iterdir()}
    assert recorded == {source.file.removesuffix(".jsonl.gz") for source in sources() if not source.labels}
