"""Whether time grows no faster than the text: each hostile structure at n and at 2n characters, or bytes of a file."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import process_time

from benchmarks.fuzz.targets import Text
from promptguard.detectors.scanner import Scanner
from promptguard.errors import ScanFailed
from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.model import Role, Segment

_SIZES = (100_000, 200_000)
_NOTICEABLE_SECONDS = 0.02
"""Below this the clock says more than the work."""
WORST = 2.8
"""Times as long as twice the text may take: two, and what the machine's mood adds."""

_FILES: Mapping[str, tuple[bytes, bytes]] = {
    "uuencoded beginnings": (b"", b"begin 644 a\n"),
    "uuencoded base64": (b"", b"begin-base64 644 a\nAA\n"),
    "quoted-printable cards": (b"BEGIN:VCARD\n", b";QUOTED-PRINTABLE"),
    "encoded cards": (b"BEGIN:VCARD\nA", b";ENCODING=B"),
    "groups of cards": (b"BEGIN:VCARD\n", b"a."),
    "soft breaks": (b"BEGIN:VCARD\nA;QUOTED-PRINTABLE:", b"=\n"),
    "folds": (b"BEGIN:VCARD\n", b"\n "),
    "RTF groups": (b"{\\rtf1}", b"{}"),
    "RTF notes": (b"{\\rtf1 ", b"{\\footnote a}"),
    "RTF fonts": (b"{\\rtf1{\\fonttbl ", b"ab c d;"),
    "RTF hidden": (b"{\\rtf1 ", b"a{\\v b}c "),
    "RTF characters": (b"{\\rtf1 ", b"\\u64 "),
    "HTML tags": (b"<html>", b"<b>"),
    "HTML attributes": (b"<html><x ", b"a=b "),
    "HTML cells": (b"<html><table><tr>", b"<td>a"),
    "HTML comments": (b"<html>", b"<!--"),
    "XML elements": (b"<?xml version='1.0'?><r>", b"<a b='c'>d</a>"),
    "XML entities": (b"<?xml version='1.0'?><r>", b"&#97;"),
    "mail headers": (b"Mime-Version: 1.0\r\n", b"A: b\r\n"),
    "mail words": (b"Mime-Version: 1.0\r\nSubject: ", b"=?utf-8?q?a?= "),
    "mail parameters": (b"Mime-Version: 1.0\r\nContent-Type: text/plain", b"; a=b"),
    "mail parts": (b"Mime-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n", b"--x\r\n\r\n"),
    "mailbox": (b"", b"From a@b Mon Jan  1 00:00:00 2024\nDate: x\nMessage-Id: x\n\nhi\n\n"),
    "PDF objects": (b"%PDF-1.4\n", b"1 0 obj<</A(b)>>endobj\n"),
    "PDF ends": (b"%PDF-1.4\n1 0 obj<<>>endobj", b"\nstartxref\n0\n%%EOF\n"),
    "PDF dictionaries": (b"%PDF-1.4\n1 0 obj", b"<<"),
    "zip entries": (b"", b"PK\x03\x04" + bytes(26)),
    "zip ends": (b"", b"PK\x05\x06" + bytes(18)),
    "gzip members": (b"", gzip.compress(b"a", mtime=0)),
    "shifts": (b"", b"\x1b$Ba\x1b(B"),
}
"""How files begin, and what they go on with."""

