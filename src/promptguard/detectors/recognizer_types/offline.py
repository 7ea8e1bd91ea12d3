"""Presidio recognizers that would reach for the network, kept to the data that is installed."""

from __future__ import annotations

import functools

import tldextract
from presidio_analyzer.predefined_recognizers import EmailRecognizer as PresidioEmailRecognizer
from presidio_analyzer.predefined_recognizers import UrlRecognizer as PresidioUrlRecognizer


@functools.cache
def suffix_list() -> tldextract.TLDExtract:
    """The public suffix list as it came with tldextract; nothing is fetched, nothing is written."""
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


class EmailRecognizer(PresidioEmailRecognizer):  # type: ignore[misc]  # presidio's base is untyped
    """Presidio's e-mail recognizer on the installed suffix list."""

    def validate_result(self, pattern_text: str) -> bool:
        """Whether the address ends in a domain that can be registered."""
        return bool(suffix_list()(pattern_text).fqdn)


class UrlRecognizer(PresidioUrlRecognizer):  # type: ignore[misc]  # presidio's base is untyped
    """Presidio's URL recognizer on the installed suffix list."""

    def validate_result(self, pattern_text: str) -> bool:
        """Whether the host ends in a domain that can be registered."""
        return bool(suffix_list()(pattern_text).fqdn)
