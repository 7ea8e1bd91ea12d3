"""Reasons as sentences of one language: `file.encrypted kind=pdf` as “A file is encrypted: a PDF document.”"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from promptguard.notices.templates import Templates
from promptguard.reasons import Code, Parameter, Reason
from promptguard.typed_yaml.reading import load

ENGLISH = "en"
"""The language of the command line."""


class Sentences:
    """Says why in the words of one language file."""

    def __init__(self, templates: Templates) -> None:
        self._problems = templates.problems
        self._files = templates.files
        self._advice = templates.advice
        self._within = templates.words.within
        self._duration = templates.words.duration

    def __call__(self, reason: Reason) -> str:
        """One sentence or more; the code itself where the language has no words for it."""
        text = self._problems.get(reason.code)
        if text is None:
            return f"({reason})"
        names = {name: _shown(value) for name, value in reason.parameters.items()}
        if "seconds" in names:
            names["duration"] = self._duration(names["seconds"])
        names["advice"] = self.advice(reason)
        names["file"] = self._file(names.pop("kind", ""), names.pop("within", ""))
        try:
            return text.format_map(names)
        except KeyError:  # recorded by another version, which gave other parameters
            return f"({reason})"

    def advice(self, reason: Reason) -> str:
        """What to do instead of sending the file that a reason is about; empty where it is about none."""
        kind = str(reason.parameters.get("kind", ""))
        return self._advice.on(kind, locked=reason.code == Code.FILE_ENCRYPTED) if kind else ""

    def _file(self, kind: str, within: str) -> str:
        """`a PDF document in a zip archive`, from `pdf` and `zip`."""
        file = self._called(kind)
        for outer in reversed(within.split("/") if within else ()):
            file = self._within.format_map({"file": file, "outer": self._called(outer)})
        return file

    def _called(self, kind: str) -> str:
        return self._files.get(kind) or self._files["unknown"]


def english(folder: Path) -> Callable[[Reason], str]:
    """What the command line says reasons with.

    `folder` holds the language files. Where a company has none in English, codes are printed as they are.

    Raises:
        ConfigError: there is a mistake in the English file.
    """
    path = folder / f"{ENGLISH}.yaml"
    return Sentences(load(path, Templates)) if path.exists() else str


def _shown(value: Parameter) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
