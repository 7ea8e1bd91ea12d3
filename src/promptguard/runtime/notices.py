"""The writer of notices that a configuration asks for: at hand before anything else is loaded."""

from __future__ import annotations

from promptguard.configuration.bundle import Bundle
from promptguard.notices.writer import NoticeWriter


def make_notices(bundle: Bundle) -> NoticeWriter:
    """What writes the notices of a configuration."""
    return NoticeWriter(bundle.templates, bundle.settings.notices.contact, bundle.registry.names())
