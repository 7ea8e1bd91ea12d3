"""How much a literal looks like a password, a chosen secret or an issued key, once its name says that it may be one.

Scores are those of findings: 0 is none.
"""

from __future__ import annotations

import itertools
import re

from promptguard.detectors.secrets.dummy_values import (
    entropy,
    is_code,
    is_counted_off,
    is_placeholder,
    is_sequence,
    reads_as_words,
    spelling,
    words,
)
from promptguard.detectors.secrets.odd_signs import is_code_or_sealed, is_written_literal
from promptguard.detectors.stems import word_set

STRONG = 0.8
LIKELY = 0.65
WEAK = 0.45
"""A plain word, or digits: as a password common, and as anything else too."""

MAX_PASSWORD_LENGTH = 200
MIN_KEY_LENGTH = 8
LONG_KEY = 20
LONG_NUMBER = 16
"""Characters of a key, of one that is hardly anything else, and of digits that are no count and no time."""

_PATH_OR_ADDRESS = re.compile(
    r"^[a-z][a-z0-9+.\-]{1,15}://|^(?:~|\.{1,2})?/[\w.\-]+(?:/[\w.\-*]+)+/?$|^/[\w.\-]{1,20}/?$|^[A-Za-z]:\\|^\.{1,2}/"
)
_FILE = re.compile(
    r"[\w.\-/\\ ]+\.(?:json|ya?ml|txt|pem|key|crt|cer|p12|pfx|jks|csv|pub|py|js|ts|tsx|jsx|go|rb|java|php|vue|html?|css"
    r"|env|toml|ini|cfg|conf|xml|md|sh|exe|dll|log|png|svg|jpe?g|gif|properties)"
)
_TYPE_OR_ALGORITHM = re.compile(
    r"(?i)(?:u?int|float|char|varchar|sha|md|utf|base|aes|rsa|ed|hs|rs|es|ps|pbkdf|argon|oauth)[\-_]?\d{1,4}(?:[\-_]\w{1,10})*"
)
_IN_A_STORE = re.compile(r"(?:[a-z][a-z.\-]*[/:])+[A-Z][A-Z\d]*(?:_[A-Z\d]+)+")
"""`os.environ/E2B_API_KEY`: a variable by the place where it is looked up."""
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX = re.compile(r"(?:0x)?[0-9a-fA-F]+")
_DATE_OR_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:.+Z\-]+)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}:\d\d(?::\d\d)?")
_NUMBER_OR_VERSION = re.compile(r"[vV]?\d+(?:\.\d+)+(?:[\-+]?[a-z]+\.?\d*)?|\d+(?:px|em|ms|s|m|h|d|kb|mb|gb|%)")
_ALGORITHM = re.compile(
    r"(?i)(?:u?int|float|double|char|varchar|sha|md|utf|base|aes|rsa|des|ed|hs|rs|es|ps|x|p|ecdsa|hmac|pbkdf|argon|oauth|v"
    r"|http|ipv|win|latin|iso|cp|secp|curve|bcrypt|blowfish|level|step|test|arg|str|param|foo|bar|baz|user|item|key|val"
    r"|value|tmp|var|col|field|input|output|token|secret|pw|pass|password|pwd)[\-_]?\d{1,4}(?:[\-_]\w{1,10})*"
)
"""Types, algorithms and variables that end in a number."""
_NAME = re.compile(r"[A-Za-z_$][A-Za-z]*(?:[_\-.:][A-Za-z]+)*_?\d?")
_CAMEL_CASE = re.compile(r"[A-Za-z]?[a-z]+(?:[A-Z]+[a-z]+)+[vV]?\d{0,2}|[A-Z][a-z]+(?:[A-Z]+[a-z]*)+")
_PASS_PHRASE = re.compile(r"[A-Z][a-z]{3,}(?:[_\-][A-Z][a-z]{3,}){2,5}")
"""Words as generators of pass phrases join them, and no language its names."""
_NAME_PART = re.compile(r"[A-Za-z]{2,}\d{0,2}|[a-z]{1,5}\d{0,5}|\d{1,4}|[vV]\d+|[a-z]\d{1,3}[a-z]?|cl\d+k")
_MIN_UNREADABLE_LENGTH = 8
"""Characters of something written like a name whose letters make up no words."""
_NO_KEY = re.compile(r"[\s<>{}\[\]():]")
"""Signs that issued keys do not have, colons among them: they join a user or a kind to a value."""
_LEAST_ENTROPY = 2.2
"""Bits per character; eight different digits and letters have 2.5 or more."""
_LEAST_SPELLING = 0.34
"""Share of pairs of letters that are common in words: 0.22 in random letters, 0.5 and more in words."""
_DICTIONARY_SIGN = re.compile(r"[!@#$%^&*+~?=|\\]")
_DEMONSTRATION = re.compile(
    r"(?i)example(?:key)?$|^x{3,}|x{4,}$|(?:^|[_\-])your[_\-]|^my[_\-]?(?:secret|token|api|key|pass)"
)
_OAUTH = re.compile(r"[A-Za-z]{0,2}Auth[12](?:[A-Z][a-z]+){1,4}")
_MANY_WORDS, _SHORTEST_WORD, _MAX_SHORT = 6, 3, 2
_SPELLED, _MOST = 0.5, 0.8
"""Of a name that has letters of their own among its words: how much is spelled like words, and in words."""
_TITLE = re.compile(r"[A-Z][a-z]+")
_BY_RULE = re.compile(r"(?:[A-Z][a-z]{1,12}){0,2}(?:Pass(?:w(?:or[dt]|d))?|Kennwort|Secret|Geheim|Admin|Welcome)\d!?")
"""`MyPassword1`: a capital and a digit, because a form insists on both; a name in a program has no capital there."""
_THOUGHT_UP = re.compile(r"[A-Za-z][_\-]?\d{3,6}\Z")


