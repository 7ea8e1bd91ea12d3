"""A folder of source code into the index: its own code, and not what comes with it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from promptguard.detectors.fingerprints.plain_text import read_text
from promptguard.detectors.fingerprints.registering import Fingerprinter, now
from promptguard.detectors.fingerprints.store import Details, IndexEntry
from promptguard.errors import PromptGuardError, Unreadable

MAX_SOURCE_LENGTH = 2_000_000
"""Characters. Longer files are data or generated."""
_MAX_MEAN_LINE_LENGTH = 250
"""Characters. Files with longer lines on average are minified, or data."""
_VENDORED = {
    *("bower_components", "jspm_packages", "node_modules", "Pods", "site-packages", "third-party", "third_party"),
    *("thirdparty", "vendor", "vendored", "venv", "virtualenv"),
}
_BUILT = {"__pycache__", "build", "dist", "eggs", "env", "out", "target"}
"""Left out where no git says what belongs to the repository."""
_FOREIGN_NAMES = re.compile(
    r"""(?: .*\.(?:lock|lockb|min\.js|min\.css|bundle\.js|map|svg|csv|tsv|log|po|pot|ipynb|geojson|sum|snap)
          | .*(?:_pb2(?:_grpc)?\.pyi?|\.pb\.go)
          | (?:package-lock|npm-shrinkwrap|composer\.lock|packages\.lock)\.json | pnpm-lock\.yaml
          | gradlew(?:\.bat)? | mvnw(?:\.cmd)? | configure | aclocal\.m4 | ltmain\.sh
        )\Z""",
    re.VERBOSE | re.IGNORECASE,
)
_LICENCE_NAMES = re.compile(
    r"(?:.*[-_.])?(?:LICEN[CS]ES?|COPYING|COPYRIGHT|NOTICE|PATENTS|UNLICENSE)\b.*", re.IGNORECASE
)
_GENERATED = re.compile(
    r"@generated|\b(?:auto-?|automatically )?generated\b.{0,80}\bdo not (?:edit|modify)\b", re.IGNORECASE | re.DOTALL
)
_HEAD = 1_500
"""Characters at the beginning of a file in which it says that it is generated."""


class NothingFound(PromptGuardError):
    """There is no source code in a folder."""


def read_repository(
    folder: Path, name: str | None, fingerprinter: Fingerprinter, *, boilerplate: bool = False
) -> IndexEntry:
    """The fingerprints of all source code in a folder, without licence texts and what many of its files have in common.

    Raises:
        NothingFound: there is no source code in it.
    """
    each: list[np.ndarray] = []
    public = [np.empty(0, np.uint64)]
    characters = 0
    for path in source_files(folder):
        try:
            text = read_text(path)
        except Unreadable:
            continue
        if _LICENCE_NAMES.fullmatch(path.name):
            public.append(fingerprinter(text))
        elif not _is_foreign(text):
            each.append(fingerprinter(text))
            characters += len(text)
    own = _own(each, np.unique(np.concatenate(public)))
    if not boilerplate and not fingerprinter.long_enough(own):
        raise NothingFound(f"{folder}: there is no source code in this folder to recognise it by.")
    details = Details(
        name=name or folder.resolve().name,
        data_class=fingerprinter.scheme.data_class,
        added=now(),
        characters=characters,
        files=len(each),
        boilerplate=boilerplate,
    )
    return IndexEntry(details, own)


def source_files(folder: Path) -> Iterator[Path]:
    """The files in a folder that may be its own source code, and its licences: the tracked ones where git knows."""
    for name in _tracked(folder) or _walked(folder):
        path = folder / name
        parents = Path(name).parts[:-1]
        if _VENDORED.isdisjoint(parents) and not _FOREIGN_NAMES.match(path.name) and _is_plain_file(path):
            yield path


def _is_plain_file(path: Path) -> bool:
    try:
        return path.is_file() and not path.is_symlink()
    except OSError:
        return False


def _tracked(folder: Path) -> list[str]:
    """Paths that git tracks below a folder; none where there is no git or it does not answer."""
    # The repository's own settings may name programs for git to start.
    command = ["git", "-c", "core.fsmonitor=false", "-C", str(folder), "ls-files", "-z"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True, timeout=120, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError):
        return []
    return sorted(os.fsdecode(name) for name in listed.stdout.split(b"\0") if name)


def _walked(folder: Path) -> Iterator[str]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _BUILT | _VENDORED)
        for name in sorted(files):
            if not name.startswith("."):
                yield os.path.relpath(Path(parent) / name, folder)


def _is_foreign(text: str) -> bool:
    """Whether a text is generated, minified or no code."""
    lines = text.count("\n") + 1
    return (
        len(text) > MAX_SOURCE_LENGTH
        or len(text) > _MAX_MEAN_LINE_LENGTH * lines
        or _GENERATED.search(text, 0, _HEAD) is not None
    )


def _own(each: list[np.ndarray], public: np.ndarray) -> np.ndarray:
    """What is in the files and neither in licences nor in so many files that it is a header."""
    if not each:
        return np.empty(0, np.uint64)
    values, counts = np.unique(np.concatenate(each), return_counts=True)
    common = min(max(len(each) // 4, 3), 20)
    return values[(counts <= common) & ~np.isin(values, public)]
