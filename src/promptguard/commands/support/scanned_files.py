"""The files that `promptguard scan` is to look at, and the way through them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from promptguard.commands.support.options import sentences
from promptguard.commands.support.scan_reports import Report
from promptguard.errors import PromptGuardError, ReasonedError
from promptguard.runtime.tools import Tools

STANDARD_INPUT = Path("-")

# Where version control keeps what stands in the files beside it once more, compressed.
_VERSION_CONTROL = {".git", ".hg", ".jj", ".svn"}


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """One file to be looked at."""

    path: Path
    """`-` is standard input."""
    label: str
    """What the report calls it; empty where it is the only one that was asked for."""

    def content(self) -> bytes:
        """Raises: OSError: it cannot be read."""
        if self.path == STANDARD_INPUT:
            return sys.stdin.buffer.read()
        return self.path.read_bytes()


async def scan_files(tools: Tools, asked: Sequence[Path], report: Report, config: Path) -> tuple[bool, bool]:
    """Look at everything; a file that cannot be read is told, and keeps no other from being looked at.

    Returns:
        Whether anything was found, and whether any file could not be read.
    """
    found = failed = False
    for file in scanned_files(asked):
        try:
            parts = await tools.read(file.content(), file.path.name)
            for part in parts:
                findings = await tools.find(part.text)
                found = found or bool(findings)
                report.add(file.label, part, findings, tools)
                report.add_languages(file.label, part, await tools.uncovered_languages(part.text))
            report.files += 1
        except (PromptGuardError, OSError) as error:
            failed = True
            where = f"{file.label}: " if file.label else ""
            click.echo(f"{where}{_sentence(error, config)}", err=True)
    report.finish(found=found, failed=failed)
    return found, failed


def scanned_files(asked: Sequence[Path]) -> Iterator[ScannedFile]:
    """The files that were asked for, and those of folders: hidden ones too, links and version control's own not."""
    alone = len(asked) == 1 and not asked[0].is_dir()
    for path in asked:
        if path.is_dir():
            yield from (ScannedFile(each, str(each)) for each in _walk(path))
        else:
            yield ScannedFile(path, "" if alone else str(path))


def _walk(folder: Path) -> Iterator[Path]:
    """All files below a folder; and folders that cannot be listed, so that reading them says why."""
    closed: list[OSError] = []
    for current, folders, files in folder.walk(on_error=closed.append):
        folders[:] = sorted(name for name in folders if name not in _VERSION_CONTROL)
        yield from (path for name in sorted(files) if (path := current / name).is_file() and not path.is_symlink())
    yield from (Path(error.filename) for error in closed)


def _sentence(error: Exception, config: Path) -> str:
    if isinstance(error, ReasonedError):
        return sentences(config)(error.reason)
    return str(error.strerror) if isinstance(error, OSError) else str(error)
