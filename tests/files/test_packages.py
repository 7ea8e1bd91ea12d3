from __future__ import annotations

import io
import struct
import warnings
import zipfile

import pytest

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead
from promptguard.files.packages import Package
from samples import office


def test_members_by_name() -> None:
    package = Package(office.zipped({"a/b.xml": "one", "c": "two"}), Extraction(1))
    assert list(package) == ["a/b.xml", "c"]
    assert "c" in package and "d" not in package
    assert package.read("a/b.xml") == b"one"


def test_encrypted_members() -> None:
    data = bytearray(office.zipped({"a": "b"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    with pytest.raises(CannotRead, match=r"file\.encrypted"):
        Package(bytes(data), Extraction(1))


def test_two_members_of_one_name() -> None:
    out = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", "clean")
        archive.writestr("a", "secret")
    with pytest.raises(CannotRead, match=r"file\.duplicate_member"):
        Package(out.getvalue(), Extraction(1))


def test_a_bomb_is_not_unpacked_whole() -> None:
    package = Package(office.zipped({"bomb": bytes(50_000_000)}), Extraction(1))
    with pytest.raises(CannotRead, match=r"file\.too_much_unpacked"):
        package.read("bomb")


def test_a_size_that_is_a_lie() -> None:
    data = bytearray(office.zipped({"bomb": bytes(50_000_000)}))
    entry = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, entry + 24, 10)
    package = Package(bytes(data), Extraction(1))
    with pytest.raises((CannotRead, zipfile.BadZipFile)):
        package.read("bomb")
