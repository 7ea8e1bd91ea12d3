"""Secrets that a sentence tells: "the wifi password is …", "das Passwort lautet …", "password for the VPN -> …"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, NamedTuple

from promptguard.detectors.results import explained_result
from promptguard.detectors.secrets import spoken_words
from promptguard.detectors.secrets.dummy_values import is_placeholder
from promptguard.detectors.secrets.pass_words import is_no_password
from promptguard.detectors.secrets.pipes import is_piped
from promptguard.detectors.secrets.secret_literals import WEAK
from promptguard.detectors.stems import lowered, occurrences, regions, word_set, words_of
from promptguard.presidio.analyzer import LocalRecognizer, RecognizerResult

MAX_TAIL_LENGTH = 160
"""Characters after the word for a secret in which its value must stand."""
LOOK_BACK = 40
"""Characters before and after it that say whether it was changed."""
MAX_WORDS = 10
"""Words between the two: "the password for the guest network on the second floor is …"."""

_PASSWORDS = (
    r"pass(?: ?words?)?|passwd|passphrase|passcode|pass ?key|passwort|passwörter|pwd?|kennwort|zugangscode"
    r"|mots? de passe|mdp|contrase(?:ñ|n)as?|palabra de paso|parola d['’]ordine|parola chiave|wachtwoord(?:en)?"
    r"|toegangscode|adgangskode(?:n|r)?|kodeord(?:et)?|zugangsdaten|wlan[ -]?schlüssel|netzwerkschlüssel"
    r"|(?:wi-?fi|wlan|wireless|hotspot|router|wpa[23]?|network)(?: security)? key"
    r"|cl(?:é|e) (?:du )?wi-?fi|clave (?:del )?(?:wi-?fi|router)|clave"
)
_CODES = (
    r"(?:pin|puk|otp|tan)(?:[ -]?(?:code|number|nummer|kode|kodes))?|pinkoden?|geheimzahl|geheimnummer"
    r"|código pin|codice pin"
    r"|(?:door|gate|alarm|entry|access|garage|building|safe|locker|lockbox|keypad|house|security|verification"
    r"|confirmation|login|sign-in|log-in|unlock|2fa|mfa|one[ -]time|sms|auth|authentication|activation|backup|recovery)"
    r" ?(?:codes?|pin)|combination|(?:tür|alarm|zugangs|sicherheits|bestätigungs|einmal|tresor|tor)[ -]?codes?"
    r"|codes? (?:d['’]accès|de la porte|du portail|de l['’]alarme|de sécurité|de vérification|de l['’]immeuble"
    r"|du coffre|to the|for the (?:\w{2,12} )?(?:door|gate|alarm|safe|garage|building|lock|locker|house|lift|elevator)"
    r"|secret)|código (?:de (?:la |seguridad|verificación|acceso)|del )"
    r"|codice (?:di (?:accesso|sicurezza|verifica)|dell['’]|del)|(?:deur|alarm|toegangs|beveiligings|verificatie)code"
    r"|(?:dør|alarm|adgangs|sikkerheds)koden?|kode(?:n)? til"
)
_KEYS = (
    r"(?:api|access|auth|secret|private|licen[cs]e|product|encryption|signing|account|master|service|app|client|admin)"
    r"[ -](?:key|token|secret)|tokens?|secret|api-schlüssel|(?:geheimer |privater )schlüssel|lizenzschlüssel"
    r"|cl(?:é|e) (?:d['’])?(?:api|licence|secrète)|clave (?:de )?(?:api|acceso)|chiave (?:api|segreta|di licenza)"
    r"|api-sleutel|api-nøgle(?:n)?|licentiesleutel|jeton"
)
_NETWORKS = r"wi-?fi|wlan|wireless|hotspot|guest network|gäste|router|réseau|invités|ospiti|gasten"
_GAP = r"[^\n]{0,160}?(?:[ \t\"'`“„«(*]|(?:[ \t]{0,8}\r?\n){1,3}[ \t]{0,12})"
"""Between such a word and its value, for the prefilter."""
_NOUN = re.compile(rf"\b(?:(?P<key>{_KEYS})|(?P<password>{_PASSWORDS})|(?P<code>{_CODES}))\b")
"""In lower-cased text."""
_STEMS = words_of(
    "pass pw mdp kennwort code contrase paso parola wachtwoord kode zugangsdaten schlüssel clé cle clave pin puk otp"
    " tan geheim código codice combination key token secret chiave sleutel nøgle jeton"
)
_BEFORE_STEM, _AFTER_STEM = 24, 48
"""Characters around a stem within which such a word lies."""


_TOKEN = re.compile(r"\S+")
_SPOKEN = re.compile(r"\s|[:,*)]|['’]s |\Z")
"""What follows a word in a sentence, other than in code."""
_CLOSED = re.compile(r"(?:\)|,(?=\w+[.(]))[^\s:]")
_CLOSED_CODE = re.compile(r"\)+(?:[.;{\[?&|+]|,[ ]?[\"'\w]+\))")
"""`opts.password).toString("base64")`: the word ends an expression of a program."""
_PAIR = re.compile(r"[ \t]{0,8}[:=][ \t]*\S|[ \t]{1,8}[\])]")
"""A name and its value, which is `NamedSecretRecognizer`'s."""
_INTRODUCING = word_set(
    "is was are be equals remains becomes = : -> → => – is: 's ist lautet war heißt bleibt est était sera es era será è"
    " c'est sarà was luidt blijft er var lyder hedder bliver to auf en à a in til now"
)
"""Words after which a value comes; `to` is that of "changed to"."""
_DIRECTIONS = word_set("to auf en à a in til")
_CHANGED = re.compile(r"(?i)chang|passée? |set|updat|switch|geändert|gesetzt|modifi|cambi|impost|gewijzigd|ændret")
_FILLERS = word_set(
    "now still currently just simply again temporarily as follows following probably the jetzt nun aktuell derzeit noch"
    " weiterhin wieder folgendes einfach maintenant toujours ahora ahora: ancora adesso nu stadig nog nu: : - – →"
    " = be this: this below: le la el il der die das den het"
)
_NETWORK = re.compile(rf"\b(?:{_NETWORKS})\b")
"""Subjects whose passwords people choose to be plain words, and that sentences say little else about."""
_OF_A_LOG = re.compile(r"\[\d[\d:.,/ T+\-]*\]\s+[^\W\d_]{2}|\d{4}-\d\d-\d\d[ T]\d\d:")
"""`[1196] Enter …`: the number or the time of the next line."""
_OF_DATA = re.compile(r"[\"'][,:]\s?[\"'\[{]")
"""`"Password field","ref":"e12"`: what follows is the next member of an object."""
_SENTENCE_END = re.compile(r"[.!?]['\")]?\Z")
_OPENING = "\"'`“„«‘"
_QUOTED = re.compile(r"([\"'`“„«‘])([^\"'`“”„«»‘’\n]{3,64})[\"'`”“»’]")
_ENDS_HERE = re.compile(r"[.,;!]?(?:\s*\n|\s*\Z|\s+(?:and|but|und|et|y|e|en|og|\())")


