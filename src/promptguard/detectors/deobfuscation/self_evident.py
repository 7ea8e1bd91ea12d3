"""Which findings in a guessed reading prove that the guess was right."""

from __future__ import annotations

from promptguard.detectors.deobfuscation.registry import telling_kinds
from promptguard.detectors.deobfuscation.token_pieces import KIND as TOKEN_PIECES_KIND
from promptguard.detectors.deobfuscation.truncated_secrets import TRUNCATED_KIND
from promptguard.model import DataClass, Match

SURE = 0.9
"""Credentials from here on are known by their form: a vendor's prefix, a PEM line."""

_SELF_EVIDENT = frozenset({"CREDIT_CARD", "IBAN_CODE", "EMAIL_ADDRESS"})
"""Types that are reported only with a check digit, or a domain that exists."""


def is_self_evident(match: Match, kinds: tuple[str, ...]) -> bool:
    """Whether `match`, found in a guessed reading by these obfuscations, counts."""
    if match.data_class is DataClass.CREDENTIALS:
        return match.score >= SURE or TRUNCATED_KIND in kinds or not telling_kinds().isdisjoint(kinds)
    if TOKEN_PIECES_KIND in kinds:  # a token's beginning, and behind it what belongs to something else
        return False
    return match.entity_type in _SELF_EVIDENT or (match.data_class is DataClass.TENANT_DATA and match.score >= SURE)