SUBJECTS = word_set(
    "password passwd passwort passwörter kennwort passphrase passcode pwd pass pin secret token key keys"
    " apikey credential credentials auth login signin signup user username account email clave contraseña contrasena"
    " wachtwoord adgangskode mot passe parola senha zugangsdaten"
)
"""Words that name a secret or its owner: labels and identifiers are made of them, secrets seldom."""

STATES = word_set(
    # What configuration says instead of giving a secret: how to ask for it, where it is kept, whether there is one.
    "prompt ask manual stdin keychain keyring vault file env ldap pam md5 trust peer ident plain login digest basic"
    " bearer saml jwt oauth kerberos gssapi ntlm disabled enabled always never auto inherit internal external self this"
    " sensitive sha bcrypt argon scrypt pbkdf crypt ssha aes rsa hmac scram cram negotiate interactive automatic"
    " rotate rotated revoked active inactive pending new changed updated reset created deleted stored shared private"
    " public visible hidden show hide weak strong short long medium good bad same different correct incorrect wrong"
    " right ok okay none any all some other both either neither not available unavailable needed provided given set"
    " unset saved cached encrypted decrypted hashed salted masked obfuscated generated random unique static dynamic"
    " bool boolean integer float double byte bytes object array dict map list tuple function callable class struct enum"
    " interface varchar nvarchar nchar uuid guid date datetime timestamp json xml html yaml regex symbol bigint buffer"
    " final const let val fun def return yield await new delete import export from require include print echo if else"
    " elif while for in is and or xor try catch throw raise with as var void static async"
    " identifier literal keyword operator comment eof newline whitespace separator punctuation delimiter"
    # Where somebody keeps it for you
    "bitwarden lastpass keepass onepassword"
)
"""Single words that stand where a value stands, and say something about it."""


