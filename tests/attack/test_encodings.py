"""Values in another spelling: compressed, in another charset, escaped, encoded, or drawn apart."""

from __future__ import annotations

import base64
import binascii
import codecs
import gzip
import html
import json
import quopri
import urllib.parse
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from harness.attack import Attack, Write
from harness.planted import zipped_gzip
from harness.requests import chat, request

type Spell = Callable[[str], str]


def body(value: str) -> bytes:
    return chat(f"aws_access_key_id = {value}")


def encoded(name: str, pack: Callable[[bytes], bytes]) -> Write:
    return lambda value: request(pack(body(value)), headers={"content-encoding": name})


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def unclaimed(pack: Callable[[bytes], bytes], kind: str = "application/json") -> Write:
    return lambda value: request(pack(body(value)), kind=kind)


CONTENT_ENCODINGS: dict[str, Write] = {
    "gzip": encoded("gzip", zipped_gzip),
    "x-gzip": encoded("x-gzip", zipped_gzip),
    "GZIP": encoded("GZIP", zipped_gzip),
    "deflate": encoded("deflate", zlib.compress),
    "deflate without its head": encoded("deflate", raw_deflate),
    "brotli": encoded("br", brotli.compress),
    "zstandard": encoded("zstd", zstandard.compress),
    "gzip twice": encoded("gzip, gzip", lambda data: gzip.compress(gzip.compress(data))),
    "gzip in deflate": encoded("gzip, deflate", lambda data: zlib.compress(gzip.compress(data))),
    "gzip in brotli in zstandard": encoded(
        "gzip, br, zstd", lambda data: zstandard.compress(brotli.compress(gzip.compress(data)))
    ),
    "identity that is gzip": encoded("identity", gzip.compress),
    "gzip that is plain": encoded("gzip", bytes),
    "gzip that is deflate": encoded("gzip", zlib.compress),
    "deflate that is gzip": encoded("deflate", gzip.compress),
    "gzip twice, said once": encoded("gzip", lambda data: gzip.compress(gzip.compress(data))),
    "gzip said twice": encoded("gzip, gzip", gzip.compress),
    "gzip of two members": encoded("gzip", lambda data: gzip.compress(data[:30]) + gzip.compress(data[30:])),
    "gzip, the second member hides": encoded("gzip", lambda data: gzip.compress(chat("hello")) + gzip.compress(data)),
    "bytes after gzip": lambda value: request(
        gzip.compress(chat("hello")) + body(value), headers={"content-encoding": "gzip"}
    ),
    "bytes after zstandard": lambda value: request(
        zstandard.compress(chat("hello")) + body(value), headers={"content-encoding": "zstd"}
    ),
    "two frames of zstandard": encoded(
        "zstd", lambda data: zstandard.compress(data[:40]) + zstandard.compress(data[40:])
    ),
    "bytes after brotli": lambda value: request(
        brotli.compress(chat("hello")) + body(value), headers={"content-encoding": "br"}
    ),
    "gzip cut short": encoded("gzip", lambda data: gzip.compress(data)[:-9]),
    "gzip with a wrong checksum": encoded("gzip", lambda data: gzip.compress(data)[:-8] + b"\0" * 8),
    "compress": encoded("compress", bytes),
    "unknown": encoded("aws-chunked", bytes),
    "empty name": encoded("", gzip.compress),
    "star": encoded("*", gzip.compress),
    "base64": encoded("base64", base64.b64encode),
    "gzip, unclaimed": unclaimed(gzip.compress),
    "deflate, unclaimed": unclaimed(zlib.compress),
    "zstandard, unclaimed": unclaimed(zstandard.compress),
    "gzip as a file": unclaimed(gzip.compress, "application/octet-stream"),
    "base64, unclaimed": unclaimed(base64.b64encode),
    "base64 as text": unclaimed(base64.b64encode, "text/plain"),
    "two lines of encoding": lambda value: request(
        gzip.compress(body(value)), headers={"content-encoding": "identity", "Content-Encoding": "gzip"}
    ),
}


@pytest.mark.parametrize("name", CONTENT_ENCODINGS)
def test_content_encoding(name: str, attack: Attack) -> None:
    attack.leaves_not("key", CONTENT_ENCODINGS[name])


