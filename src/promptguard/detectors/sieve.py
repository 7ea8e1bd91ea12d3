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

from promptguard.detectors.hyperscan_syntax import UNBOUNDED, Untranslatable, translate

logger = logging.getLogger(__name__)

LONGEST_REACH = 4096
"""How far back from its end a match is looked for at most, in characters.

For regexes without a limit Hyperscan is asked where matches start, and this holds only where it cannot tell.
"""

LONGEST_RUN = 4096
"""Characters over which places that overlap are reported as one."""

FORMAT = 2
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
    """One or more places, each overlapping the one before, in which a recognizer may find something."""

    owner: int
    start: int
    """Where the first match starts at the earliest; may be negative."""
    first_end: int
    last_end: int
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
        reaches = self._reaches
        runs: list[tuple[int, list[int]]] = []
        latest: dict[int, list[int]] = {}

        # One match with a repeat in it is reported once for each of its ends, in the order of the ends.
        def on_match(identifier: int, start: int, end: int, _flags: int, _context: object) -> None:
            before = reaches[identifier][1]
            if before:
                start = end - before
            run = latest.get(identifier)
            if run is not None and start <= run[2] and (end - run[0] <= LONGEST_RUN or start <= run[0]):
                run[2] = end
                run[0] = min(run[0], start)
            else:
                run = latest[identifier] = [start, end, end]
                runs.append((identifier, run))

        self._database.scan(text, match_event_handler=on_match, scratch=scratch)
        hits = []
        for identifier, (start, first_end, last_end) in runs:
            owner, _, reach = reaches[identifier]
            hits.append(Hit(owner, start, first_end, last_end, reach))
        return hits


def _compile(expressions: Sequence[Expression]) -> tuple[Any, list[int | None]]:
    """A database, and for each expression how far before its end a match may start; None where it is left out."""
    forms = {index: _forms(expression) for index, expression in enumerate(expressions)}
    _settle([index for index, left in forms.items() if left], expressions, forms)
    taken = {index: left[0] for index, left in forms.items() if left}
    database = _database(taken) if taken else None
    return database, [taken[index].before if index in taken else None for index in range(len(expressions))]


def _settle(indexes: Sequence[int], expressions: Sequence[Expression], forms: dict[int, list[_Compilable]]) -> None:
    """Drop from `forms` what Hyperscan refuses, so that the first one left of each expression compiles.

    Hyperscan does not say which of many expressions it refuses, and compiling each alone takes long.
    """
    if not indexes:
        return
    try:
        _database({index: forms[index][0] for index in indexes})
        return
    except hyperscan.error as error:
        problem = str(error)
    if len(indexes) > 1:
        middle = len(indexes) // 2
        _settle(indexes[:middle], expressions, forms)
        _settle(indexes[middle:], expressions, forms)
        return
    (index,) = indexes
    del forms[index][0]
    if forms[index]:
        _settle(indexes, expressions, forms)
    else:
        name = expressions[index].name
        logger.warning("%s is matched the slow way, Hyperscan refuses it: %s", name, problem)


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
    before = min(translation.width, LONGEST_REACH)
    plain = _Compilable(translation.expression, flags, before)
    loose = _Compilable(translation.expression, flags | hyperscan.HS_FLAG_PREFILTER, before)
    if translation.width < UNBOUNDED:
        return [plain, loose]
    return [_Compilable(translation.expression, flags | hyperscan.HS_FLAG_SOM_LEFTMOST, 0), plain, loose]


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