def is_reference(value: str) -> bool:
    """Whether a literal names or addresses something: a path, a URL, a file, a version, a date, an algorithm."""
    return bool(
        _PATH_OR_ADDRESS.search(value)
        or _FILE.fullmatch(value)
        or _DATE_OR_TIME.fullmatch(value)
        or _NUMBER_OR_VERSION.fullmatch(value)
        or _IN_A_STORE.fullmatch(value)
    )


def mixes_kinds(value: str) -> bool:
    """Whether letters go with digits or signs, or case changes within, as passwords do and words do not."""
    digit = any(map(str.isdigit, value))
    letter = any(map(str.isalpha, value))
    if digit and letter:
        return True
    if _DICTIONARY_SIGN.search(value):
        return letter or digit
    return letter and len(value) <= 16 and re.search(r"[a-z][A-Z]+[a-z]+[A-Z]", value) is not None


def is_name(value: str) -> bool:
    """Whether it is written as code writes names: `user_password`, `newPassword`, `app.secret`, `auth-token`."""
    return bool(_CAMEL_CASE.fullmatch(value) or (_NAME.fullmatch(value) and re.search(r"[_\-.:]", value)))


def quoted_password(value: str) -> float:
    """The score of a literal in quotes under a name that says password."""
    value = value.strip()
    if not _is_word_like(value) and is_written_literal(value, quoted=True):
        return 0.0 if is_reference(value) else STRONG
    if _BY_RULE.fullmatch(value):
        return WEAK
    if not 3 <= len(value) <= MAX_PASSWORD_LENGTH or _is_no_literal(value) or is_reference(value):
        return 0.0
    if " " in value:
        return _phrase(value)
    if not value.isascii() and not any(map(str.isdigit, value)) and value.isalpha():
        # Labels of a translated user interface.
        return WEAK if value.islower() and len(value) >= 6 and all(ord(c) < 0x250 for c in value) else 0.0
    found = [word for word in words(value) if not word.isdigit()]
    if _TYPE_OR_ALGORITHM.fullmatch(value):
        return 0.0
    if is_name(value) and not is_random(value):
        return _like_a_name(value)
    if mixes_kinds(value):
        return STRONG if len(value) >= 6 else LIKELY
    if value.lower() in STATES or (found and all(word in STATES or word in SUBJECTS for word in found)):
        return 0.0
    return 0.5 if len(value) >= 4 else WEAK


def _is_word_like(value: str) -> bool:
    """Whether there are no signs in it that only passwords have: names and words are judged more closely."""
    return re.fullmatch(r"[\w\-+/.=~]+", value) is not None


def _like_a_name(value: str) -> float:
    """The score of a password that is written as names are: it does not speak of a secret, and spells no words."""
    found = [word for word in words(value) if not word.isdigit()]
    if any(word in SUBJECTS or word in STATES for word in found) or len(found) > 3:
        return 0.0
    if _PASS_PHRASE.fullmatch(value):
        return WEAK
    if value[-1].isdigit():
        return LIKELY if not reads_as_words(value) or value[-2].isdigit() else WEAK
    joined = re.fullmatch(r"[a-z]+(?:-[a-z]+)+", value) is not None
    return WEAK if not reads_as_words(value) and (joined or len(value) >= _MIN_UNREADABLE_LENGTH) else 0.0


