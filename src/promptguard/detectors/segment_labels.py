"""What the label of a segment says, where several places tell what the value is, or a question does.

Recognizers look for a label and its value: `password: …`. A heading over a column and a name at the beginning of its
row may both be that label, “What is your password?” is one, and so is the text before, where it breaks off: “I was
born on”.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from promptguard.detectors.secrets.apart import asked_for, introduces
from promptguard.detectors.secrets.secret_names import kind_of
from promptguard.model import Nature, Role, Segment
from promptguard.wire.documents.labels import SEPARATOR, as_label

MAX_VALUE: Final = 64
"""Characters of a text that may be the value which the text before introduces."""

MAX_WORDS: Final = 6
"""Words of the same: longer ones are texts of their own."""

_COPULA: Final = re.compile(r"(?i) (?:is|was|are|be|now|to|ist|lautet|war|est|es|era|è|sarà|luidt|er|lyder|jest)\Z")
_OF_A_FORM: Final = re.compile(r"(?i)[ _-](?:text[ _-]?)?(?:field|input|box|textbox|element)\Z")
"""`Password field`: what an agent says that it types into."""
_SEVERAL: Final = re.compile(r"[ \n]")
_ENDS: Final = " \t\n?:=.*_\"'`"


def read_labels(segments: Sequence[Segment]) -> list[Segment]:
    """The segments, each with one label: the one that names a secret, or the nearest."""
    found: list[Segment] = []
    before = ""
    own: dict[Role, str] = {}
    """What each voice broke off with: an answer may stand between."""
    for segment in segments:
        if segment.nature is Nature.TEXT and segment.role is not Role.KEY and segment.text:
            introduction = before or own.get(segment.role, "")
            if introduction and not segment.label and _is_value(segment.text):
                segment = replace(segment, label=introduction)
            before = own[segment.role] = _introduction(segment.text) if introduces(segment.text) else ""
        found.append(replace(segment, label=one_label(segment.label)) if _SEVERAL.search(segment.label) else segment)
    return found


def _introduction(text: str) -> str:
    """A label out of the end of a text: `I was born on`, `my phone number`."""
    return _COPULA.sub("", as_label(text.rstrip()).rstrip(_ENDS))


def _is_value(text: str) -> bool:
    return len(text) <= MAX_VALUE and len(text.split()) <= MAX_WORDS


@functools.lru_cache(maxsize=4096)
def one_label(label: str) -> str:
    """The one of several labels that names a secret, or else all of them, the nearest first."""
    told = [_OF_A_FORM.sub("", each.strip(_ENDS)) for each in label.split(SEPARATOR)]
    return next((word for each in told if (word := _secret(each))), " ".join(told))


def _secret(label: str) -> str:
    """The word for a secret that a label is, or asks for; empty for none."""
    return label if " " not in label and kind_of(label) is not None else asked_for(label)
