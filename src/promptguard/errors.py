"""The errors that PromptGuard raises on purpose. None of their messages holds a value from a prompt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from promptguard.reasons import Code, Parameter, Reason

if TYPE_CHECKING:
    from promptguard.model import FileText


class PromptGuardError(Exception):
    """Base of all errors raised on purpose."""


class ReasonedError(PromptGuardError):
    """An error that says why by a code, and leaves the words to notices. Its string is the code and its parameters.

    Args:
        reason: the code, to be given with its parameters, or a whole reason.
        parameters: by the names that the code asks for.
    """

    def __init__(self, reason: Code | Reason, **parameters: Parameter) -> None:
        self.reason = reason if isinstance(reason, Reason) else Reason(reason, parameters)
        super().__init__(self.reason)


class Unreadable(ReasonedError):
    """A request, or a file, whose text cannot be read in full: it is `not_inspected`."""

    texts: Sequence[FileText] = ()
    """What was read of a file all the same."""
    partly = False
    """Whether that is all of it but parts that the reason names: it is `partly_inspected`."""

    def with_texts(self, texts: Sequence[FileText], *, partly: bool) -> Self:
        """The same error, of a file of which these texts were read all the same."""
        self.texts, self.partly = texts, partly
        return self

    def again(self) -> Unreadable:
        """An error of its own that says the same: one that was raised keeps where, and all that stood there."""
        return Unreadable(self.reason).with_texts(self.texts, partly=self.partly)


class ScanFailed(ReasonedError):
    """A detector could not finish: an error in it, its deadline, or a full queue. The prompt is `not_inspected`."""


class NotRewritable(ReasonedError):
    """A document that cannot be written back with other texts in it."""


class Unavailable(ReasonedError):
    """PromptGuard itself cannot work, or not yet: the request is refused."""


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


class StorageError(PromptGuardError):
    """A database that cannot be used: which, what is wrong with it, and what to do. Holds nothing of its content."""

    def __init__(self, place: Path | str, problem: str, remedy: str) -> None:
        self.place = place
        """The file of the database."""
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{place}: {problem}\n  {remedy}")


class StorageAway(StorageError):
    """A database that cannot be used just now; nothing is wrong with what was asked of it."""
