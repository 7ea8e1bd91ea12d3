import pytest

from promptguard.detectors.secrets.pass_words import is_any_pass, is_no_password


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
        "passwd: files systemd",
        "passwd:         sss files\n",
        "pass through: eth0",
        'pass "is no file";',
        "you can pass `{'x1': 2}` here",
        "must not pass x1",
        "Options to pass to update a `EndUser2Instance`",
        "if you pass <tt>true</tt>",
        "we'd pass <http2.Http2Server>",
        "pass a string to `send2`",
        "password\trequisite\tpam_deny.so",
        "password [success=1 default=ignore] pam_unix.so sha512",
    ],
)
def test_other_things(text: str) -> None:
    assert is_no_password(text, text.index("pass"))


@pytest.mark.parametrize(
    ("name", "other"),
    [("shadow_pass", True), ("on_pass", True), ("geometryPass", True), ("db_pass", False), ("sshPass", False),
     ("pass", False), ("password", False)],
)  # fmt: skip
def test_passes_of_renderers_and_builds(name: str, *, other: bool) -> None:
    assert is_any_pass(name) is other


@pytest.mark.parametrize(
    "text",
    [
        "PASS: Regen" + "bogen77",
        "PASS=0x7Kr@" + "ken",
        "pass: 47" + "11kurt",
        "pass 'Wint" + "er24!' to the login",
        "pass `x1y2`",
        "passwd: files7",
        "pass for the door is x1",
        "password 'x1y2' to log in",
        "password required: x1y2",
        "pass a: x1y2",
    ],
)
def test_passwords(text: str) -> None:
    assert not is_no_password(text, 0)
