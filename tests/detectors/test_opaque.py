from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Sequence

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from promptguard.detectors.opaque import (
    MAX_SMALL,
    MAX_SMALL_IN_ADDRESS,
    MAX_SMALL_WITHIN,
    is_opaque,
    opaque_texts,
    unknown_noise,
)
from promptguard.model import DataClass, Match, Nature, Role, Segment

BYTES = random.Random(7).randbytes(3_000)  # made anew each time
BASE64 = base64.b64encode(BYTES).decode()


def noise_in(segments: Sequence[Segment]) -> list[str]:
    """What nobody can read, where nothing is found."""
    return [
        segments[index].text[start:end]
        for index in opaque_texts(segments)
        for start, end in unknown_noise(segments[index], ())
    ]


def encoded(size: int) -> str:
    return base64.b64encode(BYTES[:size]).decode()


@pytest.mark.parametrize(
    "text",
    [
        BASE64,
        base64.urlsafe_b64encode(BYTES).decode().rstrip("="),
        base64.encodebytes(BYTES).decode(),
        BYTES.hex(),
        BYTES.hex().upper(),
        BYTES.decode("latin-1"),
        json.loads(json.dumps(BYTES[:200].decode("latin-1"))),
        "\x01\x02\x03\x04a" * 20,
        encoded(MAX_SMALL + 1),
        encoded(100),
        BYTES[: MAX_SMALL + 1].hex(),
        BYTES[:300].hex().upper(),
        f"see {BASE64} please",
        f"see {encoded(MAX_SMALL_WITHIN + 1)} please",
        f'data = "{BYTES[: MAX_SMALL_WITHIN + 1].hex()}"',
        f"here it is:\n{base64.encodebytes(BYTES[:700]).decode()}\nthanks",
        f"> {BYTES[:100].hex()}\n> {BYTES[100:200].hex()}\n> and so on",
        f"https://example.com/{encoded(2 * MAX_SMALL_IN_ADDRESS)}",
        json.dumps({"blob": encoded(400)}),
    ],
)
def test_bytes_are_no_text(text: str) -> None:
    (noise,) = noise_in([Segment((), "hello"), Segment((), text, label="payload")])
    assert len(noise) >= min(len(text), MAX_SMALL) and "hello" not in noise
    assert not noise_in([Segment((), text.replace(noise, " "), label="payload")]), "nothing else in it is noise"


@pytest.mark.parametrize("size", [MAX_SMALL + 1, 200, 700, 1_023, 20_000])
@pytest.mark.parametrize("write", [bytes.hex, lambda data: base64.b64encode(data).decode()])
def test_random_bytes_hardly_ever_pass_for_a_text(size: int, write: Callable[[bytes], str]) -> None:
    """Of 2,000 strings four at most: words, words of compression's dictionary, and first bytes come about by chance."""
    draw = random.Random(size).randbytes
    passed = sum(not is_opaque(Segment((), write(draw(size)))) for _ in range(2_000 if size < 2_000 else 200))
    assert passed <= 4


@pytest.mark.parametrize(
    "segment",
    [
        Segment((), "hello " * 1_000),
        Segment((), f"see {encoded(MAX_SMALL_WITHIN)} please"),
        Segment((), f"https://links.example.com/ls/click?upn={encoded(600).replace('/', '-').rstrip('=')}"),
        Segment((), json.dumps({"signature": encoded(512)})),
        Segment((), f"Set-Cookie: a={encoded(300)}; Path=/"),
        Segment((), f"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.{base64.urlsafe_b64encode(BYTES[:256]).decode()} "),
        Segment((), f"ssh-rsa {base64.b64encode(b'\0\0\0\x07ssh-rsa' + BYTES[:400]).decode()} me@home"),
        Segment((), "src/promptguard/wire/documents/AnInterfaceWithAVeryLongName/" * 8),
        Segment((), "aRatherLongNameOfAFunctionThatNobodyWouldWriteButSomeoneDoesAllTheSame" * 6),
        Segment((), " ".join(f"a word{chr(97 + n % 26)}{chr(97 + n % 7)} and Others" for n in range(200))),
        Segment((), base64.b64encode(b"hello, my dear friend " * 100).decode()),
        Segment((), base64.b64encode(b"\x89PNG\r\n" + BYTES).decode()),
        Segment((), base64.b64encode(b"\x30\x82" + BYTES).decode()),
        Segment((), encoded(MAX_SMALL)),
        Segment((), "internationalisation/of/everything/" * 100),
        Segment((), "\x1b[1mbold\x1b[0m\t" * 50),
        Segment((), "\ufffd\ufffdPNG text\x00\x01 and\ufffd" * 20),
        Segment((), BASE64, label="recaptchaToken"),
        Segment((), BASE64, nature=Nature.SEALED),
        Segment((), BASE64, nature=Nature.PROTOCOL),
        Segment((), BASE64, sealed_if_issued=True),
        Segment((), BASE64, Role.KEY),
    ],
)
def test_what_is_text_or_known(segment: Segment) -> None:
    assert not noise_in([segment])


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()])
@pytest.mark.parametrize("form", [PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8])
def test_keys_are_left_to_those_who_know_them(curve: ec.EllipticCurve, form: PrivateFormat) -> None:
    key = ec.generate_private_key(curve).private_bytes(Encoding.DER, form, NoEncryption())
    for text in (base64.b64encode(key).decode(), base64.encodebytes(key).decode(), key.hex()):
        assert not noise_in([Segment((), text)])


def test_what_is_known_is_no_noise() -> None:
    token = Segment((), encoded(200))
    (index,) = opaque_texts([token])
    assert index == 0
    assert not unknown_noise(token, [match(0, len(token.text))])
    assert not unknown_noise(token, [match(10, len(token.text)), match(4, 12)])
    assert unknown_noise(Segment((), token.text + BASE64), [match(0, len(token.text))])


def test_each_noise_among_words_is_told() -> None:
    text = f"first {BASE64} then {BYTES.hex()} and the end"
    assert noise_in([Segment((), text)]) == [BASE64, BYTES.hex()]


def match(start: int, end: int) -> Match:
    return Match(start, end, "API_KEY", 0.9, "rule", DataClass.CREDENTIALS)
