"""Presidio recognizers that would fetch the public suffix list, kept to the one that is installed."""

from __future__ import annotations

from promptguard.presidio.analyzer import predefined_recognizers
from promptguard.public_suffixes import registrable


class EmailRecognizer(predefined_recognizers.EmailRecognizer):  # type: ignore[misc]  # presidio's base is untyped
    """Presidio's e-mail recognizer on the installed suffix list."""

    def validate_result(self, pattern_text: str) -> bool:
        """Whether the address ends in a domain that can be registered."""
        return registrable(pattern_text)


class UrlRecognizer(predefined_recognizers.UrlRecognizer):  # type: ignore[misc]  # presidio's base is untyped
    """Presidio's URL recognizer on the installed suffix list."""

    def validate_result(self, pattern_text: str) -> bool:
        """Whether the host ends in a domain that can be registered."""
        return registrable(pattern_text)