def bare_password(value: str, *, configuration: bool, titled: bool = True) -> float:
    """The score of what stands without quotes behind `password=` or `password:`. In code that is mostly a name.

    Args:
        value: without white space.
        configuration: it stands where only a literal can (a line of YAML, env or INI, an XML element).
        titled: a capitalised word is no type and no heading there.
    """
    if is_code_or_sealed(value):
        return 0.0
    if not _is_word_like(value) and is_written_literal(value, quoted=configuration) and not is_reference(value):
        return 0.7
    if not 3 <= len(value) <= MAX_PASSWORD_LENGTH or _is_no_literal(value) or is_reference(value):
        return 0.0
    if value.isdigit():
        return 0.5 if len(value) >= 4 and (configuration or len(value) >= 5) else 0.0
    if _TYPE_OR_ALGORITHM.fullmatch(value):
        return 0.0
    if _ALGORITHM.fullmatch(value) and not (configuration and re.search(r"\d{3}", value)):
        return 0.0
    if mixes_kinds(value):
        if is_name(value) and not is_random(value):
            return _like_a_name(value) if configuration else 0.0
        if not configuration and re.fullmatch(r"[A-Za-z_]+_\w*|[a-z]+[A-Z]\w*", value) and not is_random(value):
            return 0.0
        return 0.7
    if not configuration or not value.isascii():
        return 0.0
    if is_name(value):
        return _like_a_name(value)
    # Types and headings are capitalised where a colon stands: `token: Token`, `Password: Required`.
    plain = value.isalpha() and len(value) >= 4 and (titled or not is_title(value))
    return WEAK if plain and value.lower() not in STATES and value.lower() not in SUBJECTS else 0.0


def chosen_secret(value: str, *, quoted: bool, configuration: bool) -> float:
    """The score of a value under `secret` or `secret_key`: issued, or thought up like a password."""
    issued = issued_key(value)
    if issued:
        return issued
    value = value.strip()
    if is_name(value) or len(value) < 6 or " " in value or is_sequence(value):
        return 0.0
    # Names of secrets in a store are made of words: a bare word under `secret` is its address more often.
    score = quoted_password(value) if quoted else bare_password(value, configuration=configuration)
    if not mixes_kinds(value):
        return min(score, WEAK) if quoted and value.isalpha() and value.islower() and len(value) >= 8 else 0.0
    if _looks_written(value):
        # Somebody thought it up, with a year or a number that a name in a program would not have.
        return min(score, WEAK) if quoted and _THOUGHT_UP.search(value) else 0.0
    return min(score, LIKELY)


def issued_key(value: str, *, shortest: int = MIN_KEY_LENGTH) -> float:
    """The score of a value under a name that says token or key: as random as what machines issue."""
    if len(value) < shortest or _NO_KEY.search(value) or is_reference(value):
        return 0.0
    bits = entropy(value)
    if bits < _LEAST_ENTROPY or _DEMONSTRATION.search(value) or _is_no_literal(value) or is_sequence(value):
        return 0.0
    if _UUID.fullmatch(value):
        return 0.75 if bits > 2.5 else 0.0
    digit = any(map(str.isdigit, value))
    if value.isdigit():
        return 0.5 if len(value) >= LONG_NUMBER and bits >= 2.5 else 0.0
    if _ALGORITHM.fullmatch(value):
        return 0.0
    if _HEX.fullmatch(value) and digit:
        if len(value) < 16 or bits < 2.6:
            return 0.0
        return STRONG if len(value) >= 24 else 0.6
    if not digit and len(value) >= LONG_KEY and value.isalpha() and value == value.lower():
        return 0.6 if spelling(value) < _LEAST_SPELLING and not is_counted_off(value) else 0.0
    if _looks_written(value):
        return 0.0
    if not digit:
        # Letters alone are random where upper and lower case alternate as no written name does.
        return 0.6 if len(value) >= 16 and is_random(value) else 0.0
    if len(value) >= LONG_KEY:
        return STRONG if bits >= 3.2 else 0.0
    return LIKELY if bits >= min(2.9, 0.28 * len(value)) else 0.0


def any_key(value: str) -> float:
    """The score of a value under `key`, `salt`, `id`: long and random, or it is an ordinary one."""
    if len(value) < 16 or len(set(value)) < 8:
        return 0.0
    score = issued_key(value)
    if not score or _UUID.fullmatch(value) or not any(map(str.isdigit, value)) or value.isdigit():
        # Ids of records are UUIDs and numbers.
        return 0.0
    return min(score, LIKELY) if len(value) >= LONG_KEY or mixed_case(value) else 0.0


