from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder

from promptguard.files.signed import signed_content

WORDS = b"Content-Type: text/plain\r\n\r\nthe wifi word is pelican\r\n"
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
DATA = bytes.fromhex("06092a864886f70d010701")


def der(tag: int, *contents: bytes) -> bytes:
    """An element of a definite length."""
    content = b"".join(contents)
    size = len(content)
    length = bytes([size]) if size < 0x80 else bytes([0x82]) + size.to_bytes(2)
    return bytes([tag]) + length + content


def ber(tag: int, *contents: bytes) -> bytes:
    """An element that ends with a mark, as mail programs stream it."""
    return bytes([tag, 0x80]) + b"".join(contents) + b"\0\0"


def octets(content: bytes, size: int) -> bytes:
    return b"".join(der(0x04, content[at : at + size]) for at in range(0, len(content), size))


def message(inner: bytes, *, kind: bytes = SIGNED_DATA) -> bytes:
    return der(0x30, kind, der(0xA0, der(0x30, der(0x02, b"\1"), der(0x31), inner, der(0x31))))


def library_message(options: list[PKCS7Options]) -> bytes:
    """A message as the `cryptography` library signs it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a")])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    certificate = builder.sign(key, hashes.SHA256())
    signed = PKCS7SignatureBuilder().set_data(WORDS).add_signer(certificate, key, hashes.SHA256())
    return signed.sign(Encoding.DER, options)


@pytest.mark.parametrize(
    "data",
    [
        message(der(0x30, DATA, der(0xA0, der(0x04, WORDS)))),
        message(der(0x30, DATA, der(0xA0, der(0x24, octets(WORDS, 7))))),
        message(ber(0x30, DATA, ber(0xA0, ber(0x24, octets(WORDS, 20))))),
        ber(
            0x30,
            SIGNED_DATA,
            ber(0xA0, ber(0x30, der(0x02, b"\1"), der(0x31), ber(0x30, DATA, ber(0xA0, ber(0x24, octets(WORDS, 5)))))),
        ),
        library_message([PKCS7Options.Binary]),
    ],
    ids=["DER", "pieces", "BER within DER", "BER", "signed by a library"],
)
def test_what_was_signed(data: bytes) -> None:
    assert signed_content(data) == WORDS


@pytest.mark.parametrize(
    "data",
    [
        message(der(0x30, DATA)),
        library_message([PKCS7Options.Binary, PKCS7Options.DetachedSignature]),
        message(der(0x30, DATA, der(0xA0, der(0x04, WORDS))), kind=bytes.fromhex("06092a864886f70d010703")),
        der(0x30),
        der(0x30, SIGNED_DATA),
    ],
    ids=["detached", "detached by a library", "enveloped", "nothing", "no content"],
)
def test_content_that_stands_elsewhere_or_is_encrypted(data: bytes) -> None:
    assert signed_content(data) is None


@pytest.mark.parametrize("data", [b"", b"\x30", b"\x30\x80" * 500, b"\x30\x80\x04\x01"])
def test_damaged_messages(data: bytes) -> None:
    with pytest.raises((IndexError, RecursionError)):
        signed_content(data)
