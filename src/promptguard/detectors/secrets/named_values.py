"""Names that mean a secret, and the values that stand under them, in code, data and configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from promptguard.detectors.secrets import pass_words, spaced_values
from promptguard.detectors.secrets.odd_signs import is_written_literal
from promptguard.detectors.secrets.pipes import is_piped
from promptguard.detectors.secrets.secret_names import NameKind, kind_of
from promptguard.detectors.stems import lowered, occurrences, words_of

MAX_NAME_LENGTH = 64
MAX_VALUE_LENGTH = 1000
"""Characters of a name to either side of the word in it, and of a value, that are looked at."""
LOOK_BACK = 100
"""Characters of a line before a name that are looked at."""

_STEMS = words_of(
    "pass psswd pwd psw pw mdp psk kennwort zugangscode contrase clave wachtwoord adgangskode kodeord senord senha"
    " parola hasło haslo heslo lozinka salasana sifre şifre"
    " secret segreto geheimnis token jeton key schlüssel schluessel sleutel nøgle auth cred bearer jwt salt seed"
    " hmac sessid session sid accessid access_id access-id clientid client_id client-id cookie otp"
)
"""What every name has in it, in lower case."""

_NAME_AFTER = re.compile(r"[\w.\-]*")
_WORDS_BEFORE = re.compile(r"(?:\b[A-Za-z]+[ \-]){1,2}\Z")

_TAIL = re.compile(
    r"""
    (?: \\{0,3}["'`] | [\])*}] ){0,5}+                  # what closes the name: quotes, brackets, emphasis
    (?:
        (?P<sibling> ,?\s{1,16}["']?(?:value|default|defaultValue|val|secret)["']?[ ]?[:=]
          | [ ]?\{[^{}"]{0,80}?\bdefault[ ]{1,12}=
          | ,(?:Parameter)?Value=
          | </[A-Za-z:]{1,16}>\s{0,16}<[A-Za-z:]{1,16}[^<>\n]{0,60}> )
      | (?P<attribute> [ \t][^<>\n]{0,40}?\bvalue[ ]?=[ ]?(?=["']) )
      | (?P<annotated> :[ \t]?[&'\w.<>\[\]|? ]{1,32}?[ \t]?=(?!=) | [ \t]{1,4}[\w.\[\]*]{1,16}[ \t]{1,4}=(?!=) )
      | (?P<cell> [ \t]{0,40}\|[ \t]{1,40}(?!\|) | \t{1,4}(?=[^\s=:]) )
      | (?P<declared> [ \t]{1,16}(?=["']) )              # PASSWORD 'literal', keyPassword "literal"
      | [ \t]{0,8}
        (?: (?P<assignment> [:?|+]{0,3}={1,3}>? | \?\?= | !={1,2} | ->|<-|→|– )
          | (?P<colon> :: | :[-?]? )
          | (?P<needs_quote> ,|\(|\|\|?|\?\?|\.equals(?:IgnoreCase)?\( | \bor\b | \b(?:IS|is|eq|default|DEFAULT)\b )
        )
      | (?P<element> [^<>\n="']{0,60}> | [ \t][^<>\n]{0,80}> )
    )
    """,
    re.VERBOSE,
)
"""What may stand between a name and its value."""

_OPENING = re.compile(
    r"""
    (?: [*_]{2}[ \t]? )?                                # **Password:** in Markdown
    (?: \s{0,12} | [ \t]?[|>][+\-]?[ \t]*\n[ \t]+ | [ \t]*\\\r?\n[ \t]* )    # YAML block, continued line
    (?: !!?[a-z]+[ \t] | & )?
    (?P<wrapper> (?:new[ \t])? (?:
          (?:[\w.:]{0,24}[.:])? (?: SecretStr|SecretBytes|Secret|String|from|b64decode|base64_decode|decode64|atob|bytes
            |str|Some|of|valueOf|Fernet|literal|plainText|text|unsafePlainText|SecureString|byte|quote|encode )
          | \[\]byte | ConvertTo-SecureString(?:[ ]-String)?[ ]? | \[[\w.]{1,32}\]
        ) \(? | \( )?
    (?P<prefix> [@$&fbruLRN]{1,2}(?=["']) )?
    (?P<escape> \\{0,3}) (?P<quote> \"{3} | '{3} | ["'`“„«‘] )
    """,
    re.VERBOSE,
)
"""An opening quotation mark, and what may stand before it."""

_KEY_ENDS = re.compile(r"[ ]?:(?!:)")
_ALIKE = 4
"""Characters with which two items of a list begin alike."""

_CLOSING = {"“": "”", "„": "“", "«": "»", "‘": "’"}

_BARE_OPENING = re.compile(
    r"(?:[*_]{2})?(?:[ \t]{0,4}[|>][+\-]?[ \t]{0,4}\n[ \t]{1,16}|[ \t]{0,16})(?:!!?[a-z]+[ \t])?`?"
)
_BARE_TOKEN = re.compile(r"[^\s\"'`<>(){}\[\],;|\\]+")
_BARE_LINE = re.compile(r"(?:[^\s\"'`<>;]|;(?!\w+=))+;?")
_ODD_LINE = re.compile(r"(?:[^\s;]|;(?!\w+=))+(?=[ \t]*\r?(?:\n|\Z))")
_PARAMETER = re.compile(r"[^\s\"'`<>&)\]}]+")
_DEFAULT = re.compile(r"[^\s\"'`<>{}]+(?=\})")
_TEXT_OF_ELEMENT = re.compile(r"\s{0,16}([^<>\s][^<>\n]{0,999}?)\s{0,16}</")
_COMMENT = re.compile(r"[ \t]*(?:(?:[#;]|//|--|<!--|\*\*).*)?[,;]?[ \t]*\r?(?=\n|\Z)")
_EXPRESSION = re.compile(r"[ \t]*(?:[(\[{?]|[+*/%&|<>=.](?![\d])|\b(?:if|else|or)\b)")
_REMARK = re.compile(r"[ \t]+\([^\W\d_]+[ ,.)]")
"""`password: … (valid until Friday)`"""
_PROLOGUE = r"""
    [ \t]* (?:[#;>*\-+|/]{1,2}[ \t]+)*
    (?: (?:export|set|setx|declare[ ]-x|ENV|ARG|-e|--env|\$env:|SetEnv|env|local|readonly|!)[ \t]*
        (?:[A-Z_]+=\S+[ ])* )?
    ["'`*]{0,2}
"""
_LINE_START = re.compile(_PROLOGUE + r"\Z", re.VERBOSE)
_LABEL_START = re.compile(_PROLOGUE + r"(?:[^\W\d_][\w\-]{1,20}[ ]){0,3}\Z", re.VERBOSE)
"""Before `: value` a label of some words may stand: `Wi-Fi password: …`."""
_CODE_LINE_START = re.compile(r"\b(?:var|let|const|val|final|static|public|private|self|this|my|String|auto|def)\b")
_SCHEME = re.compile(
    r"(?i)(?:bearer|basic|token|apikey|api-key|key|digest|negotiate|ssws|bot|splunk|oauth|aws4-hmac-sha256)[ \t]+"
)
_CALLED_WITH_DEFAULT = re.compile(
    r"(?i)(?:getenv|environ\.get|\bget|\bfetch|\benv|define|\bput|setProperty|\bset|config|option|default|add|append|param"
    r"|\bwith\w{0,16})\(\s*[\"']?[\w.\-]*\Z"
)
_ENVIRONMENT_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+`")
_COMPARED = re.compile(r"===|!==?")
"""In JavaScript, what two values are compared by."""

_PLAIN_WORD = re.compile(r"[A-Z]?[a-z]+\b")


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A value under a telling name, and how it stands there."""

    start: int
    end: int
    quoted: bool
    configuration: bool
    """Only a literal can stand where it stands."""
    titled: bool = True
    """A capitalised word there is no type and no heading."""
    doubtful: bool = False
    """In a list or a call, where names follow names."""


def named_values(text: str) -> Iterator[tuple[NameKind, NamedValue]]:
    """Names that mean a secret, and the value that stands under each."""
    done = 0
    for stem_start, stem_end in occurrences(lowered(text), _STEMS):
        if stem_start < done:
            continue
        start, end = _name_around(text, stem_start, stem_end)
        done = end
        kind = _kind(text, start, end)
        if kind is None or (kind is NameKind.PASSWORD and pass_words.is_no_password(text, start)):
            continue
        value = _value_after(text, start, end)
        if value is None:
            continue
        if kind is NameKind.PASSWORD:
            value = _with_spaces(text, start, value)
            value = replace(value, doubtful=True) if pass_words.is_any_pass(text[start:end]) else value
        yield kind, value


def _name_around(text: str, start: int, end: int) -> tuple[int, int]:
    first, least = start, max(0, start - MAX_NAME_LENGTH)
    while first > least and (text[first - 1].isalnum() or text[first - 1] in "_.-"):
        first -= 1
    after = _NAME_AFTER.match(text, end, end + MAX_NAME_LENGTH)
    last = after.end() if after else end
    # `password.` and `token->`: a sentence's end and an arrow are no part of a name.
    while last > end and text[last - 1] in ".-":
        last -= 1
    return first, last


def _kind(text: str, start: int, end: int) -> NameKind | None:
    name = text[start:end]
    if name[:1].isalpha() and text[start - 1 : start] == " " and name.lower() in {"key", "keys", "passe", "id", "pass"}:
        words = _WORDS_BEFORE.search(text, max(0, start - MAX_NAME_LENGTH), start)
        if words:
            name = words.group() + name
    return kind_of(name)


def _value_after(text: str, start: int, end: int) -> NamedValue | None:
    tail = _TAIL.match(text, end)
    if tail is None:
        return None
    how = tail.lastgroup or ""
    if how == "cell" and is_piped(text, start, end):
        return None
    opening = _OPENING.match(text, tail.end())
    if opening is not None:
        return _quoted(text, opening, start, tail)
    if how in {"needs_quote", "attribute", "declared", "annotated"} or _COMPARED.search(text, end, tail.end()):
        return None
    if how in {"element", "sibling"} and text[tail.end() - 1] == ">":
        element = _TEXT_OF_ELEMENT.match(text, tail.end(), tail.end() + MAX_VALUE_LENGTH + 64)
        return NamedValue(*element.span(1), quoted=False, configuration=True) if element else None
    return _bare(text, start, tail.end(), how)


def _quoted(text: str, opening: re.Match[str], name_start: int, tail: re.Match[str]) -> NamedValue | None:
    how, tail_end = tail.lastgroup or "", tail.end()
    quote, escape = opening["quote"], opening["escape"]
    start = opening.end()
    closing = escape + _CLOSING.get(quote, quote)
    position = start
    limit = min(len(text), start + MAX_VALUE_LENGTH + len(closing))
    while True:
        end = text.find(closing, position, limit)
        # A backslash of its own before the closing mark makes it a part of the value.
        if end > start and not escape and text[end - 1] == "\\" and not text[:end].endswith("\\\\"):
            position = end + 1
            continue
        break
    if end < 0:
        return None
    value = text[start:end]
    if not value or "\n" in value.strip() or value[0] in ",);+" or (value[0] == " " and how == "colon"):
        # The mark closed a text that ends in the name: print("password: " + x).
        return None
    if opening["prefix"] and "f" in opening["prefix"] and "{" in value:
        return None
    if how == "needs_quote" and _is_another_item(text, name_start, start, end):
        return None
    doubtful = _is_doubtful(text, name_start, how, tail_end, quote)
    if how == "cell" and quote == "`" and _ENVIRONMENT_VARIABLE.match(text, name_start, tail_end):
        doubtful = False  # a table of variables and their values
    if doubtful and _CALLED_WITH_DEFAULT.search(text, max(0, name_start - LOOK_BACK), name_start):
        doubtful = False
    return NamedValue(start, end, quoted=True, configuration=False, doubtful=doubtful)


def _is_another_item(text: str, name_start: int, start: int, end: int) -> bool:
    """Whether a literal in a list is itself a name or the like of the item before: `"OAuth1Mixin", "OAuth2Mixin"`."""
    if _KEY_ENDS.match(text, end + 1) and text[start - 1] != ":":
        return True
    before = text[max(text.rfind(text[start - 1], 0, name_start), name_start - MAX_NAME_LENGTH) + 1 : start]
    return before[:_ALIKE].lower() == text[start : min(end, start + _ALIKE)].lower()


def _is_doubtful(text: str, name_start: int, how: str, tail_end: int, quote: str) -> bool:
    """Whether names follow names there, as in lists of fields, or words follow words, as in a sentence."""
    sign = text[tail_end - 1]
    if how == "declared":
        settings = text.endswith(("#define ", "setx "), 0, name_start)
        return quote != "'" and not settings and _PLAIN_WORD.match(text, name_start) is not None
    listed = how == "needs_quote" and (sign == "," or (sign == "|" and not text.endswith("||", 0, tail_end)))
    return how == "cell" or listed or (how == "colon" and quote in "“„«‘")


def _bare(text: str, name_start: int, position: int, how: str) -> NamedValue | None:
    opening = _BARE_OPENING.match(text, position)
    start = opening.end() if opening else position
    limit = start + MAX_VALUE_LENGTH
    before = text[name_start - 2 : name_start]
    if before.endswith(("?", "&")):
        return _matched(_PARAMETER.match(text, start, limit), configuration=True)
    if before in {"${", "%{"}:
        return _matched(_DEFAULT.match(text, start, limit), configuration=True)
    begins = _LABEL_START if how == "colon" else _LINE_START
    line_start = text.rfind("\n", max(0, name_start - LOOK_BACK), name_start) + 1
    begins_line = (line_start or name_start <= LOOK_BACK) and begins.match(text, line_start, name_start) is not None
    line = _BARE_LINE.match(text, start, limit) if begins_line else None
    whole = line is not None and _COMMENT.match(text, line.end(), line.end() + LOOK_BACK) is not None
    if whole and line is not None and how in {"assignment", "colon", "cell"}:
        end = line.end()
        if text[end - 3 : end] == "...":
            return None
        statement = text[end - 1] in ",;"
        while end > start and text[end - 1] in ",;":
            end -= 1
        spaced = how == "assignment" and text[start - 1].isspace()
        configuration = not statement and not (spaced and not _among_settings(text, name_start))
        if configuration or not re.search(r"[(\[{]", text[start:end]):
            return NamedValue(start, end, quoted=False, configuration=configuration, titled=how == "assignment")
        return None
    odd = _odd_line(text, start, limit, how) if begins_line and not whole else None
    if odd is not None:
        return odd
    token = _BARE_TOKEN.match(text, start, limit)
    if how == "assignment" and token is not None and _is_among_pairs(text, line_start, name_start, token.end()):
        return _matched(token, configuration=True)
    if token is None:
        return None
    remark = how == "colon" and _REMARK.match(text, token.end()) is not None
    if how != "cell" and not remark and _EXPRESSION.match(text, token.end()):
        return None
    return _matched(token, configuration=how == "sibling")


def _with_spaces(text: str, name_start: int, value: NamedValue) -> NamedValue:
    """A password to the end of its line, where it has spaces in it and the line says nothing else."""
    if value.quoted or text[value.end : value.end + 1] != " ":
        return value
    line_start = text.rfind("\n", max(0, name_start - LOOK_BACK), name_start) + 1
    if not _LABEL_START.match(text, line_start, name_start):
        return value
    end = spaced_values.end_of_spaced(text, value.start)
    return NamedValue(value.start, end, quoted=False, configuration=True) if end else value


def _odd_line(text: str, start: int, limit: int, how: str) -> NamedValue | None:
    """The rest of a line of settings whose signs end a value elsewhere, quotation marks and brackets among them."""
    line = _ODD_LINE.match(text, start, limit)
    if line is None or how not in {"assignment", "colon", "cell"} or text[start : start + 1] in "\"'`":
        return None
    if how == "assignment" and text[start - 1].isspace() and not _among_settings(text, start):
        return None
    if not is_written_literal(line.group(), quoted=True):
        return None
    return NamedValue(start, line.end(), quoted=False, configuration=True)


def _matched(match: re.Match[str] | None, *, configuration: bool) -> NamedValue | None:
    if match is None:
        return None
    end = match.end()
    if match.string[end - 3 : end] == "..." or match.string.startswith(("...", "…"), end):
        return None
    while end > match.start() and match.string[end - 1] in ".,:;":
        end -= 1
    return NamedValue(match.start(), end, quoted=False, configuration=configuration)


_SETTING = re.compile(
    r"[ \t]*(?:[\w.\-]{1,40}[ \t]*=[ \t]*[\w.:/@\-\\,]{1,60}|\[[\w .:\-]{1,40}\]|[#;].{0,60})[ \t]*\r?\Z"
)


def _among_settings(text: str, position: int) -> bool:
    """Whether the lines before are settings or a section's heading, as in an INI file, rather than statements."""
    piece = text[max(0, position - LOOK_BACK) : position].split("\n")[1 if position > LOOK_BACK else 0 : -1]
    lines = [line for line in piece if line.strip()][-2:]
    return bool(lines) and all(map(_SETTING.match, lines)) and not any(map(_CODE_LINE_START.search, lines))


_PAIRS_BEFORE = re.compile(r"(?:[\w.\-]+[ \t]+)?(?:[\w.\-]+=[^\s,;(){}<>]+[ \t]+)+\Z")
_PAIRS_AFTER = re.compile(r"(?:[ \t]+[\w.\-]+=[^\s,;(){}<>]+)*[ \t]*\r?(?:#.*)?(?=\n|\Z)")


def _is_among_pairs(text: str, line_start: int, name_start: int, value_end: int) -> bool:
    """Whether the line consists of `name=value` pairs, after at most one word, as in an inventory of hosts."""
    if name_start - line_start > 2 * LOOK_BACK:
        return False
    before = _PAIRS_BEFORE.match(text, line_start, name_start)
    return before is not None and _PAIRS_AFTER.match(text, value_end, value_end + 2 * LOOK_BACK) is not None


def without_scheme(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space around it and without `Bearer` before it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    scheme = _SCHEME.match(text, start, end)
    return (scheme.end() if scheme else start), end
