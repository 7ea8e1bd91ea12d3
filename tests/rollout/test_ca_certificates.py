"""Certificates of CAs, judged by OpenSSL in a handshake: who trusts what, and what it does not let be signed."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from mitmproxy.certs import dummy_cert

from promptguard.rollout.ca_certificates import new_key, self_signed, signed_by_older
from promptguard.rollout.ca_files import pem

OLD_KEY, KEY = new_key(), new_key()


def refused(
    folder: Path, key: rsa.RSAPrivateKey, chain: Sequence[x509.Certificate], trusted: x509.Certificate, *names: str
) -> str:
    """What a client says to a server with a certificate for `names`; the first is asked for. Empty if it agrees."""
    leaf = dummy_cert(key, chain[0], names[0], [x509.DNSName(name) for name in names]).to_cryptography()
    (folder / "server.pem").write_bytes(pem(key, [leaf, *chain]))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "server.pem")
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.verify_flags |= ssl.VerifyFlags.VERIFY_X509_STRICT
    client.load_verify_locations(cadata=trusted.public_bytes(Encoding.PEM).decode())
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [
        client.wrap_bio(down, up, server_hostname=names[0]),
        server.wrap_bio(up, down, server_side=True),
    ]
    for _ in range(4):
        for side in sides:
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError as error:
                return error.verify_message
    return ""


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["api.openai.com"], ""),
        (["deep.below.openai.com"], ""),
        (["mail.example.com"], "permitted subtree violation"),
        (["api.openai.com", "mail.example.com"], "permitted subtree violation"),
        (["openai.com.evil.example"], "permitted subtree violation"),
    ],
)
def test_a_constrained_ca_signs_for_its_names_alone(tmp_path: Path, names: list[str], told: str) -> None:
    constrained = self_signed(KEY, ["openai.com", "claude.ai"])
    assert told in refused(tmp_path, KEY, [constrained], constrained, *names)
    assert bool(told) == bool(refused(tmp_path, KEY, [constrained], constrained, *names))
    free = self_signed(KEY)
    assert refused(tmp_path, KEY, [free], free, *names) == ""


def test_whoever_trusts_either_is_served_during_an_overlap(tmp_path: Path) -> None:
    old, new = self_signed(OLD_KEY), self_signed(KEY)
    chain = [signed_by_older(new, KEY, old, OLD_KEY), old]
    assert refused(tmp_path, KEY, chain, old, "api.openai.com") == ""
    assert refused(tmp_path, KEY, chain, new, "api.openai.com") == ""
    stranger = self_signed(new_key())
    assert refused(tmp_path, KEY, chain, stranger, "api.openai.com")
    assert refused(tmp_path, KEY, [new], old, "api.openai.com"), "it is the older one's signature that does it"


def test_constraints_of_the_new_one_hold_for_those_that_trust_the_old_one(tmp_path: Path) -> None:
    old, new = self_signed(OLD_KEY), self_signed(KEY, ["openai.com"])
    chain = [signed_by_older(new, KEY, old, OLD_KEY), old]
    assert refused(tmp_path, KEY, chain, old, "api.openai.com") == ""
    assert "permitted subtree" in refused(tmp_path, KEY, chain, old, "mail.example.com")


def test_no_two_have_the_same_name() -> None:
    names = {self_signed(key).subject.rfc4514_string() for key in (OLD_KEY, KEY)}
    assert len(names) == 2 and all("PromptGuard CA" in name for name in names)


def test_a_signature_by_the_older_one_ends_with_it() -> None:
    old, new = self_signed(OLD_KEY), self_signed(KEY)
    cross = signed_by_older(new, KEY, old, OLD_KEY)
    assert cross.not_valid_after_utc == min(old.not_valid_after_utc, new.not_valid_after_utc)
    assert cross.subject == new.subject and cross.issuer == old.subject
