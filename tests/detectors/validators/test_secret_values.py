import base64
import random

import pytest

from promptguard.detectors.validators import secret_values as checks

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def random_text(size: int, seed: int = 1, alphabet: str = ALPHABET) -> str:
    return "".join(random.Random(seed).choices(alphabet, k=size))


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("hunter" + "2", True),
        ("sun" + "flower", True),
        ("$PASS", False),
        ("$(cat x)", False),
        ("<password>", False),
        ("PASSWORD", False),
        ("DB_PASSWORD", False),
        ("--user", False),
        ("8080:80", False),
        ("3306", False),
        ("/run/secrets/db", False),
        ("required", False),
        ("tiger", False),
    ],
)
def test_argument_password(value: str, found: bool) -> None:
    assert bool(checks.argument_password(value)) is found


@pytest.mark.parametrize(
    ("value", "quoted", "mixed"),
    [
        ("Kx9" + "vvTq", True, True),
        ("sun" + "flower", True, False),
        ("password", False, False),
        ("tiger", False, False),
    ],
)
def test_passwords_in_calls(value: str, quoted: bool, mixed: bool) -> None:
    assert (bool(checks.quoted_password(value)), bool(checks.mixed_password(value))) == (quoted, mixed)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("regen" + "bogen", True),
        ("post" + "gres", True),
        ("password", False),
        ("${PASS}", False),
        ("$1", False),
        ("<password>", False),
        ("****", False),
    ],
)
def test_url_password(value: str, found: bool) -> None:
    assert bool(checks.url_password(value)) is found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("ana:" + "s0mmer", True),
        ("user:password", False),
        ("$USER:$PASS", False),
        ("x7Kp" + "2qLm9v:", True),
        ("xxx:yyy", False),
        ("localhost:8443", False),
        (":", False),
    ],
)
def test_user_and_password(value: str, found: bool) -> None:
    assert bool(checks.user_and_password(value)) is found


@pytest.mark.parametrize(
    ("value", "found"),
    [("sun" + "flower", True), ("hunter" + "2", True), ("are", False), ("required", False), ("read/write", False)],
)
def test_account_password(value: str, found: bool) -> None:
    assert bool(checks.account_password(value)) is found


@pytest.mark.parametrize(
    ("value", "found"),
    [("Kowal" + "czyk", True), ("is required", False), ("the one that you chose", False), ("x", False)],
)
def test_security_answer(value: str, found: bool) -> None:
    assert bool(checks.security_answer(value)) is found


def test_vendor_values_are_longer_than_other_keys() -> None:
    assert checks.issued_key(random_text(12, 5))
    assert not checks.vendor_value(random_text(12, 5))
    assert checks.vendor_value(random_text(24, 5))


def test_pin_that_looks_like_a_year_scores_lower() -> None:
    assert checks.pin("4821") > checks.pin("1987") >= 0.4