_UNITS: Mapping[str, str] = {
    "spaces": " ",
    "digits": "4",
    "letters": "a",
    "at signs": "a@",
    "dots": "a.",
    "colons": "a:",
    "slashes": "/a",
    "hyphens": "-",
    "quotes": "\"'",
    "opening brackets": "[{(<",
    "nested JSON": '{"a":',
    "backslashes": "\\",
    "unicode escapes": "\\u0061",
    "percent signs": "%25",
    "ampersands": "&amp;",
    "numeric entities": "&#97;",
    "base64": "QUJDREVGR0hJSktM",
    "base64 lines": "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5\n",
    "base32": "MFRGGZDFMZTWQ2LK",
    "hex": "deadbeef",
    "zero-width": "a\u200b",
    "right-to-left": "\u202eab\u202c",
    "full-width": "ａ１",
    "homoglyphs": "аеор",
    "emoji": "\U0001f600",
    "lone surrogates": "\ud800",
    "NULs": "\0",
    "new lines": "\n",
    "words with spaces": "4 1 1 1 ",
    "digit words": "four one ",
    "password pairs": "password: ",
    "password values": "password=S0mething!9 ",
    "keys without end": "-----BEGIN RSA PRIVATE " + "KEY-----\n",
    "tokens": "ghp_" + "a1B2" * 9 + " ",
    "cards": "4111 1111 1111 1112 ",
    "phones": "+49 171 2345678 ",
    "addresses": "a.b-c_d@corp.example ",
    "IPv6": "2a02:8109::",
    "IPv4": "10.1.2.3 ",
    "IBANs": "DE89 3704 0044 0532 0130 00 ",
    "log lines": '10.1.2.3 - jo [12/Mar/2026:10:14:07 +0000] "GET / HTTP/1.1" 200 1\n',
    "fences": "```\n",
    "diff": "+a\n-b\n@@ -1 +1 @@\n",
    "table": "| a | b |\n",
    "CSV": "a;b;c\n",
    "names": "Jürgen Müller ",
    "connection strings": "postgres://u:p@h/",
    "combining marks": "a\u0301",
    "mixed scripts": "aб中",
}


@dataclass(frozen=True, slots=True)
class Growth:
    """How a structure's time grows."""

    structure: str
    seconds: tuple[float, ...]
    """At each size."""

    @property
    def ratio(self) -> float:
        """Time at twice the size; 0 where it is too short to tell."""
        return self.seconds[-1] / self.seconds[0] if self.seconds[-1] > _NOTICEABLE_SECONDS else 0.0

    @property
    def kilobytes_per_second(self) -> float:
        """Speed at the larger size."""
        return _SIZES[-1] / 1000 / max(self.seconds[-1], 1e-9)


def measure_growth(config: Path, data: Path, scale: int = 1) -> Sequence[Growth]:
    """Time every structure, the worst first. What looks superlinear is timed again: the machine is shared."""
    scanner = Text(config, data).scanner
    _time(scanner, "warm up")
    texts = {name: partial(_measure, name, unit, scanner, scale) for name, unit in _UNITS.items()}
    files = {name: partial(_measure_file, name, *parts, scale) for name, parts in _FILES.items()}
    results = []
    for measure in (*texts.values(), *files.values()):
        growth = measure()
        if growth.ratio > WORST:
            growth = min(growth, measure(), key=lambda each: each.ratio)
        results.append(growth)
    return sorted(results, key=lambda growth: -growth.ratio)


def _measure_file(name: str, head: bytes, unit: bytes, scale: int) -> Growth:
    return Growth(name, tuple(_time_file(head + unit * (size * scale // len(unit))) for size in _SIZES))


def _time_file(data: bytes) -> float:
    """CPU seconds of taking the text out of a file, in this process."""
    extraction = Extraction(10 * len(data), images_need_recognition=False)
    start = process_time()
    with suppress(CannotRead):
        extraction.file(Source(data))
    return process_time() - start


def _measure(name: str, unit: str, scanner: Scanner, scale: int) -> Growth:
    texts = [(unit * (size * scale // len(unit) + 1))[: size * scale] for size in _SIZES]
    return Growth(name, tuple(min(_time(scanner, text + end) for end in ".!") for text in texts))


def _time(scanner: Scanner, text: str) -> float:
    """CPU seconds of a scan, those of its threads included."""
    start = process_time()
    with suppress(ScanFailed):  # what is no text is said to be none
        asyncio.run(scanner.scan([Segment((), text, Role.USER)]))
    return process_time() - start
