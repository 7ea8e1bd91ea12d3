"""Presidio recognizers that would fetch the public suffix list, kept to the one that is installed."""

from __future__ import annotations

from presidio_analyzer.predefined_recognizers import EmailRecognizer as PresidioEmailRecognizer
from presidio_analyzer.predefined_recognizers import UrlRecognizer as PresidioUrlRecognizer

from promptguard.detectors.reference.suffix_list import registrable


class EmailRecognizer(PresidioEmailRecognizer):  # type: ignore[misc]  # presidio's base is untyped
    """Presidio's e-mail recognizer on the installed suffix list."""

    def validate_result(self, pattern_text: str) -> bool:
        """Whether the address ends in a domain that can be registered."""
        return registrable(pattern_text)


class UrlRecognizer(PresidioUrlRecognizer):  # type: ignore[misc]  # presidio's base is untyped
    """Presidio's URL recognizer on the installed suffix list."""

    def validate_result(self, pattern_text: str) -> bool:
        """Whether the host ends in a domain that can be registered."""
        return registrable(pattern_text)
