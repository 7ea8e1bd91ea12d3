"""The error that storage raises: which file, what is wrong with it, and what to do."""

from __future__ import annotations

from pathlib import Path

from promptguard.errors import PromptGuardError


class StorageError(PromptGuardError):
    """A file of the data folder that cannot be used. Never holds anything of its content."""

    def __init__(self, file: Path, problem: str, remedy: str) -> None:
        self.file = file
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{file}: {problem}\n  {remedy}")