class _Candidate(NamedTuple):
    start: int
    end: int
    quoted: bool
    introduced: bool
    """A verb, a colon or an arrow says that the value comes."""


_WHY = "a sentence gives it as a secret"
"""What results say of themselves to whoever asks why."""


class SpokenSecretRecognizer(LocalRecognizer):  # type: ignore[misc]  # presidio's base is untyped
    """Finds what a sentence gives as a password, a code or a key.

    From the word for the secret on, the words of the sentence are read until one introduces a value; what follows is
    one if it is written as values are (`spoken_words`).
    """

    prefilter: ClassVar[str] = (
        rf"(?i)\b(?:{_PASSWORDS})\b{_GAP}(?:[^\s]{{0,40}}[0-9!@#$%^&*]|[\"'`“„«‘][^\s]{{3}})"
        rf"|\b(?:{_CODES})\b{_GAP}[^\s]{{0,8}}[0-9]"
        rf"|\b(?:{_KEYS})\b{_GAP}(?:[^\s]{{0,40}}[0-9]|[^\s]{{14}})"
        rf"|\b(?:{_NETWORKS})\b[^\n]{{0,60}}(?:{_PASSWORDS})\b|\b(?:{_PASSWORDS})\b[^\n]{{0,60}}(?:{_NETWORKS})\b"
    )
    reach: ClassVar[int] = MAX_TAIL_LENGTH + 64
    """How many characters around the prefilter's match are looked at."""

    def __init__(
        self, name: str = "SpokenSecretRecognizer", context: list[str] | None = None, supported_language: str = "en"
    ) -> None:
        super().__init__(
            supported_entities=["PASSWORD", "PIN", "API_KEY"],
            name=name,
            supported_language=supported_language,
            context=context,
        )

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """Every value that a sentence gives as a secret."""
        results: dict[tuple[int, int], RecognizerResult] = {}
        for noun in _nouns(text):
            kind = noun.lastgroup or ""
            end = noun.end()
            if not _SPOKEN.match(text, end - text[end - 1].isspace()) or is_no_password(text, noun.start()):
                continue
            if _CLOSED_CODE.match(text, end) or (text[noun.start() - 1] in ".>" and _CLOSED.match(text, end)):
                continue
            named = kind == "key" or (kind == "password" and not noun.group().endswith(" key"))
            if (named and _PAIR.match(text, end)) or is_piped(text, noun.start(), end):
                continue
            changed = _CHANGED.search(text, max(0, noun.start() - LOOK_BACK), end + LOOK_BACK) is not None
            for candidate in _candidates(text, noun.end(), changed=changed):
                score = _score(text, noun, kind, candidate)
                if score > 0:
                    start, end = _value_span(text, candidate)
                    results.setdefault((start, end), explained_result(self, _ENTITIES[kind], start, end, score, _WHY))
                    break
        return list(results.values())


