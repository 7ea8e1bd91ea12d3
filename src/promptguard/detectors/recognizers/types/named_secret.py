"""Values that stand under a name which says password, key, secret or token, in code, data and configuration."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

from promptguard.detectors.results import explained_result
from promptguard.detectors.secrets import secret_literals, spaced_values
from promptguard.detectors.secrets.dummy_values import is_documentation_sample, is_verdict
from promptguard.detectors.secrets.expressions import is_expression
from promptguard.detectors.secrets.named_values import (
    LOOK_BACK,
    MAX_NAME_LENGTH,
    MAX_VALUE_LENGTH,
    NamedValue,
    named_values,
    without_scheme,
)
from promptguard.detectors.secrets.odd_signs import is_written_literal
from promptguard.detectors.secrets.secret_names import NameKind, kind_of
from promptguard.presidio.analyzer import LocalRecognizer, RecognizerResult

_RULE = re.compile(r"[a-z_]+(?::[\w,]+)?(?:\|[a-z_]+(?::[\w,]+)?)+|\^.*|.*(?:\[[a-zA-Z0-9]-|\\[wdsS]|\.\*|\{\d+,).*")
"""A validation rule or a regex."""
_REFERENCE = re.compile(
    r"[@:$%&][A-Za-z_][\w\-.]*[%;/]?|\$\d|[#.][A-Za-z][\w\-]*|\{[\w.:]*\}|[^{]*\{\w*\}[^}]*|//.*|\$\(.*"
)
"""A parameter of SQL, a positional argument, a CSS selector, a format's field, XPath."""
_USER = re.compile(r"[\w.@\-]{0,63}[^\W\d][\w.@\-]{0,63}")
_WORD_AND_DIGIT = re.compile(r"[A-Za-z]+[_\-.]?\d|[a-z]+(?:[_\-][a-z0-9]+)+")


_WHY = "a literal under a telling name"
"""What results say of themselves to whoever asks why."""


class NamedSecretRecognizer(LocalRecognizer):  # type: ignore[misc]  # presidio's base is untyped
    """Finds values by the names they stand under: `DB_PASSWORD=…`, `"apiKey": "…"`, `<password>…</password>`.

    A scan rather than a regex: name, operator and value are taken apart, the name is looked up word by word
    (`secret_names`), and the value is judged by what it is a value of (`secret_literals`).
    """

    prefilter: ClassVar[str] = (
        r"(?i)(?:"
        r"(?:pass|psswd|pwd|psw|pw|mdp|psk|kennwort|zugangscode|contrase(?:ñ|n)|clave|wachtwoord|adgangskode|kodeord|senord"
        r"|senha|parola|has(?:ł|l)o|heslo|lozinka|salasana|(?:s|ş)ifre|secret|segreto|geheimnis|token|jeton"
        r"|schl(?:ü|ue)ssel|sleutel|nøgle|auth|cred|bearer|jwt)"
        r"[\w.\-]{0,40}[\"'`\])*}\\]{0,8}[ \t]{0,8}"
        r"(?:[:=→–?]|[|+!][|=]|->|<-|(?:,|\(|\||\bor|\bis|\beq|\bdefault|equals\()\s{0,12}[\"'`]|[\"']"
        r"|[^<>\n=]{0,40}(?:value[ ]?=[ ]?[\"']|>[^\s<>])|</|,?\s{1,16}[\"']?(?:value|default|val|secret)"
        r"|[ ]?\{[^{}]{0,80}default[ ]"
        r"|[ ]\w{1,16}[ ]=|\|[ ]|\t|,Value=|,ParameterValue=)"
        r"|(?:key|salt|seed|hmac|s(?:ess(?:ion)?_?)?id|(?:access|client)[_-]?id|cookie|otp)"
        r"[\w.\-]{0,40}[\"'`\])*}\\]{0,8}[ \t]{0,8}(?:[:=,(>|<?]|[ ]value)"
        r"[^\n]{0,40}[\w+/\-.~%$!@#^&*]{8})"
    )
    reach: ClassVar[int] = MAX_VALUE_LENGTH + LOOK_BACK + MAX_NAME_LENGTH + 100
    """How many characters around the prefilter's match are looked at."""

    def __init__(
        self, name: str = "NamedSecretRecognizer", context: list[str] | None = None, supported_language: str = "en"
    ) -> None:
        super().__init__(
            supported_entities=["PASSWORD", "API_KEY"],
            name=name,
            supported_language=supported_language,
            context=context,
        )

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """Every literal under a telling name, scored by what it looks like."""
        results = []
        for kind, value in named_values(text):
            start, end = without_scheme(text, value.start, value.end)
            score = _score(kind, text[start:end], value)
            if score > 0:
                entity_type = "PASSWORD" if kind is NameKind.PASSWORD else "API_KEY"
                results.append(explained_result(self, entity_type, start, end, score, _WHY))
        return results


def _score(kind: NameKind, value: str, site: NamedValue) -> float:
    if is_verdict(value):
        return 0.0
    if not value or _RULE.fullmatch(value) or (not site.quoted and is_expression(value)):
        return 0.0
    literal = kind is NameKind.PASSWORD and is_written_literal(value, quoted=site.quoted or site.configuration)
    if _REFERENCE.fullmatch(value) and not literal:
        return 0.0
    if kind is not NameKind.PASSWORD and is_documentation_sample(value):
        return 0.0
    if site.configuration and " " in value and not site.quoted:
        return spaced_values.score(value) if kind is NameKind.PASSWORD else 0.0
    if kind is NameKind.PASSWORD and value.isalpha() and kind_of(value) is NameKind.PASSWORD:
        return 0.0  # a translation of the label
    score = _SCORES[kind](value, site)
    if site.doubtful and (score < secret_literals.LIKELY or _WORD_AND_DIGIT.fullmatch(value)):
        return 0.0
    return score


def _password(value: str, site: NamedValue) -> float:
    if site.quoted:
        return secret_literals.quoted_password(value)
    return secret_literals.bare_password(value, configuration=site.configuration, titled=site.titled)


def _secret(value: str, site: NamedValue) -> float:
    return secret_literals.chosen_secret(value, quoted=site.quoted, configuration=site.configuration)


def _token(value: str, site: NamedValue) -> float:
    user, colon, password = value.partition(":")
    if colon and site.quoted and _USER.fullmatch(user) and not password.startswith("/"):
        # "auth": "user:password"
        return min(secret_literals.quoted_password(password), secret_literals.LIKELY)
    return secret_literals.issued_key(value)


_SCORES: dict[NameKind, Callable[[str, NamedValue], float]] = {
    NameKind.PASSWORD: _password,
    NameKind.SECRET: _secret,
    NameKind.TOKEN: _token,
    NameKind.KEY: lambda value, _site: secret_literals.any_key(value),
}
