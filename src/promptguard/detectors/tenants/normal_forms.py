"""The one way, or the few ways, in which a value of a column is compared, whichever way it is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from promptguard.detectors.tenants.dates import dates_in
from promptguard.detectors.tenants.folding import words_of
from promptguard.detectors.tenants.kinds import ColumnKind
from promptguard.detectors.tenants.terms import (
    MAX_CODE_LENGTH,
    MAX_PERSON_LENGTH,
    MAX_TERM_LENGTH,
    MAX_WORD_LENGTH,
    Shape,
    Term,
    beginning_of,
    code_form,
    international_form,
    person_form,
    plain,
    without_leading_zeros,
)
from promptguard.detectors.tenants.word_lists import (
    COMMON_WORDS,
    LEGAL_FORMS,
    NAME_SUFFIXES,
    PUBLIC_DOMAINS,
    STREETS,
    TITLES,
)

MIN_TERM_LENGTH = 4
"""Letters and digits. Shorter terms stand in ordinary text by accident."""
MIN_WITHOUT_SPACES_LENGTH = 3
"""The same in scripts that need no spaces, where each character says more."""
MIN_NUMBER_LENGTH = 6
"""Digits of a term that has nothing but digits: shorter ones are prices, years and line numbers."""
MIN_TEXT_LENGTH = 8
"""Letters and digits of an address or free text, which must have two words or more."""
HOST = re.compile(r"(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63})+")
"""What can be a host name; also the part of an e-mail address behind the @."""
_MAILBOX = re.compile(r"[^\s@<>(),:;\"\[\]\\]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
"""An address as it is used (RFC 5321 4.1.2, without quoted local parts)."""
MAX_HOST_LENGTH = 8
"""Labels of a host name."""
_ID_SEPARATORS = re.compile(r"[-_/. ]?")
_WORD = re.compile(r"[^\W_]+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


def terms_of(kind: ColumnKind, value: str, region: str | None = None) -> tuple[list[Term], str]:
    """The terms to look for where a cell holds `value`; or none, and why.

    Args:
        kind: one whose values are looked for, and neither a given nor a family name.
        value: not empty.
        region: ISO 3166 code of the country whose phone numbers stand without a country code.
    """
    if kind is ColumnKind.PHONE:
        return _phone(value, region)
    return _NORMALISERS[kind](value)


def _ordered(words: list[str]) -> Term:
    words = without_leading_zeros(words)
    return Term(" ".join(words), Shape.WORDS, "".join(words), len(words), beginning=beginning_of(words))


def _verbatim(text: str) -> Term:
    """A term of which every sign counts, as in an e-mail address."""
    words = without_leading_zeros(words_of(text))
    return Term(text, Shape.VERBATIM, "".join(words), len(words))


def _problem_of_words(words: list[str], most: int = MAX_TERM_LENGTH) -> str:
    if not words:
        return "no letters or digits in it"
    if len(words) > most:
        return f"more than {most} words"
    if any(len(word) > MAX_WORD_LENGTH for word in words):
        return f"a word of more than {MAX_WORD_LENGTH} characters"
    letters = "".join(words)
    if len(letters) < MIN_TERM_LENGTH and not _is_dense(words):
        return f"shorter than {MIN_TERM_LENGTH} characters"
    if letters.isdecimal() and len(letters.lstrip("0")) < MIN_NUMBER_LENGTH:
        return f"a number of fewer than {MIN_NUMBER_LENGTH} digits"
    return ""


def _is_dense(words: list[str]) -> bool:
    """Whether these are characters of a script without spaces, and enough of them."""
    return len(words) >= MIN_WITHOUT_SPACES_LENGTH and all(len(word) == 1 and word > "\u3000" for word in words)


def without_legal_form(words: list[str]) -> list[str]:
    """A company's name without `GmbH & Co. KG`, `Ltd`, `S.p.A.` and their like at its end."""
    end = len(words)
    while end > 1:
        letters = end
        while letters > 1 and len(words[letters - 1]) == 1:
            letters -= 1
        if end - letters > 1 and "".join(words[letters:end]) in LEGAL_FORMS:
            end = letters
        elif words[end - 1] in LEGAL_FORMS:
            end -= 1
        else:
            break
    return words[:end]


