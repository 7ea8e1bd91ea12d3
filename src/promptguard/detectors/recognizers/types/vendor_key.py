"""Keys without a form of their own: a length, an alphabet, and the vendor's name in the name of what holds them."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from promptguard.detectors.recognizers.types.pattern import LazyPattern, ValidatedPatternRecognizer
from promptguard.detectors.validators.vendor_tokens import named_key

SCORE = 0.75

_NAME = r"[\w .\-]"
"""What names of variables, headers and columns are made of; spaces, because people write `my Mistral API key`."""
_MAX_NAME_LENGTH = 32
_IS = (
    r"[\"'`\])]{0,3}"
    r"(?:[ \t]{0,8}(?:=>|:=|={1,3}|:{1,2}|->|[,>(])[ \t]{0,8}|[ \t](?:is|ist|est|es)[ \t]{1,2})"
    r"[\"'`]{0,3}"
)
"""How a value is given to a name, in code, configuration, headers, the arguments of a call, and a sentence."""
_NAME_ENDS = r"(?:(?=(?i:api|key|token|secret|auth|access|client|app|pass))|(?![a-z])(?:(?<![A-Z])|(?![A-Z])))"
"""The vendor's name is no part of a longer word, but `mistralkey` is its name and another word."""
_END = r"(?![A-Za-z0-9_+/=\-])"


class VendorKeyRecognizer(ValidatedPatternRecognizer):
    """`MISTRAL_API_KEY=`, `"mistral": "…"`, `my Mistral key is …`, followed by what the vendor issues."""

    def __init__(
        self,
        *,
        supported_entity: str,
        vendor: str | Sequence[str],
        value: str,
        said: str | Sequence[str] = (),
        name: str = "VendorKeyRecognizer",
    ) -> None:
        """Make the pattern.

        Args:
            supported_entity: the type of the findings.
            vendor: the vendor's names in lower case; a space may also be `_`, `-` or nothing.
            value: a regex for what the vendor issues.
            said: words of which one must stand between the vendor's name and the value, for names that mean more.
            name: of the recognizer.
        """
        flags = int(regex.MULTILINE)
        expression = _key_regex(_texts(vendor), value, _texts(said))
        super().__init__(
            supported_entity=supported_entity,
            name=name,
            patterns=[LazyPattern("Value beside the vendor's name", expression, SCORE, flags)],
            validator=named_key,
            global_regex_flags=flags,
        )


def _texts(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _key_regex(vendors: Sequence[str], value: str, said: Sequence[str]) -> str:
    alone = "|".join(map(_spelling, vendors))
    # In `myOktaToken` the capital starts the word.
    within = "|".join(_spelling(vendor.title()) for vendor in vendors)
    between = f"{_NAME}{{0,{_MAX_NAME_LENGTH}}}?"
    if said:
        between += f"(?i:{'|'.join(map(_spelling, said))}){_NAME}{{0,12}}?"
    name = rf"(?P<name>{between})"
    return rf"(?:(?:\b|_)(?i:{alone})|[a-z](?:{within})){_NAME_ENDS}{name}{_IS}(?P<value>{value}){_END}"


def _spelling(words: str) -> str:
    return r"[ _\-]?".join(map(regex.escape, words.split()))