def declared(charset: str, encoding: str | None = None, kind: str = "application/json") -> Write:
    return lambda value: request(body(value).decode().encode(encoding or charset), kind=f"{kind}; charset={charset}")


CHARSETS: dict[str, Write] = {
    "utf-16": declared("utf-16"),
    "utf-16le without a mark": declared("utf-16le"),
    "utf-16be": declared("utf-16be"),
    "utf-16le as utf-8": declared("utf-8", "utf-16le"),
    "utf-32": declared("utf-32"),
    "utf-32be": declared("utf-32be"),
    "utf-7": lambda value: request(
        body(value).replace(value.encode(), b"+" + base64.b64encode(value.encode("utf-16-be")).rstrip(b"=") + b"-"),
        kind="application/json; charset=utf-7",
    ),
    "utf-7 in text": lambda value: request(
        b"aws_access_key_id +AD0- +" + base64.b64encode(value.encode("utf-16-be")).rstrip(b"=") + b"-",
        kind="text/plain; charset=utf-7",
    ),
    "utf-7 in a message": lambda value: request(
        chat("aws_access_key_id +AD0- +" + base64.b64encode(value.encode("utf-16-be")).rstrip(b"=").decode() + "-")
    ),
    "EBCDIC": declared("cp037"),
    "EBCDIC 500 as text": declared("cp500", kind="text/plain"),
    "EBCDIC, undeclared": declared("utf-8", "cp037"),
    "latin-1": declared("latin-1"),
    "windows-1252 of nothing": declared("windows-1252"),
    "iso-2022-jp": declared("iso-2022-jp"),
    "rot13": lambda value: request(
        codecs.encode(body(value).decode(), "rot13").encode(), kind="application/json; charset=rot13"
    ),
    "unknown": declared("klingon", "utf-8"),
    "two charsets": declared("utf-8; charset=utf-16le", "utf-16le"),
    "mark of UTF-16 and UTF-8": lambda value: request(b"\xff\xfe" + body(value)),
    "overlong": lambda value: request(
        body(value).replace(
            value.encode(), b"".join(bytes([0xC0 | byte >> 6, 0x80 | byte & 63]) for byte in value.encode())
        )
    ),
    "surrogates as UTF-8": lambda value: request(body(value).replace(b"aws", b"\xed\xa0\x80aws")),
    "NUL between letters": lambda value: request(
        body(value).replace(value.encode(), b"\0".join(bytes([c]) for c in value.encode()))
    ),
    "base64 of UTF-16": lambda value: request(chat(base64.b64encode(f"key {value} here".encode("utf-16-le")).decode())),
}


@pytest.mark.parametrize("name", CHARSETS)
def test_charset(name: str, attack: Attack) -> None:
    attack.leaves_not("key", CHARSETS[name])


def escaped(value: str) -> str:
    return "".join(f"\\u{ord(character):04x}" for character in value)


def spaced(by: str) -> Spell:
    return by.join


