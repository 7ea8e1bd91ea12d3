"""What of a text a names model should see: sentences, records and tables, but no code.

Models trained on prose take identifiers for names, and code is where nearly all of their false alarms come from. Lines
are told apart by how they look, blocks by what surrounds them. Everything here is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import NamedTuple

_LETTERS = re.compile(r"[^\W\d_]{2}")

_FENCE = re.compile(r"[ \t>]{0,8}(`{3,}|~{3,})[ \t]*([\w+#.-]*)")
_PROSE_FENCES = frozenset({"", "text", "txt", "plain", "plaintext", "md", "markdown", "email", "eml", "csv", "tsv"})
"""Info strings of fenced blocks that people also use for what is not code."""

_LOG = re.compile(
    r"""\s*(?:
        [\[(]?\d{4}[-/]\d\d[-/]\d\d[T\ ]\d\d:\d\d\S{0,24}[\])]?\ .{0,60}?
        \b(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL)\b
      | \[?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL)\]?[\ :]{1,4}\[?\d{4}-\d\d-\d\d
      | (?:<\d{1,3}>\d?\ ?)?[A-Z][a-z]{2}\ {1,2}\d{1,2}\ \d\d:\d\d:\d\d\ \S{1,255}\ \S{1,255}:      # syslog, RFC 3164
      | <\d{1,3}>\d\ \d{4}-\d\d-\d\dT                                                               # syslog, RFC 5424
      | \S{1,255}\ \S{1,255}\ .{1,64}?\ \[\d\d/[A-Z][a-z]{2}/\d{4}:                                 # common log format
      | [IWEF]\d{4}\ \d\d:\d\d:\d\d\.\d                                                             # klog
    )""",
    re.VERBOSE,
)
_DIFF_HEADER = re.compile(r"diff --git |index [0-9a-f]{7,64}\.\.|@@ -\d|\+\+\+ [b/]|--- [a/]")
_DIFF_LINE = re.compile(
    r"[+\-@\\ ]|diff --git |index [0-9a-f]{7}|new file mode|deleted file mode|similarity index|rename "
)

_STRONG = re.compile(
    r"""\s*(?:
        (?:async\ +)?def\ +\w+\s*\(
      | class\ +\w+\s*(?:\(.*)?:\s*$
      | class\ +\w+[^.!?]*\{\s*$
      | from\ +[\w.]+\ +import\ +[\w.*(]
      | import\ +(?:[\w.]++(?:\ +as\ +\w++)?(?:\ *,\ *[\w.]++(?:\ +as\ +\w++)?)*+|[{*'"].*)\s*;?\s*$
      | (?:>>>|\.\.\.)\ \S
      | \#\s*(?:include|define|ifdef|ifndef|endif|pragma)\b
      | \#!/
      | <\?(?:php|xml)\b
      | (?:export\ +|pub\ +|default\ +|async\ +|declare\ +){0,3}
        (?:const|let|var|function|fn|func|impl|struct|enum|interface|namespace|typedef|trait|mod)\ +
        [\w$*&(]+\s*[=({;:<]
      | (?:public|private|protected|internal|static|final|abstract|override|virtual|void|int|char|double|float|bool
        |boolean|unsigned|auto|string)\b[^.!?]*[\w>\])]\s*[({;=]
      | (?:if|for|while|switch|catch|foreach)\s?\(.*\)\s*\{?\s*(?://.*)?$
      | \}\s*(?:else|catch|finally|while)\b
      | [\w.$\[\]>-]+\([^()]*(?:\([^()]*\)[^()]*)*\)\s*(?:;|\{|:)?\s*(?:\#.*|//.*)?$
      | (?:self|this|await|assert|yield|raise|throw)(?:\.|\ )[\w.]+\s*(?:\(|=)
      | [\w.$\[\]'"]+\s*[-+*/|&%:]?=\s*(?:
            [\w.]+\( | [\[{(] | f?['"].*['"]\s*[;,]?\s*$ | -?[\d.]+\s*;?\s*$
          | (?:new|lambda|function|await|True|False|None|null|true|false)\b )
      | File\ "[^"]*",\ line\ \d
      | at\ +[\w.$<>\[\]/]+\ ?\((?:[\w.$/:@-]+:\d+(?::\d+)?|Native\ Method|Unknown\ Source|<anonymous>)\)
      | Traceback\ \(most\ recent\ call
      | Caused\ by:\ [\w.$]+
      | [\w.$]{1,80}?(?:Error|Exception)(?::|$)
      | \$\ \S
      | [\w.-]+@[\w.-]+:\S*[$\#][ ]
      | [.\#\w][\w\s,>.\#:-]{0,200}+\{(?:\s*$|[^{}]{0,200}:[^{}]{0,200};\s*\}?\s*$)
    )""",
    re.VERBOSE,
)
_WEAK = re.compile(
    r"""\s*(?:
        (?:if|elif|else|for|while|try|except|with|finally|match|case|switch|do|return|break|continue|pass|del|global|print
        |end|then|fi|done|use|require|package|using|goto)\b
      | @\w
      | (?:\#|//|/\*|\*/|\*|--|%)\s?
      | [\w.$\[\]'"]+\s*[-+*/|&%:]?=
      | [\]})]+[;,)]*\s*$
      | [\[{(]+\s*$
      | .*(?:[;{]|=>|\\)\s*$
      | .*(?:==|!=|&&|\|\||::|->|=>|\+\+|\+=|\(\))
    )""",
    re.VERBOSE,
)
_CREDIT = re.compile(
    r"""\s{0,40}(?:\#|//|/?\*|;|--|%|\.\.|[rub]{0,2}['"]{3}|dnl\b|<!--)?[\s\#*/;!-]{0,20}
        (?:(?:portions\ |all\ contents\ )?(?:\(c\)\ {0,2})?copyright\b
        | \(c\)\ {0,2}(?:copyright\b|\d{4}) | ©\ {0,2}\d{4}
        | @author\b | authors?:\ | :author: | __author__\b | spdx- | @(?:maintainer|since|license)\b
        | (?:\w+\ ){0,4}(?:(?:re)?written|contributed|adapted|ported|maintained|inspired|implemented)\ by\b)""",
    re.VERBOSE | re.IGNORECASE,
)
"""Lines at the head of source code that say who wrote it."""

_TRIPLE_QUOTE = re.compile(r"\"\"\"|'''")

_CUT_OUT = re.compile(
    r"""
      (?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s<>"']+             # URL
    | (?<!\w)www\.[^\s<>"']+
    | (?<![\w.+-])[\w.+-]{1,64}@[\w.-]{3,255}                                  # e-mail address
    | "[^"\\\n]{1,64}"[ \t]*:                                                  # JSON key
    | `[^`\s]{1,200}`                                                          # inline code
    | </?[A-Za-z][\w:.-]{0,40}(?:\s[^<>]{0,1000}=[^<>]{0,1000})?\s?/?>         # tag
    | (?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/=_-]{40,}                               # base64, hex, token
    | (?<![\w/.~])(?:~|\.{1,2})?/[\w.@-]{1,255}/[\w./@-]+                      # path
    """,
    re.VERBOSE,
)

_PLAIN_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*[.,;:!?)]*")
_SINGLE_WORD = re.compile(r"\s*+[^\s\"',;<>]{1,200}+\s*+", re.ASCII)
_MACHINE_WORD = re.compile(r"[^A-Z]*+|[^\d_/\\=]*+[\d_/\\=].*", re.ASCII | re.DOTALL)
"""A single word that is no name: without a capital letter, or with a digit or another mark of identifiers."""

_ASIDE = re.compile(
    r"""
      (?:\#|//|--[ ]|/\*|^[ \t]*\*[ ]|<!--|%%).*+           # a comment
    | "[^"\\\n]{4,200}" | '[^'\\\n]{4,200}'
    | =[ \t]?[^\n"'=(){};\[\]]{4,80}$                       # a value without quotes, as in a form that was sent
    """,
    re.VERBOSE | re.MULTILINE,
)
"""Where code and data speak of people: comments, strings and values."""
_NAME = r"[^\W\d_a-z][^\W\d_A-Z]++(?:[-'’][^\W\d_]++)?+"
_FULL_NAME = re.compile(
    rf"(?<![\w.@/\\$%-]){_NAME}(?:[ ][A-Z]\.)?(?:[ ](?:van|von|de|der|den|di|da|del|della|la|le|ter|ten|al|el)\b)*+"
    rf"(?:[ ]{_NAME}){{1,2}}(?![\w@/\\(=])"
)
"""Two or three words with capitals, with initials and particles between them."""

_MAX_LINE_LENGTH = 300
"""Only so many characters of a line are looked at to tell what it is; minified code is one line."""


class _Kind(Enum):
    BLANK = auto()
    PROSE = auto()
    WEAK = auto()
    """Code if its neighbours are: a heading or a comment, an address line or an assignment."""
    CODE = auto()
    FENCED = auto()
    """Between fences that say what code it is."""
    LOG = auto()
    APART = auto()
    """Not for the model, and no sign that its neighbours are code: log lines, fences."""


class LookedAt(NamedTuple):
    """What of a text the names model sees, as start and end offsets in order."""

    prose: list[tuple[int, int]]
    """Sentences, records, tables, and strings of JSON."""
    names: list[tuple[int, int]]
    """What is written like a full name in comments and strings of code, and in logs."""


def looked_at(text: str) -> LookedAt:
    """The parts of `text` that a names model should see.

    Left out are fenced and unfenced code, stack traces, diffs, log lines, URLs, e-mail addresses, paths, tags, base64
    and hexadecimal runs, and the keys of JSON. Of code and logs full names are left in, but not those of whoever is
    named in a file's head as its author.
    """
    if not _LETTERS.search(text) or (
        text.isascii() and _SINGLE_WORD.fullmatch(text) and _MACHINE_WORD.fullmatch(text.strip())
    ):
        return LookedAt([], [])
    lines = list(_lines(text))
    kinds = _kinds(text, lines)
    _close_blocks(text, lines, kinds)
    if _Kind.CODE in kinds:
        _leave_out_credits(text, lines, kinds)
    return LookedAt(_prose(text, lines, kinds), _names(text, lines, kinds))


def prose_spans(text: str) -> list[tuple[int, int]]:
    """The prose of `looked_at`."""
    return looked_at(text).prose


def _prose(text: str, lines: Sequence[tuple[int, int]], kinds: Sequence[_Kind]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for (start, end), kind in zip(lines, kinds, strict=True):
        if kind not in (_Kind.PROSE, _Kind.WEAK):
            continue
        for piece_start, piece_end in _without_cut_outs(text, start, end):
            if not _LETTERS.search(text, piece_start, piece_end):
                continue
            if spans and not text[spans[-1][1] : piece_start].strip():
                spans[-1] = (spans[-1][0], piece_end)
            else:
                spans.append((piece_start, piece_end))
    return spans


def _names(text: str, lines: Sequence[tuple[int, int]], kinds: Sequence[_Kind]) -> list[tuple[int, int]]:
    return [
        match.span()
        for (start, end), kind in zip(lines, kinds, strict=True)
        for part_start, part_end in _asides(text, start, min(end, start + _MAX_LINE_LENGTH), kind)
        for match in _FULL_NAME.finditer(text, part_start, part_end)
    ]


def _asides(text: str, start: int, end: int, kind: _Kind) -> Iterator[tuple[int, int]]:
    """The parts of a line that is no prose in which names may stand."""
    if kind is _Kind.LOG:
        yield start, end
    elif kind in (_Kind.CODE, _Kind.FENCED) and not _CREDIT.match(text, start, end):
        for aside in _ASIDE.finditer(text, start, end):
            yield aside.span()


def looks_like_prose(text: str) -> bool:
    """Whether `text` reads like a sentence: several words, most of them of letters alone."""
    words = text[:_MAX_LINE_LENGTH].split()
    return len(words) >= 4 and 4 * sum(bool(_PLAIN_WORD.fullmatch(word)) for word in words) >= 3 * len(words)


def _leave_out_credits(text: str, lines: list[tuple[int, int]], kinds: list[_Kind]) -> None:
    """Source code names its authors in public, and is often sent: they are nobody's secret."""
    for index, (start, end) in enumerate(lines):
        if kinds[index] in (_Kind.PROSE, _Kind.WEAK) and _CREDIT.match(text, start, min(end, start + _MAX_LINE_LENGTH)):
            kinds[index] = _Kind.APART


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each line, without its line feed."""
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        if end < 0:
            end = len(text)
        yield start, end
        start = end + 1


def _kinds(text: str, lines: list[tuple[int, int]]) -> list[_Kind]:
    """What each line is by itself, or by the fence or diff it stands in."""
    kinds: list[_Kind] = []
    fence = ""
    code_fence = in_diff = False
    for start, end in lines:
        line = text[start : min(end, start + _MAX_LINE_LENGTH)]
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not mark[2]:
                fence = ""
                kinds.append(_Kind.APART)
                continue
            if code_fence:
                kinds.append(_Kind.FENCED)
                continue
        elif mark:
            fence = mark[1]
            code_fence = mark[2].lower() not in _PROSE_FENCES
            kinds.append(_Kind.APART)
            continue
        if _DIFF_HEADER.match(line):
            in_diff = True
        elif in_diff and not _DIFF_LINE.match(line):
            in_diff = False
        kinds.append(_Kind.APART if in_diff else _kind(line))
    return kinds


def _kind(line: str) -> _Kind:
    if not line or line.isspace():
        return _Kind.BLANK
    if _LOG.match(line):
        return _Kind.LOG
    if _STRONG.match(line):
        return _Kind.CODE
    return _Kind.WEAK if _WEAK.match(line) else _Kind.PROSE


def _close_blocks(text: str, lines: list[tuple[int, int]], kinds: list[_Kind]) -> None:
    """Turn the lines that belong to a block of code into code: docstrings, indented and doubtful lines."""
    in_block = after_blank = False
    quote = ""
    for index, (start, end) in enumerate(lines):
        if quote:
            closed = text.find(quote, start, end) >= 0
            kinds[index] = _Kind.CODE
            if closed:
                quote = ""
            continue
        kind = kinds[index]
        if kind is _Kind.CODE and not in_block:
            _claim_lead_in(kinds, index)
            in_block = True
        elif in_block and kind in (_Kind.PROSE, _Kind.WEAK):
            # A doubtful line after a blank one may as well begin a paragraph. If code follows, that will claim it.
            doubtful = kind is _Kind.WEAK and not after_blank
            in_block = doubtful or text.startswith(("  ", "\t", '"""', "'''"), start)
            if in_block:
                kinds[index] = _Kind.CODE
        elif kind in (_Kind.APART, _Kind.FENCED, _Kind.LOG):
            in_block = False
        after_blank = kind is _Kind.BLANK
        if in_block:
            quote = _opened_quote(text, start, end)


def _claim_lead_in(kinds: list[_Kind], index: int) -> None:
    """Doubtful lines right above the first line of a block belong to it."""
    index -= 1
    while index >= 0 and kinds[index] is _Kind.WEAK:
        kinds[index] = _Kind.CODE
        index -= 1


def _opened_quote(text: str, start: int, end: int) -> str:
    """The triple quote that the line opens and a later line closes, or an empty string."""
    quote = ""
    for mark in _TRIPLE_QUOTE.finditer(text, start, end):
        if not quote:
            quote = mark[0]
        elif mark[0] == quote:
            quote = ""
    # Without an end it is no docstring, and must not hide the rest of the text.
    return quote if quote and text.find(quote, end) >= 0 else ""


def _without_cut_outs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for cut in _CUT_OUT.finditer(text, start, end):
        if cut.start() > start:
            yield start, cut.start()
        start = cut.end()
    if start < end:
        yield start, end
