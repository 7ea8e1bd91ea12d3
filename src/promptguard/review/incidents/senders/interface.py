"""What a page says, and what it means that one was not sent."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from promptguard.errors import PromptGuardError

TIMEOUT_SECONDS: Final = 20.0
"""How long the other side may take for each step."""


class PageNotSent(PromptGuardError):
    """The other side did not take a page, which is tried again.

    Args:
        problem: what happened, in a few words; no address, which may be a secret.
        retry_after: seconds after which the other side asks to be tried again; 0 where it does not say.
    """

    def __init__(self, problem: str, *, retry_after: float = 0.0) -> None:
        super().__init__(problem)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class PageMessage:
    """All that a page says. Times are seconds since 1970."""

    id: str
    """The same each time that this page is tried, so that the other side can tell."""
    incident: str
    kind: str
    title: str
    began: int
    opened: int
    due: int
    minute: int
    """After it was opened; where it is overdue, after its clock began."""
    number: int
    """Of the page, from 1."""
    of: int
    link: str
    overdue: bool = False
    """Whether it is sent because the deadline has passed; else because nobody has taken it on."""

    @property
    def subject(self) -> str:
        """In one line."""
        page = "the deadline has passed" if self.overdue else f"page {self.number} of {self.of}"
        return f"{self.title} ({self.incident}), {page}"

    @property
    def why(self) -> str:
        """Why somebody is paged, as a sentence."""
        if self.overdue:
            return "The deadline has passed, and what has to be done in time is not done."
        return "Nobody has taken it on yet."

    @property
    def facts(self) -> dict[str, str]:
        """What there is to say, by names."""
        return {
            "Incident": self.incident,
            "Clock began": moment(self.began),
            "Opened": moment(self.opened),
            "Due": "at once" if self.due == self.began else moment(self.due),
            "Page": "the deadline has passed"
            if self.overdue
            else f"{self.number} of {self.of}, {self.minute} minutes after it was opened",
        }


def moment(seconds: int) -> str:
    """A time for people."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def secret_of(file: Path, what: str) -> str:
    """What a file holds and nothing else.

    Raises:
        PageNotSent: it holds nothing, or cannot be read.
    """
    try:
        found = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        found = ""
    if not found or not found.isascii() or not found.isprintable():
        raise PageNotSent(f"{what} is not in its file, or the file cannot be read")
    return found


def not_reached(error: BaseException) -> PageNotSent:
    """Why the other side was not reached: what the system said of it, without addresses."""
    behind: BaseException | None = error
    while behind is not None and not isinstance(behind, OSError):
        behind = behind.__cause__ or behind.__context__
    match behind:
        case ssl.SSLCertVerificationError():
            return PageNotSent(f"its certificate does not hold: {behind.verify_message}")
        case ssl.SSLError():
            return PageNotSent("it does not speak TLS 1.2 or newer on this port")
        case socket.gaierror():
            return PageNotSent("there is no such host")
        case TimeoutError():
            return PageNotSent("it did not answer in time")
        case OSError() if behind.strerror:
            return PageNotSent(behind.strerror)
    return PageNotSent(type(behind or error).__name__)