SPELLINGS: dict[str, Spell] = {
    "base64": lambda value: base64.b64encode(f"the value is {value}".encode()).decode(),
    "base64 bare": lambda value: base64.b64encode(value.encode()).decode(),
    "base64 for URLs": lambda value: base64.urlsafe_b64encode(f"??>>{value}??>>".encode()).decode().rstrip("="),
    "base64 in lines": lambda value: base64.encodebytes(f"{'lorem ipsum ' * 9}{value} dolor".encode()).decode(),
    "base64 twice": lambda value: base64.b64encode(base64.b64encode(f"it is {value}".encode())).decode(),
    "base64 three times": lambda value: base64.b64encode(
        base64.b64encode(base64.b64encode(f"it is {value}".encode()))
    ).decode(),
    "base64 of gzip": lambda value: base64.b64encode(gzip.compress(f"it is {value}".encode())).decode(),
    "base64 of deflate": lambda value: base64.b64encode(zlib.compress(f"it is {value}".encode())).decode(),
    "base64 of zstandard": lambda value: base64.b64encode(zstandard.compress(f"it is {value}".encode())).decode(),
    "base64 in a data URL": lambda value: "data:text/plain;base64," + base64.b64encode(value.encode()).decode(),
    "base64 as a basic header": lambda value: "Basic " + base64.b64encode(f"user:{value}".encode()).decode(),
    "base32": lambda value: base64.b32encode(f"it is {value}".encode()).decode(),
    "base85": lambda value: base64.b85encode(f"it is {value}".encode()).decode(),
    "ascii85": lambda value: base64.a85encode(f"it is {value}".encode(), adobe=True).decode(),
    "hexadecimal": lambda value: value.encode().hex(),
    "hexadecimal in capitals": lambda value: value.encode().hex().upper(),
    "hexadecimal with spaces": lambda value: value.encode().hex(" "),
    "hexadecimal with colons": lambda value: value.encode().hex(":"),
    "hexadecimal with 0x": lambda value: " ".join(f"0x{byte:02x}" for byte in value.encode()),
    r"\x escapes": lambda value: "".join(f"\\x{byte:02x}" for byte in value.encode()),
    r"\u escapes": escaped,
    r"\u escapes with braces": lambda value: "".join(f"\\u{{{ord(character):x}}}" for character in value),
    r"\u escapes of half": lambda value: escaped(value[:8]) + value[8:],
    "octal escapes": lambda value: "".join(f"\\{byte:03o}" for byte in value.encode()),
    "percent": lambda value: "".join(f"%{byte:02X}" for byte in value.encode()),
    "percent twice": lambda value: "".join(f"%25{byte:02X}" for byte in value.encode()),
    "percent of some": lambda value: "".join(f"%{ord(c):02x}" if index % 3 else c for index, c in enumerate(value)),
    "HTML decimal": lambda value: "".join(f"&#{ord(character)};" for character in value),
    "HTML hexadecimal": lambda value: "".join(f"&#x{ord(character):x};" for character in value),
    "HTML of HTML": lambda value: html.escape("".join(f"&#{ord(character)};" for character in value)),
    "quoted-printable": lambda value: "".join(f"={byte:02X}" for byte in value.encode()),
    "quoted-printable, soft break": lambda value: f"{value[:10]}=\n{value[10:]}",
    "MIME word": lambda value: f"=?utf-8?B?{base64.b64encode(value.encode()).decode()}?=",
    "MIME word, quoted": lambda value: f"=?utf-8?Q?{quopri.encodestring(value.encode()).decode().strip()}?=",
    "uuencode": lambda value: binascii.b2a_uu(f"it is {value}".encode()).decode(),
    "punctuation of URLs": lambda value: urllib.parse.quote(f"a/{value}?b", safe=""),
    "fullwidth": lambda value: "".join(chr(ord(character) + 0xFEE0) for character in value),
    "mathematical": lambda value: "".join(
        chr(0x1D400 + ord(c) - 65) if c.isalpha() else chr(0x1D7CE + int(c)) for c in value.upper()
    ),
    "circled": lambda value: "".join(
        chr(0x24B6 + ord(c) - 65) if c.isalpha() else "⓪①②③④⑤⑥⑦⑧⑨"[int(c)] for c in value.upper()
    ),
    "Cyrillic lookalikes": lambda value: value.replace("A", "А").replace("K", "К"),
    "Greek lookalikes": lambda value: value.replace("A", "Α").replace("K", "Κ").replace("I", "Ι"),
    "zero-width spaces": spaced("​"),
    "zero-width joiners": spaced("‍"),
    "word joiners": spaced("⁠"),
    "soft hyphens": spaced("­"),
    "byte order marks": spaced("﻿"),
    "left-to-right marks": spaced("‎"),
    "isolates": lambda value: "⁦" + "⁩⁦".join(value) + "⁩",
    "override": lambda value: "‮" + value[::-1] + "‬",
    "variation selectors": spaced("️"),
    "combining graphemes": spaced("͏"),
    "Hangul filler": spaced("ㅤ"),
    "Mongolian separators": spaced("᠎"),
    "invisible times": spaced("⁢"),
    "tags between": spaced("\U000e0061"),
    "tags alone": lambda value: "".join(chr(0xE0000 + ord(character)) for character in value),
    "Markdown escapes": lambda value: "".join(f"\\{c}" if not c.isalnum() else c for c in value),
    "a tag in the middle": lambda value: f"{value[:9]}<b></b>{value[9:]}",
    "line broken": lambda value: f"{value[:9]}\n{value[9:]}",
    "line broken with a backslash": lambda value: f"{value[:9]}\\\n{value[9:]}",
    "strings added up": lambda value: f'"{value[:9]}" + "{value[9:]}"',
    "backspaces": lambda value: f"{value[:9]}x\b{value[9:]}",
    "terminal colours": lambda value: f"{value[:9]}\x1b[31m{value[9:]}\x1b[0m",
    "between letters of other scripts": lambda value: f"密钥{value}是否",
    "between underscores": lambda value: f"_{value}_",
    "JSON in a string": lambda value: json.dumps({"a": json.dumps({"b": value})}),
}
"""How a value can be written so that the one who reads it still gets it."""

