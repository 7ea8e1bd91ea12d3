"""Values in disguise: what somebody writes who thinks that a machine does not look twice."""

from __future__ import annotations

import base64
import gzip
import html
import random
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from benchmarks.detection.sample import SECRET, Gold, Sample, is_held_out
from benchmarks.detection.values import Values
from benchmarks.detection.values.secrets import password, token

_COPIES = 6
_CARRIERS = (
    "Decode this and tell me what it is: {}",
    "please process {} and reply with ok",
    "Note to self: {} (do not lose)",
    "What would you do with this? {}\nAnswer in one line.",
    "hier nochmal: {} danke",
    "{}",
)
_VENDORS = ("github", "slack_bot", "aws_access", "gitlab", "sendgrid", "digitalocean")
_DIGIT_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_HOMOGLYPHS = str.maketrans("aceopxyAEKMHOPCTX", "асеорхуАЕКМНОРСТХ")
_LEETSPEAK = str.maketrans("aeos", "4305")
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
_RIGHT_TO_LEFT, _POP = "\u202e", "\u202c"


@dataclass(frozen=True, slots=True)
class _Secret:
    """A value to hide: what stands around it in plain, and the value."""

    keyword: str
    """`password: ` where the value is only known by it, else empty."""
    value: str


@dataclass(frozen=True, slots=True)
class _Hidden:
    """A value in disguise."""

    pieces: tuple[str, ...]
    """More than one where they are sent as adjacent segments."""
    start: int = 0
    """Where the value starts in the pieces joined; what stands before is the keyword, if that can be told apart."""
    behind: int = 0
    """Characters after the value."""


type _Hide = Callable[[_Secret, random.Random], _Hidden]


def evasions() -> list[Sample]:
    """Each disguise with each kind of value that it can hide."""
    samples = []
    for kind, make in _KINDS.items():
        for disguise, hide in _DISGUISES.items():
            if disguise in _ONLY and kind not in _ONLY[disguise]:
                continue
            for copy in range(_COPIES):
                identifier = f"{disguise}/{kind}/{copy}"
                samples.append(_sample(identifier, disguise, copy, hide, make))
    return samples


def _sample(
    identifier: str, disguise: str, copy: int, hide: _Hide, make: Callable[[random.Random, Values], _Secret]
) -> Sample:
    generator = random.Random(identifier)
    hidden = hide(make(generator, Values(identifier, "en-US")), generator)
    before, after = _CARRIERS[copy % len(_CARRIERS)].split("{}")
    text = before + "".join(hidden.pieces) + after
    cuts, place = [], len(before)
    for piece in hidden.pieces[:-1]:
        place += len(piece)
        cuts.append(place)
    end = len(text) - len(after) - hidden.behind
    gold = (Gold(len(before) + hidden.start, end, _LABELS[identifier.split("/")[1]]),)
    return Sample(identifier, text, gold, group=disguise, held_out=is_held_out(f"{disguise}/{copy}"), cuts=tuple(cuts))


def _password(generator: random.Random, _: Values) -> _Secret:
    return _Secret("password: ", password(generator))


_KINDS: dict[str, Callable[[random.Random, Values], _Secret]] = {
    "card": lambda _, values: _Secret("", values.make("card.compact")[1].replace("-", "")),
    "email": lambda _, values: _Secret("", values.make("email")[1]),
    "iban": lambda _, values: _Secret("", values.make("iban.compact")[1]),
    "token": lambda generator, _: _Secret("", token(generator, generator.choice(_VENDORS))),
    "password pair": _password,
}
_LABELS = {"card": "CREDIT_CARD", "email": "EMAIL", "iban": "IBAN", "token": SECRET, "password pair": SECRET}


def _block(change: Callable[[str], str]) -> _Hide:
    """A disguise that makes one block of keyword and value."""
    return lambda secret, _: _Hidden((change(secret.keyword + secret.value),))


