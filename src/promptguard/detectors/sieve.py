"""All regexes in one Hyperscan database, which says in one pass over a text where any of them may match."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import hyperscan
import orjson
import regex

from promptguard.detectors.hyperscan_syntax import UNBOUNDED, Untranslatable, translate

logger = logging.getLogger(__name__)

LONGEST_REACH = 4096
"""How far back from its end a match is looked for at most, in characters.

For regexes without a limit Hyperscan is asked where matches start, and this holds only where it cannot tell.
"""

FORMAT = 1
"""Raised when the same regexes are compiled to something else."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A regex to look for."""

    owner: int
    """Index of the recognizer it belongs to."""
    name: str
    """What a warning calls it."""
    regex: str
    flags: int
    """Of the `regex` module."""
    reach: int = 0
    """How much farther than the regex's own match the recognizer may find something, in characters."""


class Hit(NamedTuple):
    """A recognizer may find something that ends here."""

    owner: int
    start: int
    """Where the match starts at the earliest; may be negative."""
    end: int
    reach: int
    """How much farther on both sides the recognizer may look."""


@dataclass(frozen=True, slots=True)
class _Compilable:
    expression: str
    flags: int
    before: int
    """How far before its end a match may start; 0 where Hyperscan reports starts."""


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
        self._database, befores = cached
        self.left_out = [e for e, before in zip(expressions, befores, strict=True) if before is None]
        """What Hyperscan takes in no form: the caller has to match it itself."""
        self._reaches = [(e.owner, before or 0, e.reach) for e, before in zip(expressions, befores, strict=True)]
        self._local = threading.local()

    def scan(self, text: bytes) -> list[Hit]:
        """Every place in a shadow where an expression may match, in no particular order."""
        if self._database is None:
            return []
        scratch = getattr(self._local, "scratch", None)
        if scratch is None:
            scratch = self._local.scratch = hyperscan.Scratch(self._database)
        found: list[tuple[int, int, int]] = []

        def on_match(identifier: int, start: int, end: int, _flags: int, _context: object) -> None:
            found.append((identifier, start, end))

        self._database.scan(text, match_event_handler=on_match, scratch=scratch)
        hits = []
        for identifier, start, end in found:
            owner, before, reach = self._reaches[identifier]
            hits.append(Hit(owner, end - before if before else start, end, reach))
        return hits


def _compile(expressions: Sequence[Expression]) -> tuple[Any, list[int | None]]:
    compilables = [_compile_alone(expression) for expression in expressions]
    taken = [(identifier, found) for identifier, found in enumerate(compilables) if found is not None]
    database = None
    if taken:
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        database.compile(
            expressions=[found.expression.encode("ascii") for _, found in taken],
            ids=[identifier for identifier, _ in taken],
            flags=[found.flags for _, found in taken],
        )
    return database, [found.before if found else None for found in compilables]


def _compile_alone(expression: Expression) -> _Compilable | None:
    """The first form of an expression that Hyperscan takes."""
    # Always by lines: segments are scanned in one buffer, so that `^` and `$` must hold at the ends of each.
    flags = hyperscan.HS_FLAG_MULTILINE
    flags |= hyperscan.HS_FLAG_DOTALL if expression.flags & regex.DOTALL else 0
    flags |= hyperscan.HS_FLAG_CASELESS if expression.flags & regex.IGNORECASE else 0
    try:
        translation = translate(expression.regex, expression.flags)
    except Untranslatable as error:
        logger.warning("%s is matched the slow way, Hyperscan has no %s", expression.name, error)
        return None
    before = min(translation.width, LONGEST_REACH)
    forms = [
        _Compilable(translation.expression, flags, before),
        _Compilable(translation.expression, flags | hyperscan.HS_FLAG_PREFILTER, before),
    ]
    if translation.width >= UNBOUNDED:
        forms.insert(0, _Compilable(translation.expression, flags | hyperscan.HS_FLAG_SOM_LEFTMOST, 0))
    problem = ""
    for form in forms:
        try:
            hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK).compile(
                expressions=[form.expression.encode("ascii")], ids=[0], flags=[form.flags]
            )
        except hyperscan.error as error:
            problem = str(error)
        else:
            return form
    logger.warning("%s is matched the slow way, Hyperscan refuses it: %s", expression.name, problem)
    return None


def _cache_file(expressions: Sequence[Expression], folder: Path) -> Path:
    # A database fits one version of the library and one kind of processor; the library checks the latter on loading.
    described = [FORMAT, hyperscan.__version__, [(e.regex, e.flags) for e in expressions]]
    return folder / f"patterns-{hashlib.sha256(orjson.dumps(described)).hexdigest()[:24]}.hyperscan"


def _read_cache(expressions: Sequence[Expression], folder: Path | None) -> tuple[Any, list[int | None]] | None:
    if folder is None:
        return None
    file = _cache_file(expressions, folder)
    try:
        header, _, serialized = file.read_bytes().partition(b"\n")
        befores = orjson.loads(header)
        database = hyperscan.loadb(serialized, hyperscan.HS_MODE_BLOCK) if serialized else None
    except FileNotFoundError:
        return None
    except (OSError, ValueError, hyperscan.error) as error:
        logger.info("the compiled patterns in %s cannot be used (%s): compiling anew", file, type(error).__name__)
        return None
    return (database, befores) if len(befores) == len(expressions) else None


def _write_cache(
    expressions: Sequence[Expression], folder: Path | None, database: Any, befores: list[int | None]
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
                stream.write(orjson.dumps(befores) + b"\n" + serialized)
            Path(temporary).replace(file)
        except OSError:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise
    except OSError as error:
        logger.warning("the compiled patterns cannot be kept in %s: %s", folder, error.strerror)