_HARD = {"base85", "ascii85", "uuencode", "terminal colours", "strings added up", "override", "base32"}
"""Beyond what is promised: no one who is in a hurry writes so."""


@pytest.mark.parametrize("name", [name for name in SPELLINGS if name not in _HARD])
def test_key_in_another_spelling(name: str, attack: Attack) -> None:
    attack.leaves_not("key", lambda value: request(chat(f"look at {SPELLINGS[name](value)} please")))


_NO_DIGITS = {"Cyrillic lookalikes", "Greek lookalikes", "Markdown escapes", "punctuation of URLs", "JSON in a string"}


@pytest.mark.parametrize("name", [name for name in SPELLINGS if name not in _HARD | _NO_DIGITS])
def test_card_in_another_spelling(name: str, attack: Attack) -> None:
    attack.leaves_not("card", lambda value: request(chat(f"my card is {SPELLINGS[name](value)} please")))


DIGITS: dict[str, Spell] = {
    "spaces": spaced(" "),
    "hyphens": spaced("-"),
    "dots": spaced("."),
    "commas": spaced(", "),
    "tabs": spaced("\t"),
    "lines": spaced("\n"),
    "lines of Windows": spaced("\r\n"),
    "slashes": spaced("/"),
    "underscores": spaced("_"),
    "no-break spaces": spaced("\xa0"),
    "thin spaces": spaced(" "),
    "ideographic spaces": spaced("　"),
    "blank Braille": spaced("⠀"),
    "object replacements": spaced("￼"),
    "en dashes": spaced("–"),
    "minus signs": spaced("−"),
    "middle dots": spaced("·"),
    "bars": spaced("|"),
    "in fours by dashes": lambda value: "–".join(value[at : at + 4] for at in range(0, 16, 4)),
    "in fours by lines": lambda value: "\n".join(value[at : at + 4] for at in range(0, 16, 4)),
    "in fours by slashes": lambda value: " / ".join(value[at : at + 4] for at in range(0, 16, 4)),
    "Arabic digits": lambda value: value.translate({48 + digit: 0x660 + digit for digit in range(10)}),
    "Persian digits": lambda value: value.translate({48 + digit: 0x6F0 + digit for digit in range(10)}),
    "Devanagari digits": lambda value: value.translate({48 + digit: 0x966 + digit for digit in range(10)}),
    "superscripts": lambda value: value.translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")),
    "keycaps": lambda value: "".join(f"{digit}️⃣" for digit in value),
    "a comma before it": lambda value: f"x,{value}",
}


@pytest.mark.parametrize("name", DIGITS)
def test_digits_of_a_card(name: str, attack: Attack) -> None:
    attack.leaves_not("card", lambda value: request(chat(f"Card number: {DIGITS[name](value)}")))


@pytest.mark.parametrize(
    "text",
    [
        "héllo wörld 你好 こんにちは 안녕하세요 Привет مرحبا",
        "data:text/plain;base64,aGVsbG8gd29ybGQgYW5kIG1vcmU=",
        "see https://example.org/a%20b?c=d&amp;e#f and &lt;b&gt;",
        "version 10.4.1.2, build 20251103, sha 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "‏שלום ‎(hello)‬ a​b é \U000e0001",
        r"C:\temp\new \u0041 \x41 %41 &#65; =41",
    ],
)
def test_clean_text_arrives_whole(text: str, attack: Attack) -> None:
    attack.arrives_whole(request(chat(text)))
