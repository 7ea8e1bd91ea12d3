"""The writer of notices that a configuration asks for: at hand before anything else is loaded."""

from __future__ import annotations

from promptguard.configuration.bundle import Bundle
from promptguard.notices.writer import NoticeWriter


def make_notices(bundle: Bundle) -> NoticeWriter:
    """What writes the notices of a configuration."""
    contact = bundle.settings.notices.contact
    return NoticeWriter(bundle.templates, contact, bundle.registry.names(), bundle.languages)