def _spellings(value: str) -> Iterator[str]:
    """A value; once more with `ue` for `ü`, as it is written where there is no `ü`."""
    yield value
    if not value.isascii():
        lower = unicodedata.normalize("NFC", value).lower()
        spelt = lower.translate(_UMLAUTS)
        if spelt != lower:
            yield spelt


def problem_of_company(words: list[str]) -> str:
    """Why a company's name cannot be looked for; empty if it can."""
    problem = _problem_of_words(words)
    if not problem and len(words) == 1 and words[0] in COMMON_WORDS:
        return "an ordinary English word"
    return problem


def _company(value: str) -> tuple[list[Term], str]:
    terms: list[Term] = []
    problem = ""
    for words in map(words_of, _spellings(value)):
        short = without_legal_form(words)
        # The short form is enough, as a legal form behind it is added when it is found.
        chosen = next((each for each in (short, words) if not problem_of_company(each)), None)
        if chosen:
            terms.append(_ordered(chosen))
        else:
            problem = problem or problem_of_company(words)
    return terms, "" if terms else problem


def _person(value: str) -> tuple[list[Term], str]:
    terms: list[Term] = []
    for spelling in _spellings(value):
        # “Doe, Jane”, but also “Jane Doe, MD”. Order plays no part but for which words are the first and the last.
        family, _, given = spelling.partition(",")
        words = _untitled(words_of(given)) + _untitled(words_of(family))
        problem = (
            "one word is not enough for a person" if len(words) == 1 else _problem_of_words(words, MAX_PERSON_LENGTH)
        )
        if problem and not _is_short_dense_name(words):
            return terms, "" if terms else problem
        terms.append(_bag(words))
        if len(words) > 2 and not _is_dense(words) and not _problem_of_words([words[0], words[-1]]):
            terms.append(_bag([words[0], words[-1]]))
    return terms, ""


def _bag(words: list[str]) -> Term:
    return Term(person_form(words), Shape.BAG, words=len(words), bag=tuple(words))


def _untitled(words: list[str]) -> list[str]:
    while words and words[0] in TITLES:
        words = words[1:]
    while words and words[-1] in NAME_SUFFIXES:
        words = words[:-1]
    return words


def _is_short_dense_name(words: list[str]) -> bool:
    """Whether this is a whole name of two ideographs: family and given name of one each."""
    return len(words) == 2 and _is_dense([*words, *words])


def _id(value: str) -> tuple[list[Term], str]:
    value = value.strip().lstrip("#").strip()
    words = words_of(value)
    problem = _problem_of_words(words, MAX_CODE_LENGTH)
    if problem:
        return [], problem
    code = code_form(words)
    if not all(map(_ID_SEPARATORS.fullmatch, _WORD.split(value))):
        return [], "an id may hold letters and digits, and between them single - _ / . or spaces"
    if code in COMMON_WORDS:
        return [], "an ordinary English word"
    if not any(map(str.isdecimal, code)):
        # Without digits it is one of many words to the filter, so that it must be grouped as it is here.
        return [Term(code, Shape.WORDS, code, len(words), beginning=beginning_of(words))], ""
    return [Term(code, Shape.CODE, code)], ""


def _phone(value: str, region: str | None) -> tuple[list[Term], str]:
    import phonenumbers  # takes a tenth of a second, and is needed to build an index only

    value = value.strip().replace("(0)", "")
    if value.startswith("00"):
        value = f"+{value[2:]}"
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException as error:
        if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE and not value.startswith("+"):
            return [], "a phone number without a country code; say which country's they are (region)"
        return [], "no phone number"
    if not phonenumbers.is_possible_number(number):
        return [], "no phone number"
    national = phonenumbers.national_significant_number(number).lstrip("0")
    if len(national) < MIN_NUMBER_LENGTH:
        return [], f"a number of fewer than {MIN_NUMBER_LENGTH} digits"
    # Trunk prefixes and international call prefixes are zeros nearly everywhere, and go with the leading zeros.
    forms = national, international_form(str(number.country_code), national)
    return [Term(form, Shape.CODE, form) for form in forms], ""