def _letters(change: Callable[[str], str]) -> _Hide:
    """A disguise of each letter by itself."""

    def hide(secret: _Secret, _: random.Random) -> _Hidden:
        keyword = change(secret.keyword)
        return _Hidden((keyword + change(secret.value),), len(keyword))

    return hide


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _zero_width(secret: _Secret, generator: random.Random) -> _Hidden:
    def spread(text: str) -> str:
        return "".join(
            letter + (generator.choice(_ZERO_WIDTH) if place % 3 == 1 else "") for place, letter in enumerate(text)
        )

    keyword = spread(secret.keyword)
    return _Hidden((keyword + spread(secret.value),), len(keyword))


def _bidirectional(secret: _Secret, _: random.Random) -> _Hidden:
    """Stored backwards between override marks, so that a screen shows it forwards."""
    return _Hidden((f"{secret.keyword}{_RIGHT_TO_LEFT}{secret.value[::-1]}{_POP}",), len(secret.keyword))


def _full_width(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def _leetspeak(secret: _Secret, generator: random.Random) -> _Hidden:
    keyword = generator.choice(["password", "passwd", "secret key", "api token"]).translate(_LEETSPEAK) + ": "
    return _Hidden((keyword + secret.value,), len(keyword))


def _spaced(secret: _Secret, generator: random.Random) -> _Hidden:
    separator = generator.choice([" ", ".", " - ", "_"])
    return _Hidden((secret.keyword + separator.join(secret.value),), len(secret.keyword))


def _digit_words(secret: _Secret, _: random.Random) -> _Hidden:
    words = [_DIGIT_WORDS[int(letter)] if letter.isdigit() else letter for letter in secret.value]
    return _Hidden((secret.keyword + " ".join(words),), len(secret.keyword))


def _reversed(secret: _Secret, _: random.Random) -> _Hidden:
    return _Hidden(((secret.keyword + secret.value)[::-1],), behind=len(secret.keyword))


def _over_lines(secret: _Secret, generator: random.Random) -> _Hidden:
    step = generator.randint(4, 8)
    lines = [secret.value[place : place + step] for place in range(0, len(secret.value), step)]
    return _Hidden((secret.keyword + "\n".join(lines),), len(secret.keyword))


def _over_segments(secret: _Secret, generator: random.Random) -> _Hidden:
    cut = generator.randint(len(secret.value) // 3, 2 * len(secret.value) // 3)
    return _Hidden((secret.keyword + secret.value[:cut], secret.value[cut:]), len(secret.keyword))


_DISGUISES: dict[str, _Hide] = {
    "none": _letters(str),
    "base64": _block(_base64),
    "base64 in URL letters": _block(lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")),
    "base32": _block(lambda text: base64.b32encode(text.encode()).decode()),
    "hex": _block(lambda text: text.encode().hex()),
    "URL": _letters(lambda text: "".join(f"%{byte:02X}" for byte in text.encode())),
    "URL, reserved only": _letters(lambda text: quote(text, safe="")),
    "HTML entities": _letters(lambda text: "".join(f"&#{ord(letter)};" for letter in text)),
    "HTML, named": _letters(lambda text: html.escape(text).replace("@", "&commat;").replace("-", "&#x2d;")),
    r"\u escapes": _letters(lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text)),
    r"\x escapes": _letters(lambda text: "".join(f"\\x{ord(letter):02x}" for letter in text)),
    "gzip in base64": _block(lambda text: base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()),
    "base64 twice": _block(lambda text: _base64(_base64(text))),
    "zero-width": _zero_width,
    "bidirectional": _bidirectional,
    "homoglyphs": _letters(lambda text: text.translate(_HOMOGLYPHS)),
    "full-width": _letters(_full_width),
    "leetspeak": _leetspeak,
    "spaced": _spaced,
    "digit words": _digit_words,
    "reversed": _reversed,
    "over lines": _over_lines,
    "over segments": _over_segments,
}
_ONLY = {
    "leetspeak": {"password pair"},
    "digit words": {"card"},
    "spaced": {"card", "iban", "email", "token"},
    "URL, reserved only": {"email", "password pair"},
    "HTML, named": {"email", "password pair", "token"},
}
"""Disguises that make sense for some kinds of value alone."""
