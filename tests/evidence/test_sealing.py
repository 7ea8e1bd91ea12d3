"""Sealing and opening: what is sealed, to whom, and where it opens."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from promptguard.evidence.excerpts import Excerpt
from promptguard.evidence.opening import NotOpened, open_evidence
from promptguard.evidence.sealing import EvidenceSealer, key_name, sealed_to

KEY, SECOND, STRANGER = (X25519PrivateKey.generate() for _ in range(3))
EXCERPTS = [Excerpt(0, "my password is ", "Tr0ub4dor", " żółć", 0), Excerpt(3, "\ud800", "x" * 300, "", 12)]
SEALER = EvidenceSealer([KEY.public_key(), SECOND.public_key()], "0a1b2c3d4e5f")
FILE = SEALER.seal("pg-1", EXCERPTS, left_out=2)


@pytest.mark.parametrize("key", [KEY, SECOND])
def test_each_of_the_keys_opens_it(key: X25519PrivateKey) -> None:
    opened = open_evidence(FILE, key)
    assert (opened.installation, opened.decision, opened.left_out) == ("0a1b2c3d4e5f", "pg-1", 2)
    assert list(opened.excerpts) == EXCERPTS


def test_nothing_of_it_can_be_read_and_no_two_are_alike() -> None:
    assert b"Tr0ub4dor" not in FILE
    assert b"password" not in FILE
    assert SEALER.seal("pg-1", EXCERPTS, left_out=2) != FILE


def test_it_says_to_which_keys_it_is_sealed() -> None:
    assert sealed_to(FILE) == [key_name(KEY.public_key()), key_name(SECOND.public_key())]
    assert sealed_to(b"{}") == []


def changed(**members: object) -> bytes:
    return json.dumps(json.loads(FILE) | members).encode()


def bent(place: int) -> bytes:
    """The file with one bit of the first excerpt turned over."""
    members = json.loads(FILE)
    sealed = members["findings"][0]["sealed"]
    raw = bytearray(base64.b64decode(sealed[key_name(KEY.public_key())]))
    raw[place] ^= 1
    sealed[key_name(KEY.public_key())] = base64.b64encode(raw).decode()
    return json.dumps(members).encode()


ELSEWHERE = json.loads(SEALER.seal("pg-2", EXCERPTS))["findings"]
FOREIGN = json.loads(EvidenceSealer([KEY.public_key()], "ffffffffffff").seal("pg-1", EXCERPTS))["findings"]
FINDINGS = json.loads(FILE)["findings"]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (changed(decision="pg-2"), "another decision"),
        (changed(installation="ffffffffffff"), "another decision or installation"),
        (changed(findings=ELSEWHERE), "another decision"),
        (changed(findings=[FINDINGS[0], ELSEWHERE[1]]), "another decision"),
        (changed(findings=FOREIGN), "another decision or installation"),
        (changed(findings=[FINDINGS[0] | {"finding": 3}]), "changed"),
        *((bent(place), "changed") for place in (0, 31, 32, 60, -1)),
        (changed(format="promptguard-evidence-9"), "no evidence"),
        (changed(findings=[{"finding": 0, "sealed": {key_name(KEY.public_key()): "?"}}]), "no evidence"),
        (changed(findings=7), "no evidence"),
        (FILE[:-9], "no evidence"),
        (b"", "no evidence"),
    ],
)
def test_what_was_changed_does_not_open_and_nothing_is_shown(file: bytes, said: str) -> None:
    with pytest.raises(NotOpened, match=said) as raised:
        open_evidence(file, KEY)
    assert "Tr0ub4dor" not in str(raised.value)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(NotOpened, match="not one that the evidence was sealed to"):
        open_evidence(FILE, STRANGER)
