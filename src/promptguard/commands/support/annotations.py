"""Mistakes as annotations of a workflow at GitHub, which shows them beside the line that they are about."""

from __future__ import annotations

from pathlib import Path

from promptguard.errors import ConfigError


def annotation(kind: str, error: ConfigError) -> str:
    """A workflow command
    (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands).

    Args:
        kind: `error` or `warning`.
    """
    file = Path(error.file)
    here = Path.cwd()
    name = file.relative_to(here) if file.is_absolute() and file.is_relative_to(here) else file
    properties = [f"file={_property(name.as_posix())}", *([f"line={error.line}"] if error.line else [])]
    text = " ".join(filter(None, [f"{error.problem}.", error.remedy]))
    return f"::{kind} {','.join(properties)}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
