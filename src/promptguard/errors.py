"""The errors that PromptGuard raises on purpose. None of their messages holds a value from a prompt."""

from __future__ import annotations

from pathlib import Path


class PromptGuardError(Exception):
    """Base of all errors raised on purpose."""


class Unreadable(PromptGuardError):
    """A request whose text cannot be read in full: it is `not_inspected`.

    The message is a sentence for the person who sent it, without any of its content.
    """


class ScanFailed(PromptGuardError):
    """A detector could not finish: an error in it, its deadline, or a full queue. The prompt is `not_inspected`."""


class NotRewritable(PromptGuardError):
    """A document that cannot be written back with other texts in it."""


class ConfigError(PromptGuardError):
    """A mistake in a configuration file: what, where, and what would be right."""

    def __init__(self, file: Path | str, line: int | None, problem: str, remedy: str) -> None:
        self.file = Path(file)
        self.line = line
        """Counted from 1; None where the mistake has no line, such as a missing file."""
        self.problem = problem
        self.remedy = remedy
        where = f"{file}:{line}" if line else str(file)
        super().__init__(f"{where}: {problem}\n  {remedy}")