_ENTITIES = {"password": "PASSWORD", "code": "PIN", "key": "API_KEY"}
_SCORES: dict[str, Callable[[str], float]] = {
    "code": spoken_words.code_score,
    "key": spoken_words.key_score,
}


def _nouns(text: str) -> Iterator[re.Match[str]]:
    """The words for secrets in `text`."""
    lower = lowered(text)
    for start, end in regions(occurrences(lower, _STEMS), _BEFORE_STEM, _AFTER_STEM):
        # `\\b` holds at the start of a region, too, so that it must not begin within a word.
        begin = lower.rfind(" ", 0, start) + 1 if start else 0
        yield from _NOUN.finditer(lower, max(begin, start - MAX_TAIL_LENGTH), end)


def _candidates(text: str, position: int, *, changed: bool) -> Iterator[_Candidate]:
    """What may be the value, in the order of the sentence: what is introduced, and what follows the word directly.

    Args:
        changed: the sentence says that the secret was changed, so that "to" introduces the new one.
    """
    introduced = False
    previous_end = position
    before = ""
    for count, token in enumerate(_TOKEN.finditer(text, position, position + MAX_TAIL_LENGTH)):
        gap = text[previous_end : token.start()]
        if "\n" in gap and (gap.count("\n") > 2 or not introduced or _OF_A_LOG.match(text, token.start())):
            return
        previous_end = token.end()
        word = token.group()
        plain = word.lower().strip("*_")
        if not introduced and count > MAX_WORDS:
            return
        if plain in _INTRODUCING or (count == 0 and plain in {":", "=", "->", "→", "-", "–", "|"}):
            introduced = introduced or plain not in _DIRECTIONS or changed or _CHANGED.search(before) is not None
        elif introduced and plain in _FILLERS:
            pass
        elif introduced or count == 0:
            opened = _QUOTED.match(text, token.start(), position + MAX_TAIL_LENGTH)
            if opened:
                yield _Candidate(opened.start(2), opened.end(2), quoted=True, introduced=introduced)
            else:
                yield _Candidate(token.start(), token.end(), quoted=False, introduced=introduced)
            introduced = plain.endswith(":")
        else:
            introduced = plain.endswith((":", "=", "->"))
        if _SENTENCE_END.search(word) and not introduced:
            return
        before = plain


def _score(text: str, noun: re.Match[str], kind: str, candidate: _Candidate) -> float:
    value = text[candidate.start : candidate.end]
    if _OF_DATA.search(value):
        return 0.0
    if kind in _SCORES:
        score = _SCORES[kind](value)
        if score and not candidate.introduced and not _is_ones_own(text, noun):
            return 0.0
        return score if candidate.introduced or score > WEAK else 0.0
    score = spoken_words.password_score(value, quoted=candidate.quoted)
    if not candidate.introduced and (value.isdigit() or len(value) < 6 or candidate.quoted):
        # "password 12 characters", 'the password "foo"': only what can be nothing else.
        return score if score > 0.6 and not value.isdigit() else 0.0
    if score == 0.0 and candidate.introduced and not candidate.quoted:
        return _plain_word(text, noun, value, candidate.end)
    return score


def _plain_word(text: str, noun: re.Match[str], value: str, end: int) -> float:
    """A network's password that is a word, with which the sentence ends."""
    word = spoken_words.stripped(value)
    around = text[max(0, noun.start() - 40) : end].lower()
    if not (word.isalpha() and word.islower() and len(word) >= 6) or word in spoken_words.STOP:
        return 0.0
    if not _NETWORK.search(around) or _ADJECTIVE.search(word) or not _ENDS_HERE.match(text, end):
        return 0.0
    return WEAK if not is_placeholder(word) else 0.0


_POSSESSED = re.compile(r"(?i)\b(?:sim|my|card|phone|voicemail|mailbox|meine?|mon|mi|mio|mijn|min)[ -]\Z")
"""Before `PIN 4821` without a verb: those of a connector are numbered, too."""
_QUALIFIED = re.compile(
    r"(?i)(?:door|gate|alarm|entry|garage|safe|locker|keypad|one[ -]time|sms|2fa|mfa)[ ]?(?:code|pin)"
)


def _is_ones_own(text: str, noun: re.Match[str]) -> bool:
    """Whether `alarm code 4821` can be nothing but a code, without a verb that says so."""
    return (
        _QUALIFIED.match(text, noun.start(), noun.end()) is not None
        or _POSSESSED.search(text, max(0, noun.start() - 12), noun.start()) is not None
    )


_ADJECTIVE = re.compile(
    r"(?:ed|ing|able|ible|ful|less|ous|ive|ly|bar|lich|isch|ig|iert|end|ant|ent|ée?|ada|ado|ata|ato)\Z"
)


def _value_span(text: str, candidate: _Candidate) -> tuple[int, int]:
    value = text[candidate.start : candidate.end]
    core = spoken_words.stripped(value) if not candidate.quoted else value
    start = candidate.start + value.find(core)
    return start, start + len(core)