def _email(value: str) -> tuple[list[Term], str]:
    address = plain(value.strip().removeprefix("mailto:"))
    if not _MAILBOX.fullmatch(address):
        return [], "no e-mail address"
    return [_verbatim(address)], _problem_of_words(words_of(address))


def domain_of(text: str) -> str:
    """The host of a domain, an address of a web page or an e-mail address, normalised, without `www.`."""
    host = plain(text.strip())
    host = host.rpartition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
    return host.removeprefix("*.").removeprefix("www.").strip(".")


def _domain(value: str) -> tuple[list[Term], str]:
    host = domain_of(value)
    if not HOST.fullmatch(host):
        return [], "no host name with a dot"
    if len(host) < MIN_TERM_LENGTH:
        return [], f"shorter than {MIN_TERM_LENGTH} characters"
    if host.count(".") >= MAX_HOST_LENGTH:
        return [], f"more than {MAX_HOST_LENGTH} labels"
    if host in PUBLIC_DOMAINS:
        return [], "a mail provider, a public suffix or a site that is nobody's own"
    if problem := _problem_of_words(words_of(host)):
        return [], problem
    return [_verbatim(each) for each in sorted(_host_spellings(host))], ""


def _host_spellings(host: str) -> set[str]:
    """A host name in Unicode and in the form of the wire (RFC 5891), as either may be written."""
    spellings = {host}
    try:
        spellings.add(host.encode("idna").decode("ascii"))
        spellings.add(plain(host.encode("ascii").decode("idna")))
    except UnicodeError:
        pass
    return {each for each in spellings if len(words_of(each)) <= MAX_TERM_LENGTH}


def _text(value: str) -> tuple[list[Term], str]:
    spellings = list(map(words_of, _spellings(value)))
    problem = _problem_of_words(spellings[0])
    if not problem and (len(spellings[0]) < 2 or len("".join(spellings[0])) < MIN_TEXT_LENGTH):
        problem = f"fewer than two words or {MIN_TEXT_LENGTH} characters"
    return ([] if problem else [_ordered(words) for words in spellings if len(words) <= MAX_TERM_LENGTH]), problem


def _address(value: str) -> tuple[list[Term], str]:
    terms, problem = _text(value)
    words = words_of(value)
    short = [_short_street(word) for word in words]
    long = [_long_street(word) for word in words]
    terms += [_ordered(each) for each in (short, long) if terms and each != words]
    return terms, problem


def _short_street(word: str) -> str:
    ending = next((each for each in STREETS if word.endswith(each)), None)
    return word[: -len(ending)] + STREETS[ending] if ending else word


def _long_street(word: str) -> str:
    """`hauptstr` as `hauptstrasse`; of the others only whole words can be told from endings of names."""
    if word.endswith("str") and len(word) > len("str"):
        return f"{word}asse"
    return next((whole for whole, short in STREETS.items() if word == short), word)


def _date(value: str) -> tuple[list[Term], str]:
    value = value.strip().partition("T")[0].removesuffix(" 00:00:00")
    forms = [form for start, end, form in dates_in(value) if (start, end) == (0, len(value))]
    if not forms:
        return [], "no date with a year of four digits"
    return [Term(form, Shape.DAY) for form in dict.fromkeys(forms)], ""


_NORMALISERS: dict[ColumnKind, Callable[[str], tuple[list[Term], str]]] = {
    ColumnKind.COMPANY: _company,
    ColumnKind.PERSON: _person,
    ColumnKind.ID: _id,
    ColumnKind.EMAIL: _email,
    ColumnKind.DOMAIN: _domain,
    ColumnKind.ADDRESS: _address,
    ColumnKind.TEXT: _text,
    ColumnKind.DATE: _date,
}
