"""Values that must not leave, made at run time, and whether they did."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import os
import quopri
import random
import re
import string
import unicodedata
import urllib.parse
import zlib
from collections.abc import Iterator

import brotli
import zstandard

_random = random.Random()
_LETTERS = string.ascii_letters + string.digits
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_NAMES = ("jane", "hannah", "omar", "luc", "giulia", "pieter", "sabine", "kenji")
_DEPTH = 3
_MAX_READINGS = 400
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}){8,}")


def draw_for(test: str) -> None:
    """Let a test draw values of its own, the same in each run; others with another `ATTACK_SEED`."""
    _random.seed(f"{os.environ.get('ATTACK_SEED', '')}{test}")


def noise(size: int) -> bytes:
    """Bytes in which nothing is to be read."""
    return _random.randbytes(size)


def key() -> str:
    """An AWS access key id: blocked wherever it goes. With digits enough that none of it is a word by chance."""
    drawn = random_key()
    return drawn if sum(character.isdigit() for character in drawn) > 3 else key()


def random_key() -> str:
    """Any AWS access key id: 16 base32 digits that begin with the account's number."""
    account = _random.randrange(10**11, 10**12) << 7 | _random.randrange(128)
    return "AKIA" + base64.b32encode(account.to_bytes(6) + _random.randbytes(4)).decode()


def mail() -> str:
    """An e-mail address: replaced at approved services, blocked at others."""
    return f"{_random.choice(_NAMES)}.porter{_random.randrange(10**6, 10**7)}@fabrikam.com"


def card() -> str:
    """A Visa number with a right check digit (ISO/IEC 7812-1, Luhn)."""
    digits = [4, *(_random.randrange(10) for _ in range(14))]
    total = sum(sum(divmod(digit * (2 - index % 2), 10)) for index, digit in enumerate(digits))
    return "".join(map(str, [*digits, -total % 10]))


def iban() -> str:
    """A German IBAN with right check digits (ISO 13616, mod 97)."""
    account = "".join(_random.choices(string.digits, k=18))
    return f"DE{98 - int(account + '131400') % 97:02}{account}"


def password() -> str:
    """A password that only its label gives away."""
    return "".join(_random.choices(string.ascii_letters, k=5)) + "".join(_random.choices(_LETTERS, k=5)) + "!7qZ"


def token() -> str:
    """A GitHub personal access token, with its checksum: the CRC-32 of the rest in base 62."""
    drawn = "".join(_random.choices(_LETTERS, k=30))
    rest, checksum = zlib.crc32(drawn.encode()), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        checksum = _BASE62[digit] + checksum
    return "ghp" + "_" + drawn + checksum


MAKERS = {"key": key, "mail": mail, "card": card, "iban": iban, "password": password, "token": token}


def squashed(text: str) -> str:
    """Letters and digits alone, as someone who wants to read it would."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(character for character in plain.casefold() if character.isalnum())


def holds(data: bytes, value: str) -> bool:
    """Whether the value stands in the data in any form that takes no more than a usual decoder to read."""
    wanted = squashed(value)
    return any(wanted in squashed(text) for text in _texts(data))


def _texts(data: bytes) -> Iterator[str]:
    seen: set[bytes] = set()
    queue = [(data, 0)]
    while queue and len(seen) < _MAX_READINGS:
        current, depth = queue.pop(0)
        if current in seen:
            continue
        seen.add(current)
        for charset in ("utf-8", "utf-16-le", "utf-16-be", "utf-7", "cp037"):
            if charset in ("utf-8",) or depth < 2:
                yield current.decode(charset, "ignore")
        if depth < _DEPTH:
            queue += [(decoded, depth + 1) for decoded in _decoded(current)]


def _decoded(data: bytes) -> Iterator[bytes]:
    text = data.decode("utf-8", "surrogateescape")
    yield urllib.parse.unquote_to_bytes(data.replace(b"+", b" "))
    yield html.unescape(text).encode("utf-8", "surrogateescape")
    yield _unescaped(text).encode("utf-8", "surrogatepass") if "\\" in text else data
    yield quopri.decodestring(data) if b"=" in data else data
    for found in _BASE64.finditer(data):
        yield from _unpacked(base64.urlsafe_b64decode(_padded(found[0].replace(b"+", b"-").replace(b"/", b"_"))))
    for found in _HEX.finditer(data):
        yield binascii.unhexlify(found[0])
    yield from _unpacked(data)


def _padded(data: bytes) -> bytes:
    bare = data.rstrip(b"=")
    bare = bare[:-1] if len(bare) % 4 == 1 else bare
    return bare + b"=" * (-len(bare) % 4)


def _unescaped(text: str) -> str:
    text = re.sub(r"\\[uU]([0-9A-Fa-f]{4})", lambda found: chr(int(found[1], 16)), text)
    text = re.sub(r"\\x([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), text)
    text = text.encode("utf-8", "ignore").decode()
    return re.sub(r"\\(.)", r"\1", text)


def _unpacked(data: bytes) -> Iterator[bytes]:
    yield data
    starts = [found.start() for found in re.finditer(rb"\x1f\x8b\x08|\x28\xb5\x2f\xfd|\x78[\x01\x5e\x9c\xda]", data)]
    for start in starts[:8]:
        for unpack in (_gunzip, _inflate, _unzstd):
            try:
                yield unpack(data[start:])
            except (OSError, EOFError, zlib.error, zstandard.ZstdError):
                continue
    _, found, body = data.partition(b"\r\n\r\n")
    if found and b"content-encoding: br" in data.lower():
        try:
            yield brotli.decompress(body)
        except brotli.error:
            return


def _gunzip(data: bytes) -> bytes:
    return zlib.decompressobj(wbits=31).decompress(data)


def _inflate(data: bytes) -> bytes:
    return zlib.decompressobj().decompress(data)


def _unzstd(data: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompressobj().decompress(data)


def zipped_gzip(content: bytes) -> bytes:
    """Gzip without a time in it."""
    return gzip.compress(content, mtime=0)
