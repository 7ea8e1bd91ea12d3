"""Whether time grows no faster than the text: each hostile structure at n and at 2n characters."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from benchmarks.fuzz.targets import Text
from promptguard.detectors.scanner import Scanner
from promptguard.errors import ScanFailed
from promptguard.model import Role, Segment

_SIZES = (100_000, 200_000)
_NOTICEABLE_SECONDS = 0.02
"""Below this the clock says more than the work."""
WORST = 2.8
"""Times as long as twice the text may take: two, and what the machine's mood adds."""

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
    results = []
    for name, unit in _UNITS.items():
        growth = _measure(name, unit, scanner, scale)
        if growth.ratio > WORST:
            again = _measure(name, unit, scanner, scale)
            growth = min(growth, again, key=lambda each: each.ratio)
        results.append(growth)
    return sorted(results, key=lambda growth: -growth.ratio)


def _measure(name: str, unit: str, scanner: Scanner, scale: int) -> Growth:
    texts = [(unit * (size * scale // len(unit) + 1))[: size * scale] for size in _SIZES]
    return Growth(name, tuple(min(_time(scanner, text + end) for end in ".!") for text in texts))


def _time(scanner: Scanner, text: str) -> float:
    """CPU seconds of a scan, those of its threads included."""
    start = process_time()
    with suppress(ScanFailed):  # what is no text is said to be none
        asyncio.run(scanner.scan([Segment((), text, Role.USER)]))
    return process_time() - start
