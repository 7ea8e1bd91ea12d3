from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from promptguard.detectors.fingerprints import registering as module
from promptguard.detectors.fingerprints.plain_text import read_text
from promptguard.detectors.fingerprints.registering import Fingerprinter, Refused, name_documents, register_documents
from promptguard.detectors.fingerprints.scheme import DOCUMENTS
from promptguard.detectors.fingerprints.store import FingerprintStore
from promptguard.model import DataClass
from promptguard.reasons import Code, Reason

type Prose = Callable[[int, int], str]


@pytest.fixture
def fingerprinter(key: bytes) -> Fingerprinter:
    return Fingerprinter(DOCUMENTS, key)


@pytest.fixture
def folder(tmp_path: Path, prose: Prose) -> Path:
    root = tmp_path / "papers"
    for number, name in enumerate(("a.txt", "sub/a.txt", "sub/deep/b.txt", ".hidden", ".git/c.txt")):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(prose(number, 500))
    return root


def test_fingerprints_are_sorted_and_each_once(fingerprinter: Fingerprinter, prose: Prose) -> None:
    once = fingerprinter(prose(1, 2_000)).tolist()
    assert once == sorted(set(once)) != []
    assert set(once) <= set(fingerprinter(prose(1, 2_000) * 3).tolist())


@pytest.mark.parametrize("text", ["", "short", "0101 " * 200, "= - " * 500, "aaa bbb ccc " * 100])
def test_what_nothing_can_be_recognised_by(fingerprinter: Fingerprinter, text: str) -> None:
    assert not fingerprinter.long_enough(fingerprinter(text))


def test_names(folder: Path) -> None:
    assert [name for name, _ in name_documents([folder], None)] == ["a.txt", "sub/a.txt", "sub/deep/b.txt"]
    assert [name for name, _ in name_documents([folder / "a.txt", folder / ".hidden"], None)] == ["a.txt", ".hidden"]
    assert name_documents([folder / "a.txt", folder / "a.txt"], None) == [("a.txt", folder / "a.txt")]
    assert name_documents([folder / "sub/deep"], "plan") == [("plan", folder / "sub/deep/b.txt")]


def test_names_that_would_be_one(folder: Path) -> None:
    with pytest.raises(ValueError, match="both be called a"):
        name_documents([folder / "a.txt", folder / "sub"], None)
    with pytest.raises(ValueError, match="one name for 3 files"):
        name_documents([folder], "plan")


def test_documents_are_registered_and_the_others_refused(
    folder: Path, store: FingerprintStore, fingerprinter: Fingerprinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BATCH", 2)
    (folder / "b.bin").write_bytes(bytes(100))
    (folder / "c.txt").write_text("Too short.")
    files = [*name_documents([folder], None), ("gone.txt", folder / "gone.txt")]
    refused = list(register_documents(files, store, fingerprinter, read_text, data_class=DataClass.TENANT_DATA))
    assert refused == [
        Refused(folder / "b.bin", Reason(Code.TEXT_BINARY)),
        Refused(folder / "c.txt", Reason(Code.TEXT_TOO_SHORT)),
        Refused(folder / "gone.txt", Reason(Code.TEXT_NOT_READABLE, {"error": "No such file or directory"})),
    ]
    details = store.details()
    assert [(each.name, each.characters, each.data_class) for each in details] == [
        ("a.txt", 500, DataClass.TENANT_DATA),
        ("sub/a.txt", 500, DataClass.TENANT_DATA),
        ("sub/deep/b.txt", 500, DataClass.TENANT_DATA),
    ]
    assert not any(each.boilerplate for each in details)


def test_boilerplate_may_be_short(tmp_path: Path, store: FingerprintStore, fingerprinter: Fingerprinter) -> None:
    file = tmp_path / "footer.txt"
    file.write_text("For the addressee only. Registered in Leeds.")
    files = [("footer.txt", file)]
    data_class = DataClass.CONFIDENTIAL_RECORDS
    assert list(register_documents(files, store, fingerprinter, read_text, data_class=data_class)) != []
    assert (
        list(register_documents(files, store, fingerprinter, read_text, data_class=data_class, boilerplate=True)) == []
    )
    assert [each.boilerplate for each in store.details()] == [True]
