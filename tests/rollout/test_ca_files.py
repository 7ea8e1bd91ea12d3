from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from mitmproxy.certs import CertStore

from promptguard.errors import PromptGuardError
from promptguard.rollout.ca import make_ca, rotate
from promptguard.rollout.ca_certificates import new_key, self_signed
from promptguard.rollout.ca_files import pem, read_authority
from promptguard.runtime.data_folder import DataFolder


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda path: path.unlink(), "There is no CA"),
        (lambda path: path.write_bytes(b"nothing of the kind"), "cannot be read as a key"),
        (lambda path: path.write_bytes(path.read_bytes()[:900]), "cannot be read as a key"),
        (lambda path: path.write_bytes(pem(new_key(), [self_signed(new_key())])), "not that of its key"),
    ],
)
def test_what_is_wrong_is_told_with_the_path(tmp_path: Path, change: Callable[[Path], object], told: str) -> None:
    folder = DataFolder(tmp_path)
    make_ca(folder)
    change(folder.ca_key)
    with pytest.raises(PromptGuardError, match=told) as caught:
        read_authority(folder)
    assert str(folder.ca) in str(caught.value)


def test_an_anchor_of_another_key_counts_for_nothing(tmp_path: Path) -> None:
    """So it is while a change was begun, and the key not yet written."""
    folder = DataFolder(tmp_path)
    certificate = make_ca(folder).read_bytes()
    (folder.ca / "anchor.pem").write_bytes(self_signed(new_key()).public_bytes(Encoding.PEM))
    assert read_authority(folder).anchor.public_bytes(Encoding.PEM) == certificate
    (folder.ca / "anchor.pem").write_bytes(b"torn")
    assert make_ca(folder).read_bytes() == certificate


def test_mitmproxy_reads_what_is_written(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    make_ca(folder)
    new = rotate(folder)
    store = CertStore.from_store(folder.ca, "mitmproxy", 2048)
    assert [each.to_cryptography() for each in store.default_chain_certs] == list(new.chain)


def test_a_company_may_have_put_a_ca_of_its_own_in_place(tmp_path: Path) -> None:
    """On an elliptic curve, as openssl(1) makes them too."""
    folder = DataFolder(tmp_path)
    make_ca(folder)
    key = ec.generate_private_key(ec.SECP256R1())
    own = self_signed(key)  # type: ignore[arg-type]
    folder.ca_key.write_bytes(pem(key, [own]))
    assert make_ca(folder).read_bytes() == own.public_bytes(Encoding.PEM)
    assert rotate(folder).before == own
