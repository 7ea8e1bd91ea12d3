"""Private keys without their first and last line."""

from collections.abc import Iterator
from itertools import product

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from promptguard.detectors.private_keys.bare import bare_keys
from promptguard.detectors.private_keys.detector import find_private_keys


def drawn() -> Iterator[list[str]]:
    """The lines of keys of all sorts, without the first and the last."""
    keys = [
        rsa.generate_private_key(65537, 2048),
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP521R1()),
        ed25519.Ed25519PrivateKey.generate(),
    ]
    for key, form in product(keys, (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL, PrivateFormat.OpenSSH)):
        if form is PrivateFormat.TraditionalOpenSSL and isinstance(key, ed25519.Ed25519PrivateKey):
            continue
        yield key.private_bytes(Encoding.PEM, form, NoEncryption()).decode().splitlines()[1:-1]
    yield keys[1].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")).decode().split()[4:-4]


KEYS = list(drawn())


@pytest.mark.parametrize("lines", KEYS, ids=range(len(KEYS)))
@pytest.mark.parametrize("end", ["\n", "\r\n", "\\n", "\n    ", '" +\n  "', "<br>", "\n> "], ids=repr)
def test_keys_are_found_whole(lines: list[str], end: str) -> None:
    key = end.join(lines)
    text = f"private_key: |\n  {key}\nrest of the text"
    start = text.index(key)
    assert list(bare_keys(text)) == [(start, start + len(key))]
    assert [(match.start, match.end) for match in find_private_keys(text)] == [(start, start + len(key))]


@pytest.mark.parametrize(
    "text",
    [
        "MIIB" + "x" * 20,
        "MIICljCCAX4CCQ" + "Dv5Kz0ZcKT7jANBgkqhkiG9w0BAQsFADANMQswCQYDVQQGEwJERTAeFw0yNDAx\nMTAxMjAwMDBaFw0y",
        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA" + "u1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt\n0gun",
        "MIDDLEWARECONFIGURATIONSERVICEIMPLEMENTATIONFACTORYPROVIDERANDMORE",
    ],
    ids=["short", "certificate", "public key", "words"],
)
def test_what_begins_alike(text: str) -> None:
    assert list(bare_keys(text)) == []
