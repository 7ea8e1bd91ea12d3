from __future__ import annotations

import errno
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from promptguard.errors import PromptGuardError
from promptguard.rollout import ca, ca_files
from promptguard.rollout.ca import finish, make_ca, rotate
from promptguard.rollout.ca_files import read_authority, replace
from promptguard.runtime.data_folder import DataFolder


def test_a_ca_is_made_once_for_an_installation(tmp_path: Path) -> None:
    certificate = make_ca(DataFolder(tmp_path)).read_bytes()
    assert make_ca(DataFolder(tmp_path)).read_bytes() == certificate
    parsed = x509.load_pem_x509_certificate(certificate)
    assert "PromptGuard" in parsed.subject.rfc4514_string()
    assert b"PRIVATE" not in certificate
    assert make_ca(DataFolder(tmp_path / "other")).read_bytes() != certificate


def test_processes_that_begin_together_have_one_ca(tmp_path: Path) -> None:
    """Each has the certificate of the key that stays, and no drafts are left."""
    folder, together = DataFolder(tmp_path), threading.Barrier(8)

    def begin(_: int) -> bytes:
        together.wait()
        return make_ca(folder).read_bytes()

    with ThreadPoolExecutor(8) as threads:
        certificates = set(threads.map(begin, range(8)))
    assert len(certificates) == 1
    assert certificates.pop() in folder.ca_key.read_bytes()
    names = {path.name for path in folder.ca.iterdir()}
    assert not {name for name in names if name.startswith(".")}
    assert {"mitmproxy-ca-cert.cer", "mitmproxy-ca-cert.p12", "mitmproxy-ca-cert.pem"} <= names
    assert (folder.ca / "mitmproxy-ca-cert.pem").read_bytes() == folder.ca_certificate.read_bytes()


def test_a_file_system_without_hard_links_has_a_ca_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOTSUP, "no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    certificate = make_ca(DataFolder(tmp_path)).read_bytes()
    assert certificate in DataFolder(tmp_path).ca_key.read_bytes()
    assert make_ca(DataFolder(tmp_path)).read_bytes() == certificate


def test_the_certificate_is_that_of_the_key(tmp_path: Path) -> None:
    """Also where another one, or half of it, stands in its place."""
    folder = DataFolder(tmp_path)
    certificate = make_ca(folder).read_bytes()
    folder.ca_certificate.write_bytes(make_ca(DataFolder(tmp_path / "other")).read_bytes()[:100])
    assert make_ca(folder).read_bytes() == certificate


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_nobody_else_can_read_the_key_of_the_ca(tmp_path: Path) -> None:
    make_ca(DataFolder(tmp_path))
    assert (tmp_path / "ca").stat().st_mode & 0o077 == 0
    keys = [path for path in (tmp_path / "ca").iterdir() if b"PRIVATE KEY" in path.read_bytes()]
    assert keys and all(path.stat().st_mode & 0o077 == 0 for path in keys)


def test_a_new_ca_takes_the_place_of_the_old_one_with_an_overlap(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    old, old_key = make_ca(folder).read_bytes(), folder.ca_key.read_bytes()
    new = rotate(folder)
    assert make_ca(folder).read_bytes() == new.anchor.public_bytes(Encoding.PEM) != old
    assert [each.subject for each in new.chain] == [new.anchor.subject, x509.load_pem_x509_certificate(old).subject]
    private = old_key.partition(b"-----BEGIN CERTIFICATE")[0].strip()
    assert not [path for path in folder.ca.iterdir() if private in path.read_bytes()], "the old key is gone"
    done = finish(folder)
    assert done.chain == (new.anchor,)
    assert make_ca(folder).read_bytes() == new.anchor.public_bytes(Encoding.PEM)
    with pytest.raises(PromptGuardError, match="no overlap"):
        finish(folder)


def test_laptops_that_missed_two_changes_are_served_too(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    first = x509.load_pem_x509_certificate(make_ca(folder).read_bytes())
    second = rotate(folder)
    third = rotate(folder)
    assert [each.issuer for each in third.chain] == [second.anchor.subject, first.subject, first.subject]


@pytest.mark.parametrize("written", range(8), ids=lambda count: f"after {count} files")
def test_a_second_change_that_ends_midway_leaves_one_ca_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    """The one before or the new one, with the self-signed certificate of its key, whichever file was the last."""
    folder = DataFolder(tmp_path)
    make_ca(folder)
    before = rotate(folder)
    left = iter(range(written))

    def until_then(path: Path, content: bytes, mode: int) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        replace(path, content, mode)

    for module in (ca, ca_files):
        monkeypatch.setattr(module, "replace", until_then)
    with suppress(KeyboardInterrupt):
        rotate(folder)
    monkeypatch.undo()
    found = read_authority(folder)
    assert found.anchor.issuer == found.anchor.subject == found.chain[0].subject
    assert (found.anchor == before.anchor) == (written < 2), "the key is the second of them"
    assert make_ca(folder).read_bytes() == found.anchor.public_bytes(Encoding.PEM)
    assert finish(folder).anchor == found.anchor


def test_a_key_that_others_have_is_left_without_an_overlap(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    make_ca(folder)
    new = rotate(folder, overlap=False)
    assert new.chain == (new.anchor,) and new.before is None


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_the_new_key_is_as_hidden_as_the_old_one(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    make_ca(folder)
    rotate(folder)
    test_nobody_else_can_read_the_key_of_the_ca(tmp_path)
