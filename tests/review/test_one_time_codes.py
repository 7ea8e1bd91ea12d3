import pyotp
import pytest

from promptguard.review.one_time_codes import CODE_SECONDS, OneTimeCodes

SECRET = "JBSWY3DPEHPK3PXP" * 2
NOW = 1_800_000_000
STEP = NOW // CODE_SECONDS


@pytest.fixture
def codes() -> OneTimeCodes:
    return OneTimeCodes(bytes(32), lambda: NOW)


@pytest.mark.parametrize(("offset", "known"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_by_a_step(codes: OneTimeCodes, offset: int, known: bool) -> None:
    code = pyotp.TOTP(SECRET).at(NOW + offset * CODE_SECONDS)
    found = codes.step(codes.sealed(SECRET), f"{code[:3]} {code[3:]}", 0)
    assert found == (STEP + offset if known else None)


def test_a_code_counts_once(codes: OneTimeCodes) -> None:
    assert codes.step(codes.sealed(SECRET), pyotp.TOTP(SECRET).at(NOW), STEP) is None


@pytest.mark.parametrize("secret", ["", "1", "no base 32!"])
def test_what_is_no_secret_has_no_codes(codes: OneTimeCodes, secret: str) -> None:
    assert codes.step_of(secret, "000000") is None


def test_a_secret_that_was_sealed_with_another_key_has_no_codes(codes: OneTimeCodes) -> None:
    other = OneTimeCodes(bytes(31) + b"1", lambda: NOW).sealed(SECRET)
    assert codes.step(other, pyotp.TOTP(SECRET).at(NOW), 0) is None


def test_where_there_is_no_secret_no_code_is_asked_for(codes: OneTimeCodes) -> None:
    assert codes.step(None, "", 7) == 7
