"""What stands where a secret would stand, but is none: placeholders, masks, references and code."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter

from promptguard.detectors.secrets.documented_values import is_documented_key
from promptguard.detectors.stems import word_set

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
"""The words of `camelCase`, `snake_case`, `kebab-case` and `SHOUTING_CASE` names."""


_ANYWHERE = word_set("your yours my example examples sample placeholder changeme dummy redacted todo fixme lorem ipsum")
"""Words that mark a whole value as a stand-in, wherever they stand in it."""

_WITHOUT_NUMBER = word_set(
    "masked removed insert replace hidden omitted goes ihr ihre dein deine votre tu tus su sua seu tua din jouw"
)
"""Words that do so too, unless a number stands beside them: people make passwords of such words and `123`."""

_ALONE = word_set(
    # Nothing, types and schema words
    "none null nil true false undefined nan void yes no on off empty blank unset unknown default optional required "
    "string str text int integer number bool boolean bytes char object any array list dict map type value values "
    "varchar nvarchar secretstr field fields column input output data env var variable config settings "
    # The words for secrets themselves, and what surrounds them
    "password passwd passwort pass pwd pw passphrase passcode pin secret secrets token tokens key keys apikey api auth "
    "credential credentials cred creds login user username name id client access private public refresh bearer basic "
    "session csrf jwt oauth oidc sso service account app application admin root db database server host email mail "
    "contraseña contrasena kennwort wachtwoord adgangskode mot passe clave "
    # Stand-ins and what forms say about a password
    "foo bar baz qux foobar change me here new old current confirm confirmation repeat again verify reset forgot "
    "forgotten enter invalid incorrect wrong missing the a an is not must be this that test testing tests fake mock "
    "stub demo temp tmp hash hashed encrypted encoded plain raw base hex random generated use set get from to of for "
    "in and or with hide show hint label strong weak min max length size len count limit file path url uri header "
    "expired expires valid hello world abc"
)
"""Words that make no secret when a value has no others."""

_COUNTED = re.compile(
    r"(?i)^(?:test|tests|testing|demo|sample|example|foo|bar|baz|foobar)[_\-]?12(?:3(?:4(?:56?)?)?)?$"
)
"""`test123`, `demo1234`: of a document, not of an account."""

_TEMPLATE = re.compile(
    r"""
      \$\{ | \{\{ | \#\{ | \{% | <% | %\( | \$\( | \$\[\[ | \[\[     # shell, Jinja, Ruby, ERB, Python, Azure, wiki
    | ^\$[A-Za-z_]\w*$ | ^\$[A-Za-z_][\w:.>\-]*$ | ^%[A-Za-z_]\w*%$ | ^\{[A-Za-z_][\w.]*\}$ | ^:[a-z_]+$
    | ^<.*>$ | ^\[.*\]$ | ^<[A-Za-z] | ^@\w+\.\w+$ | ^!\w+(?:[ ]|$) | ^!\w+\.\w+$ | ^&\w+$ | ^\*[a-z_]\w*$
    | %s | %0\d{1,2}[A-Za-z] | (?:^|[^\w%])%[a-z@](?:[^\w%]|$) | ^\?$ | ^__\w+__$ | ^@@\w+@@$
    | ^%[-+ #]?\d*(?:\.\d+)?[a-zA-Z]$ | ^\$\[[\w.]+\]$ | ^\{[A-Za-z_][\w.\[\]"']*(?:![rsa])?(?::[^{}]*)?\}$
    """,
    re.VERBOSE,
)
"""Syntax that fetches or inserts a value instead of being one."""

_VERDICT = re.compile(r"(?:^|[:;,|/ ])(?:X?FAIL(?:ED|URES?)?|SKIP(?:PED)?|OK|ERRORS?|WARN(?:INGS?)?)(?=$|[:;,|/= ])")
"""What stands beside `PASS` in results of tests."""

_MASK = re.compile(
    r"[*•·●…]{2,}|\.{3}|x{4,}|X{4,}|#{4,}|_{6,}|-{6,}|\?{3,}|0{8,}|\[\.\.\.\]|^(?:\\*u20(?:22|26))+$|\\u2026"
)

_CODE = re.compile(
    r"""
      (?<![\w@\#$%^&*!~]) [A-Za-z_][\w.]*\s*\( (?: .*\) | ["'\w]*$ )   # a call, whole or cut off
    | ^[A-Za-z_]\w*(?:[?!]?\.[A-Za-z_]\w*)+[;,)\]]*$   # an attribute
    | ^[A-Za-z_][\w.]*\[                   # a subscript or a generic type
    | ->|=>|::|&&|\|\||\?\?               # operators
    | ^(?:self|this|os|sys|process|env|config|settings|params|args|opts|options|request|req|res|ctx|props|state)\.
    | ^(?:ref|data|var|local|module|secrets|vars|github|inputs|env)\.
    | ^(?:vault|ssm|op|env|file|secretsmanager|arn|keyvault|doppler|sops|awssm|gcp|azure-keyvault):
    | ^(?:function|lambda|async|await|new|return|typeof|import|require|self|this)\b
    """,
    re.VERBOSE,
)
"""Expressions, types and references to a place where the secret is kept."""

_SEQUENCES = (
    "0123456789012345678901234567890123456789",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "9876543210",
)
_RUN = 5
"""Characters in a row from a sequence that people type instead of thinking."""

_SHORT_RUN = 3

_COMMON_PAIRS = word_set(
    "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic "
    "ne ea ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs un "
    "lo wa ge ie wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu ev "
    "ld ry mp bl ab gh ty op wo sa ay ex ke ui if ck oo ok ey rd ag nk"
)
"""The pairs of letters that make up most English words, and most words of its neighbours: 150 of 676."""
_MIN_PAIRS = 7
"""In fewer pairs, random letters look like words too often."""
_MANY_PAIRS = 20


def entropy(text: str) -> float:
    """Shannon entropy in bits per character; 0 for an empty text."""
    size = len(text)
    return -sum(count / size * math.log2(count / size) for count in Counter(text).values())


def words(text: str) -> list[str]:
    """The words of an identifier or phrase, in lower case; digits are words of their own."""
    if text.isascii():
        return [word.lower() for word in _WORD.findall(text)]
    return re.findall(r"[^\W\d_]+|\d+", text.lower())


def is_masked(text: str) -> bool:
    """Whether characters were struck out: `****`, `xxxx`, `abc...`, or one character over and over."""
    if _MASK.search(text):
        return True
    return len(text) >= 4 and Counter(text).most_common(1)[0][1] * 5 >= len(text) * 3


def is_template(text: str) -> bool:
    """Whether a template engine or a shell will put something in its place."""
    return _TEMPLATE.search(text) is not None


def is_code(text: str) -> bool:
    """Whether it is an expression, a type or the address of a secret, not a literal."""
    return _CODE.search(text) is not None


def is_sequence(text: str) -> bool:
    """Whether two thirds of it or more are counted or spelled off: `1234567890`, `abcdef`, `qwerty`."""
    lowered = text.lower()
    covered = 0
    position = 0
    while position + _RUN <= len(lowered):
        run = 0
        for sequence in _SEQUENCES:
            size = _RUN
            while position + size <= len(lowered) and lowered[position : position + size] in sequence:
                run = size
                size += 1
        covered += run
        position += run or 1
    return covered * 3 >= len(lowered) * 2 > 0


def is_counted_off(text: str, *, share: float = 0.4) -> bool:
    """Whether much of it are short runs up, down or in place: `abc123xyz-456def`, `1111-2222`, `a1b1c1` not.

    Such a value was typed to show a format. In random hexadecimal digits such runs make up three percent.

    Args:
        share: of the letters and digits, which such runs have to make up.
    """
    lowered = [ord(character) for character in text.lower() if character.isalnum()]
    covered, start, step = 0, 0, 2
    for position in range(1, len(lowered) + 1):
        now = lowered[position] - lowered[position - 1] if position < len(lowered) else 2
        if now != step or abs(step) > 1:
            length = position - start
            covered += length if abs(step) <= 1 and length >= _SHORT_RUN else 0
            start, step = position - 1, now
    return covered >= len(lowered) * share > 0


def reads_as_words(text: str) -> bool:
    """Whether it is spelled like words, as identifiers are and random text is not: `refresh_token_rotation`.

    Digits in between, or upper and lower case in turns, speak against it.
    """
    digits = sum(map(str.isdigit, text))
    if digits * 8 > len(text):
        return False
    letters = [(a, b) for a, b in itertools.pairwise(text) if a.isalpha() and b.isalpha()]
    turns = sum(a.islower() and b.isupper() for a, b in letters)
    # In random letters a capital follows a small one at every fourth place; by chance at fewer where there are few.
    if len(letters) < _MIN_PAIRS or turns * (4 if len(letters) >= _MANY_PAIRS else 5) > len(letters):
        return False
    return spelling(text) > 0.5


def spelling(text: str) -> float:
    """The share of pairs of letters that are common in words."""
    letters = [a + b for a, b in itertools.pairwise(text.lower()) if a.isalpha() and b.isalpha()]
    return sum(pair in _COMMON_PAIRS for pair in letters) / len(letters) if letters else 0.0


def is_documentation_sample(text: str) -> bool:
    """What documents print: AWS's samples end in EXAMPLE or EXAMPLEKEY, and a long token spells no word by accident."""
    if is_documented_key(text):
        return True
    upper = text.upper()
    return upper.endswith(("EXAMPLE", "EXAMPLEKEY")) or (len(upper) >= 40 and "EXAMPLE" in upper)


def is_stand_in(text: str) -> bool:
    """Whether its words say that something else belongs there: `your-api-key`, `changeme`, `<token>`, `null`."""
    if text.lower().startswith(("changeme", "replaceme")):
        return True
    found = words(text)
    letters = [word for word in found if not word.isdigit()]
    if not letters:
        return False
    # Random text falls apart into short pieces: a word counts only where the value is made of words.
    digits = sum(len(word) for word in found if word.isdigit())
    marks = _ANYWHERE if digits > 1 else _ANYWHERE | _WITHOUT_NUMBER
    telling = sum(len(word) for word in letters if word in marks)
    if telling and (telling >= 6 or telling * 3 >= len(text)):
        return True
    spelled = sum(len(word) for word in letters if word in marks or word in _ALONE)
    return spelled == sum(map(len, letters)) and (digits <= 1 or _COUNTED.search(text) is not None)


def is_verdict(text: str) -> bool:
    """Whether it is the rest of the result of tests: `0x%08x:FAIL` after `PASS:`."""
    return _VERDICT.search(text) is not None


def is_placeholder(text: str) -> bool:
    """Whether a value that stands where a secret would stand is none, whatever its format."""
    return is_template(text) or is_masked(text) or is_stand_in(text) or is_verdict(text)
