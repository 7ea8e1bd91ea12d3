import pytest

from promptguard.detectors.values import fingerprint, normalise, telling_words

KEY = b"k" * 32


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("4539 1488 0343 6467", "4539-1488-0343-6467"),
        ("Anna@Firma.DE", "anna@firma.de"),
        ("DE89 3704 0044 0532 0130 00", "de89370400440532013000"),
        ("Anna  Schmidt", "anna schmidt"),
        ("ＡＢＣ", "abc"),
        ("STRASSE", "straße"),
        ("+49 (30) 901820", "+4930901820"),
    ],
)
def test_same_value(first: str, second: str) -> None:
    assert normalise(first) == normalise(second)
    assert fingerprint(first, KEY) == fingerprint(second, KEY)


@pytest.mark.parametrize(
    ("first", "second"),
    [("anna-maria", "annamaria"), ("a.b@c.de", "ab@c.de"), ("1234", "12345"), ("+1 555", "1 555"), ("--", "")],
)
def test_different_values(first: str, second: str) -> None:
    assert fingerprint(first, KEY) != fingerprint(second, KEY)


def test_fingerprint_is_keyed_and_128_bits() -> None:
    assert fingerprint("anna", KEY) != fingerprint("anna", b"other")
    assert len(bytes.fromhex(fingerprint("anna", KEY))) == 16


def test_lone_surrogates_have_fingerprints() -> None:
    assert fingerprint("\ud800", KEY) != fingerprint("\ud801", KEY)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("and Tr0ub4 again", {"Tr0ub4"}),
        ("(see 'aB3x7'), \"q9-w8-e7\".", {"aB3x7", "q9-w8-e7"}),
        ("curl -u admin:S3cr3t!x host", {"admin:S3cr3t!x", "S3cr3t!x"}),
        ("plain words and Names only", set()),
        ("a1 b2c", set()),
        ("", set()),
    ],
)
def test_telling_words(text: str, words: set[str]) -> None:
    assert {text[start:end] for start, end in telling_words(text)} == words