def mixed_case(value: str) -> bool:
    """Whether both cases and digits occur."""
    return value != value.lower() and value != value.upper() and any(map(str.isdigit, value))


def _is_no_literal(value: str) -> bool:
    return is_placeholder(value) or (is_code(value) and not is_random(value))


def is_random(value: str) -> bool:
    """Whether upper and lower case, or letters and digits, alternate as they do in no word."""
    if re.search(r"[^\w\-+/=.~!@#$%^&*|]", value) or len(value) < 8:
        return False
    turns = sum(_sort(a) != _sort(b) for a, b in itertools.pairwise(value))
    if any(map(str.isdigit, value)):
        return turns * 3 >= len(value) and entropy(value) >= 2.8
    return len(value) >= 16 and turns * 4 >= len(value) and entropy(value) >= 3.0 and not reads_as_words(value)


def _sort(character: str) -> int:
    return 0 if character.isdigit() else 1 if character.isupper() else 2 if character.islower() else 3


def _phrase(value: str) -> float:
    """Several words: a pass phrase, or a sentence about the password, a label, an error."""
    parts = value.split()
    if len(parts) > 8 or re.search(r"[.:?,;!]$|['’]s\b|\.\.", value) or any(len(part) > 24 for part in parts):
        return 0.0
    lowered = [part.lower() for part in parts]
    if any(part in SUBJECTS or part in FUNCTION_WORDS for part in lowered):
        return 0.0
    if len(parts) >= 4 and all(part.isalnum() and part.islower() for part in parts):
        return WEAK
    if any(part in STATES for part in lowered):
        return 0.0
    if any(mixes_kinds(part) and not _ALGORITHM.fullmatch(part) for part in parts) and len(parts) <= 4:
        return 0.5
    return 0.0


FUNCTION_WORDS = word_set(
    "the a an of to in on at for from by with without and or but not no is are was were be been has have had do does"
    " did can could will would shall should may might must if then else when while where which who whom whose what how"
    " why this that these those it its your you our we my i he she they their them us please enter type choose select"
    " use using used than too very more most least at characters character letters digits invalid example"
    " der die das ein eine und oder nicht ist sind war mit ohne für von zu im am bitte ihr sie le la les un une des du"
    " de et ou ne pas est sont avec sans pour par votre vous el los las una y o no es son con sin para por su il lo gli"
    " e non è sono di da in per het een en of niet zijn met voor van uw og eller ikke er med til din"
)


def _looks_written(value: str) -> bool:
    """A name of words and small numbers: `my-app-token-2`, `refreshTokenV2`, `cl100k_base`, `size=65`."""
    if re.match(r"[A-Za-z_]+=[^=]", value):
        return True
    parts = re.split(r"[_\-.:/ ]+", value)
    if len(parts) > 1 and all(map(_NAME_PART.fullmatch, parts)):
        return True
    if _CAMEL_CASE.fullmatch(value) and not is_random(value):
        return True
    if re.fullmatch(r"[A-Za-z]?[a-z]+[vV]?\d{0,2}", value):
        return True
    if value.lower() == value or value.upper() == value:
        return False
    if _OAUTH.fullmatch(value):
        return True
    # `MLKEM1024P384PublicKey`: random text of mixed case falls apart into pieces of two letters, names into words.
    letters = [word for word in words(value) if not word.isdigit()]
    if len(letters) > _MANY_WORDS and sum(len(word) < _SHORTEST_WORD for word in letters) <= _MAX_SHORT:
        letters = [word for word in letters if len(word) >= _SHORTEST_WORD]  # `AwsSdkSigV4AAuthInputConfig`
        return spelling("".join(letters)) > _SPELLED and sum(map(len, letters)) > _MOST * len(value)
    return len(letters) >= 3 and sum(map(len, letters)) >= max(4 * len(letters), 0.6 * len(value))


def is_title(value: str) -> bool:
    """Whether it is one capitalised word, as types and headings are."""
    return _TITLE.fullmatch(value) is not None
