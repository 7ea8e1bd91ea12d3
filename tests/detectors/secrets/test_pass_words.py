import pytest

from promptguard.detectors.secrets.pass_words import is_no_password


@pytest.mark.parametrize(
    "text",
    [
        "PASS:0x1f",
        "PASS: 0xdeadbeef",
        "PASS: 12 FAIL: 3",
        "PASSED: 12 tests",
        "PASS: gcc.dg/pr1234-2.c (test for excess errors)",
        "PASS: suite::case_2",
        "PASS: libfoo1.2-test.sh: 3 checks",
        "PASS = TestLogin2",
        "pass `x` as the argument",
        "Pass 'a1b2' to the function",
        'passing "x2y3" in the header',
        "pass 'key=v1', instead",
    ],
)
def test_verdicts_and_arguments(text: str) -> None:
    assert is_no_password(text, 0)


@pytest.mark.parametrize(
    "text",
    [
        "PASS: Regen" + "bogen77",
        "PASS=0x7Kr@" + "ken",
        "pass: 47" + "11kurt",
        "pass 'Wint" + "er24!' to the login",
        "pass `x1y2`",
        "password 'x1y2' to log in",
    ],
)
def test_passwords(text: str) -> None:
    assert not is_no_password(text, 0)
