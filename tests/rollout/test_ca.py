from __future__ import annotations

import os
from pathlib import Path

import pytest
from cryptography import x509

from promptguard.rollout.ca import make_ca
from promptguard.runtime.data_folder import DataFolder


def test_a_ca_is_made_once_for_an_installation(tmp_path: Path) -> None:
    certificate = make_ca(DataFolder(tmp_path)).read_bytes()
    assert make_ca(DataFolder(tmp_path)).read_bytes() == certificate
    parsed = x509.load_pem_x509_certificate(certificate)
    assert "PromptGuard" in parsed.subject.rfc4514_string()
    assert b"PRIVATE" not in certificate
    assert make_ca(DataFolder(tmp_path / "other")).read_bytes() != certificate


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_nobody_else_can_read_the_key_of_the_ca(tmp_path: Path) -> None:
    make_ca(DataFolder(tmp_path))
    assert (tmp_path / "ca").stat().st_mode & 0o077 == 0
    keys = [path for path in (tmp_path / "ca").iterdir() if b"PRIVATE KEY" in path.read_bytes()]
    assert keys and all(path.stat().st_mode & 0o077 == 0 for path in keys)
