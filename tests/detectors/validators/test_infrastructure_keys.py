"""Keys of brokers and storage."""

import base64
import binascii
import random

import pytest

from promptguard.detectors.validators.registry import load_validators

DRAW = random.Random(5)


def seed(kind: int) -> str:
    """A NATS seed as nats-io/nkeys encodes it."""
    raw = bytes([18 << 3 | kind >> 5, (kind & 31) << 3]) + DRAW.randbytes(32)
    raw += binascii.crc_hqx(raw, 0).to_bytes(2, "little")
    return base64.b32encode(raw).decode().rstrip("=")


@pytest.mark.parametrize("kind", [20 << 3, 0, 14 << 3, 13 << 3, 2 << 3, 23 << 3])
def test_nats_seeds(kind: int) -> None:
    text = seed(kind)
    assert len(text) == 58
    assert load_validators()["nats_seed"](text) is True


def test_words_are_no_seed() -> None:
    assert load_validators()["nats_seed"]("SUPERCALIFRAGILISTICEXPIALIDOCIOUSSUPERCALIFRAGILISTICEXPI") is False


def test_truenas_keys() -> None:
    key = "".join(DRAW.choices("ABCDEFGHabcdefgh0123456789", k=64))
    assert load_validators()["truenas_key"](f"1-{key}") == 0.85
    assert load_validators()["truenas_key"](f"1-{key.lower()}") is False
