"""All regexes in one Hyperscan database, which says in one pass over a text where any of them may match."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import logging
import os
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import hyperscan
import orjson
import regex

from promptguard.detectors.patterns.hyperscan_syntax import Untranslatable, translate

logger = logging.getLogger(__name__)

LONGEST_WIDTH = 4096
"""Characters. Where a regex can match more, a hit tells nothing of where the match starts.

Hyperscan could say (HS_FLAG_SOM_LEFTMOST), but 5.4.12 crashes the process on expressions as simple as `a+bc` then.
"""

LONGEST_RUN = 4096
"""Characters over which places that overlap are reported as one."""

FORMAT = 3
"""Raised when the same regexes are compiled to something else."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A regex to look for."""

    owner: int
    """Index of the recognizer it belongs to, for the caller's use."""
    name: str
    """What a warning calls it."""
    regex: str
    flags: int
    """Of the `regex` module."""
    reach: int = 0
    """How many characters around a match the recognizer has to see, for the caller's use."""


class Hit(NamedTuple):
    """One or more places, each overlapping the one before, in which a recognizer may find something."""

    expression: int
    """Index of the expression."""
    start: int
    """Where the first match starts at the earliest, if the expression is bounded; may be negative."""
    first_end: int
    last_end: int


@dataclass(frozen=True, slots=True)
class _Compilable:
    expression: str
    flags: int
    width: int
    """The longest match; 0 where it has no limit, or a very high one."""


class Sieve:
    """A compiled database. Scanning is thread-safe and lets go of the GIL."""

    def __init__(self, expressions: Sequence[Expression], cache_folder: Path | None = None) -> None:
        """Compile the expressions, or load what was compiled from the same ones before.

        Args:
            expressions: what to look for.
            cache_folder: where compiled databases are kept; None keeps none.
        """
        cached = _read_cache(expressions, cache_folder)
        if cached is None:
            cached = _compile(expressions)
            _write_cache(expressions, cache_folder, *cached)
        self._database, widths = cached
        self.left_out = [index for index, width in enumerate(widths) if width is None]
        """Indexes of what Hyperscan takes in no form: the caller has to match it itself."""
        self.unbounded = [index for index, width in enumerate(widths) if width == 0]
        """Indexes of expressions of which a hit tells only that there is a match, not where it starts."""
        # An end is a place of one character, if nothing is known of the start.
        self._widths = [width or 1 for width in widths]
        self._local = threading.local()

    def scan(self, text: bytes) -> list[Hit]:
        """Every place in a shadow where an expression may match, in no particular order."""
        if self._database is None:
            return []
        scratch = getattr(self._local, "scratch", None)
        if scratch is None:
            scratch = self._local.scratch = hyperscan.Scratch(self._database)
        widths = self._widths
        runs: list[tuple[int, list[int]]] = []
        latest: dict[int, list[int]] = {}

        # One match with a repeat in it is reported once for each of its ends, in the order of the ends.
        def on_match(identifier: int, _start: int, end: int, _flags: int, _context: object) -> None:
            start = end - widths[identifier]
            run = latest.get(identifier)
            if run is not None and start <= run[2] and end - run[0] <= LONGEST_RUN:
                run[2] = end
            else:
                run = latest[identifier] = [start, end, end]
                runs.append((identifier, run))

        self._database.scan(text, match_event_handler=on_match, scratch=scratch)
        return [Hit(identifier, *run) for identifier, run in runs]


def _compile(expressions: Sequence[Expression]) -> tuple[Any, list[int | None]]:
    """A database, and of each expression the width, as in `_Compilable`; None where it is left out."""
    forms = {index: _forms(expression) for index, expression in enumerate(expressions)}
    database = _settle([index for index, left in forms.items() if left], expressions, forms)
    taken = {index: left[0] for index, left in forms.items() if left}
    if database is None and taken:
        database = _database(taken)
    return database, [taken[index].width if index in taken else None for index in range(len(expressions))]


def _settle(indexes: Sequence[int], expressions: Sequence[Expression], forms: dict[int, list[_Compilable]]) -> Any:
    """Drop from `forms` what Hyperscan refuses, so that the first one left of each expression compiles.

    Hyperscan does not say which of many expressions it refuses, and compiling each alone takes long.

    Returns:
        The database of all `indexes` if they compile together as they are, else None.
    """
    if not indexes:
        return None
    try:
        return _database({index: forms[index][0] for index in indexes})
    except hyperscan.error as error:
        problem = str(error)
    if len(indexes) > 1:
        middle = len(indexes) // 2
        _settle(indexes[:middle], expressions, forms)
        _settle(indexes[middle:], expressions, forms)
        return None
    (index,) = indexes
    del forms[index][0]
    if forms[index]:
        _settle(indexes, expressions, forms)
    else:
        name = expressions[index].name
        logger.warning("%s is matched the slow way, Hyperscan refuses it: %s", name, problem)
    return None


def _database(forms: Mapping[int, _Compilable]) -> Any:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[form.expression.encode("ascii") for form in forms.values()],
        ids=list(forms),
        flags=[form.flags for form in forms.values()],
    )
    return database


def _forms(expression: Expression) -> list[_Compilable]:
    """The forms in which Hyperscan may take an expression, the best first; none if it cannot be translated."""
    # Always by lines: segments are scanned in one buffer, so that `^` and `$` must hold at the ends of each.
    flags = hyperscan.HS_FLAG_MULTILINE
    flags |= hyperscan.HS_FLAG_DOTALL if expression.flags & regex.DOTALL else 0
    flags |= hyperscan.HS_FLAG_CASELESS if expression.flags & regex.IGNORECASE else 0
    try:
        translation = translate(expression.regex, expression.flags)
    except Untranslatable as error:
        logger.warning("%s is matched the slow way, Hyperscan has no %s", expression.name, error)
        return []
    width = translation.width if translation.width <= LONGEST_WIDTH else 0
    return [
        _Compilable(translation.expression, flags, width),
        _Compilable(translation.expression, flags | hyperscan.HS_FLAG_PREFILTER, width),
    ]


def _cache_file(expressions: Sequence[Expression], folder: Path) -> Path:
    # A database fits one version of the library and one kind of processor; the library checks the latter on loading.
    described = [FORMAT, importlib.metadata.version("hyperscan"), [(e.regex, e.flags) for e in expressions]]
    return folder / f"patterns-{hashlib.sha256(orjson.dumps(described)).hexdigest()[:24]}.hyperscan"


def _read_cache(expressions: Sequence[Expression], folder: Path | None) -> tuple[Any, list[int | None]] | None:
    if folder is None:
        return None
    file = _cache_file(expressions, folder)
    try:
        header, _, serialized = file.read_bytes().partition(b"\n")
        widths = orjson.loads(header)
        database = hyperscan.loadb(serialized, hyperscan.HS_MODE_BLOCK) if serialized else None
    except FileNotFoundError:
        return None
    except (OSError, ValueError, hyperscan.error) as error:
        logger.info("the compiled patterns in %s cannot be used (%s): compiling anew", file, type(error).__name__)
        return None
    return (database, widths) if len(widths) == len(expressions) else None


def _write_cache(
    expressions: Sequence[Expression], folder: Path | None, database: Any, widths: list[int | None]
) -> None:
    if folder is None:
        return
    serialized = hyperscan.dumpb(database) if database is not None else b""
    file = _cache_file(expressions, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=file.name)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(orjson.dumps(widths) + b"\n" + serialized)
            Path(temporary).replace(file)
        except OSError:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise
    except OSError as error:
        logger.warning("the compiled patterns cannot be kept in %s: %s", folder, error.strerror)
