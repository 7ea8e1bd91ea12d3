"""Secrets that are told in two texts: `my password is` and the value, a question and its answer, `--password` and what
follows it in an array.

The first text has to ask for the secret or introduce it, and the second to be little more than the value: what follows
"What is your password?" is mostly a sentence.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from promptguard.detectors.secrets import secret_literals, spoken_words
from promptguard.detectors.secrets.secret_names import NameKind, kind_of
from promptguard.model import DataClass, Match, Nature, Path, Role, Segment
from promptguard.wire.documents.names import TRANSPARENT, WELL_KNOWN

DETECTOR: Final = "SecretApart"
"""What findings name as their detector."""

HIDDEN: Final = "label and value apart"

MAX_TAIL: Final = 200
"""Characters at the end of a text that may ask for a secret or introduce one."""

MAX_END: Final = 24
"""The same, of a text that breaks off where the value would come."""

MAX_LABEL: Final = 64
"""Characters of a text that is a name and nothing else."""

MAX_ANSWER: Final = 120
"""Characters of a text that is little more than a value."""

MAX_WORDS: Final = 12
"""Words of such a text, less one."""

MAX_BETWEEN: Final = 3
"""Texts before one of which each may introduce it: an answer of the service may stand between two of a person's. Also
the sentences of such a text."""

MAX_CLAUSE: Final = 80
"""Characters between the word for the secret and the end of the sentence that asks for it."""

_PASSWORDS: Final = (
    r"pass(?:[ -]?word|wort|wd|phrase|code|[ -]?key)?|pwd|pw|kennwort|zugangscode|zugangsdaten|mots? de passe|mdp"
    r"|contrase[ñn]a|clave|wachtwoord|toegangscode|adgangskode|kodeord|l[öo]senord|senha|palavra-passe"
    r"|parola(?: d['’]ordine)?|has[łl]o|heslo|salasana|[şs]ifre|credentials?|login data|geheimwort|codice segreto"
    r"|пароль|סיסמה|κωδικός|पासवर्ड|كلمة (?:المرور|السر)"
)
_EASTERN: Final = "密码|密碼|口令|パスワード|暗証番号|비밀번호|암호|密钥|令牌"
"""Where no space stands between words."""
_CODES: Final = (
    r"pin(?:[ -]?(?:code|number|nummer))?|puk|otp|tan|(?:security|verification|access|door|alarm|confirmation|backup"
    r"|recovery|one[ -]time|2fa|mfa|sms|unlock|login) code|(?:sicherheits|bestätigungs|zugangs|tür)[ -]?code|geheimzahl"
    r"|code (?:d['’]accès|secret|de vérification)|código (?:pin|de (?:seguridad|verificación|acceso))|cv[cv]2?|passcode"
)
_KEYS: Final = (
    r"(?:(?:api|access|secret|auth|bearer|private|encryption|signing|account|master|service|licen[cs]e|client|webhook"
    r"|session|refresh|personal access)[ _-]?)(?:key|token|secret|schlüssel)|(?:api|access)[ -]?schlüssel|token|secret"
    r"|cl(?:é|e) (?:d['’])?api|clave (?:de )?api|chiave api|api[ -]sleutel|api ?キー"
)
_NOUN: Final = re.compile(
    rf"(?<![^\W_])(?:(?P<code>{_CODES})|(?P<key>{_KEYS})|(?P<password>{_PASSWORDS}))(?![a-zà-ž\d])"
    rf"|(?P<eastern>{_EASTERN})"
)

_ABOUT: Final = re.compile(
    r"[ -]?(?:polic|manager|hash|reset|strength|length|field|requirement|rule|generator|format|protect|hint|type"
    r"|count|limit|expir|rotation|storage|vault|safe\b|less|change|recovery|cracker|leak|complexity|file|input"
    r"|authentication)|s\b"
)
"""What after the word for a secret makes it another thing."""

_ASKS: Final = re.compile(
    r"(?<![^\W_])(?:what|which|wh?at['’]?s|enter|type|give|tell|share|provide|send|paste|need|supply|specify|input"
    r"|say|confirm|repeat|remember|know|have|post|show|write|choose|pick|set|use|using|please|reply"
    r"|wie|welche[sr]?|was|gib|geben|nenne?n?|sagen?|schicken?|tipp|eingeben|mitteilen|brauche|bitte|lautet|habe"
    r"|quel(?:le)?s?|donne[rz]?|saisi[rst]\w*|entre[rz]?|indique[rz]?|envo\w+|partage[rz]?|besoin|tape[rz]?"
    r"|cu[áa]l|dime|dame|introdu\w+|escrib\w+|ingres\w+|necesito|env[íi]a\w*|proporcion\w+"
    r"|qual[e'’]?|dimmi|inserisc\w+|inseri\w+|serve|fornisc\w+|invia\w*|digit\w+|informe|insira|envie"
    r"|wat|welke?|geef|voer|typ|vul|stuur|hvad|hvilke[nt]?|indtast|giv|skriv|podaj|jaki[ea]?|zadejte|jak[áé]"
    r"|какой|введите|укажите)(?![^\W_])"
    r"|是什么|請|请|输入|告诉|教えて|入力|何です|무엇|입력|알려|ما هي|أدخل"
)
"""Words with which one asks for something."""

_INTRODUCES: Final = re.compile(
    r"(?:[:=：＝→–—-]|[-=]>|(?<![^\W_])(?:is|was|are|be|now|to|ist|lautet|heißt|war|auf|est|es|era|è|sarà|luidt|er"
    r"|lyder|jest|это|it['’]?s|follows|folgt|below|here|following|nun|jetzt|this|next)|是|为|は)"
    r"[\s\"'`“„«*_(\[:.…]{0,8}\Z"
)
"""Ends of a text after which a value comes."""

_ENCODED: Final = re.compile(r"(?P<run>[A-Za-z0-9+/]{12,})(?P<end>={1,2})\Z")
"""What may be base64: the floats of a vector under one all end in `Pw==`, which is no `pw=`."""

_SEPARATOR: Final = re.compile(
    r"[\s*_`|(\[\"'-]{0,8}(?:[:=：＝→–—|-]|[-=]>|is|ist|est|es|è)[\s*_`|>)\]\"'-]{0,8}", re.IGNORECASE
)
"""A text that is nothing but what stands between a label and its value."""

_MAX_LABEL_WORDS: Final = 4
_LABEL: Final = re.compile(r"[-/$%#*_\s\"'`<({\[]{0,8}[^\W\d][\w.\- /'’]{0,60}[\s\"'`*_>)}\]?]{0,8}")
"""A text that is nothing but a name: `password`, `--password`, `DB_PASSWORD`, `**Password**`."""
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s|[。！？\n]")

_LEAD: Final = re.compile(
    r"(?i)(?:(?:sure|ok(?:ay)?|yes|yeah|yep|hi|hello|ja|klar|gerne?|oui|bien sûr|sí|claro|certo|sì|of course|here|hier"
    r"|voici|aquí|ecco|it|it['’]?s|is|that['’]?s|this|es|das|ist|c['’]est|la|è|you go|use|try|just|my|mine|the"
    r"|password|pin|code|passwort|kennwort|one|would be|lautet|goes|i use|i think|so|well|und|and|then|please)"
    r"[\s,:;.!–-]{1,4}){0,8}"
)
"""What people put before the value they were asked for."""
_TRAIL: Final = re.compile(
    r"(?i)[\s,;.!)]{0,4}(?:(?:thanks?(?: you)?|thx|please|danke|bitte|merci|gracias|grazie|ok(?:ay)?|now|for now"
    r"|that['’]?s it|cheers)[\s.!]{0,3}){0,4}\Z"
)
_TOKEN: Final = re.compile(r"\S+")

_DIGITS: Final = re.compile(r"\d{4,20}")
_CODE: Final = re.compile(r"\d{3,10}|\d{3}[ -]\d{3}|(?=.*\d)[A-Z0-9-]{5,12}")

_WORDS: Final = {"password": "password", "eastern": "password", "code": "PIN code", "key": "API key"}
_WRITTEN: Final = re.compile(
    r"[a-z]+(?:[-_.][a-z0-9]{1,8})*[-_.][a-z]{0,8}\d{0,2}[a-z]?(?:\.\d)?|[\w./\\-]*[/\\][\w./\\:-]*|\w+\.\w{1,4}:\d+.*"
)
"""Names of models and tests, paths, places in files: `gpt-4o`, `src/main.py:12`."""

_ENTITIES: Final = {"password": "PASSWORD", "eastern": "PASSWORD", "code": "PIN", "key": "API_KEY"}


class _Earlier(NamedTuple):
    """A text before others, and what it says of the next one: kinds of secrets, empty for none."""

    segment: Segment
    introduced: str
    """It breaks off where the value would come."""
    asked: str
    named: str
    """It is the name of the secret and nothing else."""


def secrets_apart(segments: Sequence[Segment]) -> Iterator[tuple[int, Match]]:
    """Values whose word stands in a text before theirs, by the index of the segment. Linear in the segments."""
    before: deque[_Earlier] = deque(maxlen=MAX_BETWEEN)
    for index, segment in enumerate(segments):
        if segment.nature is not Nature.TEXT or segment.role is Role.KEY or segment.sealed_if_issued:
            continue
        if not segment.text.strip():
            continue
        if before and len(segment.text) <= MAX_END and _SEPARATOR.fullmatch(segment.text):
            before[-1] = _separated(before[-1], segment)
            continue
        if len(segment.text) <= MAX_ANSWER:
            kinds = [_told_by(earlier, segment, directly=not n) for n, earlier in enumerate(reversed(before))]
            found = next((match for kind in kinds if kind and (match := _value(segment.text, kind))), None)
            if found is not None:
                yield index, found
        before.append(_read(segment))


def asked_for(question: str) -> str:
    """A word for the secret that a question asks for; empty for none."""
    return _WORDS.get(_asked(question.lower()), "")


def introduces(text: str) -> bool:
    """Whether a text breaks off where a value would come."""
    if _INTRODUCES.search(text[-MAX_END:].rstrip().lower()) is None:
        return False
    encoded = _ENCODED.search(text[-MAX_LABEL:])
    return encoded is None or not (encoded["end"] == "==" or secret_literals.is_random(encoded["run"]))


def _read(segment: Segment) -> _Earlier:
    tail = segment.text[-MAX_TAIL:].rstrip().lower()
    if not _NOUN.search(tail):
        named = _named(segment.text) if len(segment.text) <= MAX_LABEL else ""
        return _Earlier(segment, "", "", named)
    named = _named(segment.text) if len(segment.text) <= MAX_ANSWER else ""
    return _Earlier(segment, _introduced(tail), _asked(tail), named)


def _separated(earlier: _Earlier, separator: Segment) -> _Earlier:
    """A text and the separator that follows it in one of its own: they break off where the value would come."""
    kind = earlier.introduced or earlier.named or _noun(earlier.segment.text[-MAX_TAIL:].lower())[0]
    return _Earlier(replace(earlier.segment, path=separator.path), kind, earlier.asked, earlier.named)


def _told_by(first: _Earlier, second: Segment, *, directly: bool) -> str:
    """The kind of secret, if any, that an earlier text says a later one to be; empty for none."""
    if not directly:
        # Something stood between: then the same person has to go on with an unfinished sentence.
        return first.introduced if first.segment.role is second.role else ""
    path = first.segment.path
    asked_outside = not path and first.segment.role is Role.ASSISTANT  # over a connection, in a message of its own
    if second.label != first.segment.label and second.label and not (asked_outside or _is_sibling(path, second.path)):
        return ""
    return first.asked or first.introduced or (first.named if _follows(path, second.path) else "")


def _sentences(tail: str) -> list[str]:
    """The last sentences of a text, the last one first."""
    return [part for part in reversed(_SENTENCE.split(tail)) if part.strip()][:MAX_BETWEEN]


def _noun(text: str) -> tuple[str, int]:
    """The last word for a secret in a text, by its kind, and where it ends; empty for none."""
    found = ("", 0)
    for match in _NOUN.finditer(text):
        if not _ABOUT.match(text, match.end()):
            found = (match.lastgroup or "", match.end())
    return found


def _asked(tail: str) -> str:
    for sentence in _sentences(tail):
        kind, end = _noun(sentence)
        if kind and _ASKS.search(sentence) and len(sentence) - end <= MAX_CLAUSE:
            return kind
    return ""


def _introduced(tail: str) -> str:
    if not introduces(tail):
        return ""
    return next((_noun(sentence)[0] for sentence in _sentences(tail)), "")


def _named(text: str) -> str:
    """The kind of a text that is the name of a secret and nothing else."""
    name = text.strip()
    if len(name.split()) > _MAX_LABEL_WORDS or not _LABEL.fullmatch(name):
        return ""
    if (kind := kind_of(name.strip("-*_ \"'`?:"))) is not None:
        return "password" if kind is NameKind.PASSWORD else "key"
    found, end = _noun(name.lower())
    return found if found and not name[end:].strip("*_ \"'`?)") else ""


def _follows(first: Path, second: Path) -> bool:
    """Whether two texts are elements of one array, or stand alike in two."""
    if len(first) != len(second):
        return False
    steps = [(one, other) for one, other in zip(first, second, strict=True) if one != other]
    return bool(steps) and all(isinstance(one, int) and isinstance(other, int) for one, other in steps[:1] + steps)


def _is_sibling(first: Path, second: Path) -> bool:
    """Whether two texts are members of one object, the second under a name that means nothing to a wire format."""
    name = second[-1] if second else ""
    return first[:-1] == second[:-1] and (name in TRANSPARENT or name not in WELL_KNOWN)


def _value(text: str, kind: str) -> Match | None:
    """The value in a text that is little more than it."""
    if text.count(" ") > MAX_WORDS:
        return None
    lead = _LEAD.match(text.lstrip())
    start = len(text) - len(text.lstrip()) + (lead.end() if lead else 0)
    token = _TOKEN.match(text, start)
    if token is None or not _TRAIL.match(text, token.end()):
        return None
    word = token.group().rstrip(",;.") if kind in ("password", "eastern") else spoken_words.stripped(token.group())
    word = word if len(word) < 3 or word[0] not in "\"'`“„«*" else word[1:].rstrip("\"'`”“»*")
    begin = text.index(word, start) if word else start
    if not word or _WRITTEN.fullmatch(word) or _score(word, kind) < secret_literals.LIKELY:
        return None
    end = begin + len(word)
    return Match(begin, end, _ENTITIES[kind], 0.75, DETECTOR, DataClass.CREDENTIALS, hidden=HIDDEN)


def _score(word: str, kind: str) -> float:
    chosen = spoken_words.password_score(word)
    if kind == "code":
        return max(chosen, secret_literals.LIKELY if _CODE.fullmatch(word) else 0.0)
    if kind == "key":
        return max(chosen, spoken_words.key_score(word))
    return max(chosen, secret_literals.LIKELY if _DIGITS.fullmatch(word) else 0.0)
