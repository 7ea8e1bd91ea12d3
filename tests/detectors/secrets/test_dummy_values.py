import pytest

from promptguard.detectors.secrets.dummy_values import (
    entropy,
    is_code,
    is_counted_off,
    is_documentation_sample,
    is_masked,
    is_placeholder,
    is_sequence,
    reads_as_words,
    words,
)


@pytest.mark.parametrize(
    "text",
    [
        "your-api-key", "YOUR_TOKEN_HERE", "<token>", "${VAR}", "{{ secret }}", "#{secret}", "%(password)s", "$TOKEN",
        "%PASSWORD%", "changeme", "change_me", "null", "None", "true", "example-key", "xxxxxxxx", "****", "abc...",
        "foobar", "dummy", "TODO", "[REDACTED]", "placeholder", "!vault", "insert-key-here", "aaaaaaaa",
        "my_secret_token", "0x%04X:OK", "0x1f:OK", "12 FAIL: 3", "0x%08x:FAIL", "%d", "id=%u", "%@",
        "%-20s", "%.2f", "{password!r}", "{pw:>10}", "{cfg['pw']}", "$[variables.pw]", "u2026", "\\u2022\\u2022",
        "test1234", "demo_123", "hidden", "Remove" + "d", "insert-here",
    ],
)  # fmt: skip
def test_placeholders(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "hunter" + "2",
        "hidden" + "123",
        "insert" + "coin42",
        "{curly}" + "7x",
        "tester" + "1234",
        "kQ3vZ8xW1nT6yR0p",
        "S0mmer!regen",
        "tr0ub4dor&3",
        "Qmyexy81kLp0",
        "correct-horse-7",
    ],
)
def test_secrets_are_no_placeholders(text: str) -> None:
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    ["tokenizer.encode(x)", "os.environ", "Optional[str]", "self.token", "a->b", "Foo::BAR", "vault:kv/app", "lambda"],
)
def test_code(text: str) -> None:
    assert is_code(text)


@pytest.mark.parametrize("text", ["hunter2", "kQ3vZ8xW1nT6", "p4ss-w0rd", "abc.123-x7"])
def test_literals_are_no_code(text: str) -> None:
    assert not is_code(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234567890", True),
        ("abcdef123456", True),
        ("qwertyuiop", True),
        ("12345678-k3x9-2m7q-1234567890ab", False),
        ("k3n8abcx", False),
        ("", False),
    ],
)
def test_sequences(text: str, expected: bool) -> None:
    assert is_sequence(text) is expected


@pytest.mark.parametrize(("text", "bits"), [("", 0), ("aaaa", 0), ("abab", 1), ("abcd", 2)])
def test_entropy(text: str, bits: float) -> None:
    assert entropy(text) == pytest.approx(bits)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("camelCaseName2", ["camel", "case", "name", "2"]),
        ("HTTP_SERVER", ["http", "server"]),
        ("contraseña-x", ["contraseña", "x"]),
    ],
)
def test_words_of_names(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_masks_need_more_than_a_repetition_in_a_long_secret() -> None:
    assert is_masked("sk-xxxxxxxx")
    assert not is_masked("aab7c-d9e-ff2")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc123xyz-456def789", True),
        ("1111-2222-3333", True),
        ("987654-fedcba", True),
        ("a1b1c1d1e1f1", False),
        ("8c1f0e7d5b3a49268f7e", False),
        ("", False),
    ],
)
def test_counted_off(text: str, expected: bool) -> None:
    assert is_counted_off(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("refresh_token_rotation", True),
        ("getUserAuthenticationToken", True),
        ("kubernetes-cluster-autoscaler", True),
        ("RANDOMSTRINGHERE", True),
        ("benutzerkonto_verwaltung", True),
        ("kqzvxwnbtyrplsdf", False),
        ("tHeReSiNoToNeIn", False),
        ("the1re2si3no4to5ne", False),
        ("there", False),
        ("", False),
    ],
)
def test_words(text: str, expected: bool) -> None:
    assert reads_as_words(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AKIA" + "IOSFODNN7EXAMPLE", True),
        ("wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY", True),
        ("x" * 20 + "Example" + "x" * 20, True),
        ("AKIA" + "Q3EGRIGEXAMPLE2X", False),
    ],
)
def test_samples_of_documents(text: str, expected: bool) -> None:
    assert is_documentation_sample(text) is expected
