"""What a change of the configuration's form does to a company's own files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar

from promptguard.typed_yaml.editing import YamlText

type Shipped = Callable[[str], str | None]
"""The text of a shipped file by its path; None where there is none."""


class Conflict(Exception):
    """A file says both what was and what is, and they differ: which of them counts only a person knows."""

    def __init__(self, keys: Sequence[str], problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.keys = tuple(keys)
        """Where it stands."""
        self.problem = problem
        self.remedy = remedy


class Migration(ABC):
    """One change. It finds by itself whether a file needs it, so that it can be made any number of times.

    A public class below this one in a module of this folder is found by itself; they are made in the order of the
    modules' names.
    """

    files: ClassVar[str]
    """Which files it is about: a path in the configuration folder, which may have `*` in it."""

    @abstractmethod
    def apply(self, path: str, text: YamlText, shipped: Shipped) -> Sequence[str]:
        """Change a file's text where it needs it, and return what was done, as sentences; nothing where it does not.

        Raises:
            Conflict: a person has to decide first.
            NotEditable: the file cannot be changed by a program.
        """
