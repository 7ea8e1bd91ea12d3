"""What a company configures, as the guard works with it, and the bounds on one request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from promptguard.destinations.registry import Registry
from promptguard.destinations.workspaces import Workspaces
from promptguard.model import IdentityClass
from promptguard.notices.writer import NoticeWriter
from promptguard.policy.acknowledgements import Document
from promptguard.policy.policy import Policy
from promptguard.redaction.redactor import Redactor


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one request."""

    body_bytes: int = 10 * 1024 * 1024
    """Longest body that is read, after decompression too."""
    deadline_seconds: float = 30.0
    """Longest time that reading files and scanning may take; then the prompt counts as not inspected."""
    record_seconds: float = 5.0
    """Longest time that recording a decision may take; then the request is refused."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What a configuration asks to be acknowledged, and by whom."""

    document: Document
    class_of: Callable[[str, frozenset[str]], IdentityClass]
    """The identity class of a user and the user's groups."""


@dataclass(frozen=True, slots=True)
class Copies:
    """Notices have the person's own text in them, with placeholders."""

    class_of: Callable[[str, frozenset[str]], IdentityClass]
    """The identity class of a user and the user's groups."""
    layer: bool = True
    """The layer in pages of web chats has the text already."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a company configures. Replaced as a whole when its files change, so that one request sees one version."""

    registry: Registry
    policy: Policy
    redactor: Redactor
    notices: NoticeWriter
    workspaces: Workspaces = field(default_factory=Workspaces)
    acknowledged: Acknowledged | None = None
    """What has to be acknowledged before anything is sent; None for nothing."""
    copies: Copies | None = None
    """None where no notice has the person's own text in it."""
