"""All regexes in a few Hyperscan databases, which say of a text where any of them may match."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.metadata
import logging
import os
import tempfile
import threading
import time
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import hyperscan
import orjson
import regex

from promptguard.detectors.patterns.hyperscan_syntax import Untranslatable, translate

logger = logging.getLogger(__name__)

MAX_WIDTH = 4096
"""Characters. Where a regex can match more, a hit tells nothing of where the match starts.

Hyperscan could say (HS_FLAG_SOM_LEFTMOST), but 5.4.12 crashes the process on expressions as simple as `a+bc` then.
"""

MAX_RUN_LENGTH = 4096
"""Characters over which places that overlap are reported as one."""

PARTS = 8
"""Databases into which the expressions are divided."""

FORMAT = 3
"""Raised when the same regexes are compiled to something else."""

VERSION = f"{FORMAT}-{importlib.metadata.version('hyperscan')}"
"""Another one may find other places with the same expressions."""


_CACHE_PREFIX = "patterns-"
_KEPT_SECONDS = 30 * 86400


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


@dataclass(frozen=True, slots=True)
class _CompiledPart:
    """Some of the expressions, compiled together."""

    indexes: Sequence[int]
    """Which of all expressions they are; their own identifiers count from 0."""
    database: Any
    """None where Hyperscan takes none of them."""
    widths: Sequence[int | None]
    """See `_Compilable`; None for an expression that is left out."""
    compiled_now: bool
    """False where it was compiled before and loaded."""


class PatternPrefilter:
    """Compiled databases. Scanning is thread-safe and lets go of the GIL."""

    def __init__(self, expressions: Sequence[Expression], cache_folder: Path | None = None) -> None:
        """Compile the expressions, or load what was compiled from the same ones before.

        Args:
            expressions: what to look for.
            cache_folder: where compiled databases are kept; None keeps none.
        """
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
            compiled = threads.map(lambda indexes: _part(expressions, indexes, cache_folder), _parts(expressions))
            parts = list(compiled)
        self._parts = [part for part in parts if part.database is not None]
        widths = {index: width for part in parts for index, width in zip(part.indexes, part.widths, strict=True)}
        self.left_out = sorted(index for index, width in widths.items() if width is None)
        """Indexes of what Hyperscan takes in no form: the caller has to match it itself."""
        self.unbounded = sorted(index for index, width in widths.items() if width == 0)
        """Indexes of expressions of which a hit tells only that there is a match, not where it starts."""
        self.compiled_now = any(part.compiled_now for part in parts)
        """Whether anything was compiled, and not loaded."""
        self._local = threading.local()

    def scan(self, text: bytes) -> list[Hit]:
        """Every place in a projection where an expression may match, in no particular order."""
        scratches = getattr(self._local, "scratches", None)
        if scratches is None:
            scratches = self._local.scratches = [hyperscan.Scratch(part.database) for part in self._parts]
        return [hit for part, scratch in zip(self._parts, scratches, strict=True) for hit in _scan(part, text, scratch)]


def _scan(part: _CompiledPart, text: bytes, scratch: Any) -> list[Hit]:
    widths = part.widths
    runs: list[tuple[int, list[int]]] = []
    latest: dict[int, list[int]] = {}

    # One match with a repeat in it is reported once for each of its ends, in the order of the ends.
    def on_match(identifier: int, _start: int, end: int, _flags: int, _context: object) -> None:
        # An end is a place of one character, if nothing is known of the start.
        start = end - (widths[identifier] or 1)
        run = latest.get(identifier)
        if run is not None and start <= run[2] and end - run[0] <= MAX_RUN_LENGTH:
            run[2] = end
        else:
            run = latest[identifier] = [start, end, end]
            runs.append((identifier, run))

    part.database.scan(text, match_event_handler=on_match, scratch=scratch)
    indexes = part.indexes
    return [Hit(indexes[identifier], *run) for identifier, run in runs]


def _parts(expressions: Sequence[Expression]) -> Iterable[Sequence[int]]:
    """Indexes of what is compiled together: by a hash, so that a change of one expression leaves the others alone.

    The fewer there are, the faster they are scanned amid all other work, which empties the processor's cache, and the
    longer they take to compile, of which several are at once. For 844 expressions, 10 KB of text on a busy machine:
    eight take 0.80 ms and 5.7 s of processor time to compile, four 0.71 ms and 6.0 s, two 0.66 ms and 7.9 s, one
    0.61 ms and 11.6 s. But Hyperscan 5.4.12 overlooks more in larger company: in four, places
    went unseen in 51 of 30,065 texts, in six languages.
    """
    parts: dict[int, list[int]] = defaultdict(list)
    for index, expression in enumerate(expressions):
        parts[zlib.crc32(expression.regex.encode("utf-8", "surrogatepass")) % PARTS].append(index)
    return parts.values()


def _part(expressions: Sequence[Expression], indexes: Sequence[int], cache_folder: Path | None) -> _CompiledPart:
    chosen = [expressions[index] for index in indexes]
    if cached := _read_cache(chosen, cache_folder):
        return _CompiledPart(indexes, *cached, compiled_now=False)
    compiled = _compile(chosen)
    _write_cache(chosen, cache_folder, *compiled)
    return _CompiledPart(indexes, *compiled, compiled_now=True)


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
    width = translation.width if translation.width <= MAX_WIDTH else 0
    return [
        _Compilable(translation.expression, flags, width),
        _Compilable(translation.expression, flags | hyperscan.HS_FLAG_PREFILTER, width),
    ]


def _cache_file(expressions: Sequence[Expression], folder: Path) -> Path:
    # A database fits one version of the library and one kind of processor; the library checks the latter on loading.
    described = [VERSION, [(e.regex, e.flags) for e in expressions]]
    return folder / f"{_CACHE_PREFIX}{hashlib.sha256(orjson.dumps(described)).hexdigest()[:24]}.hyperscan"


def _read_cache(expressions: Sequence[Expression], folder: Path | None) -> tuple[Any, list[int | None]] | None:
    if folder is None:
        return None
    file = _cache_file(expressions, folder)
    try:
        header, _, serialized = file.read_bytes().partition(b"\n")
        os.utime(file)
        widths = orjson.loads(header)
        database = hyperscan.loadb(serialized, hyperscan.HS_MODE_BLOCK) if serialized else None
    except FileNotFoundError:
        return None
    except (OSError, ValueError, hyperscan.error) as error:
        logger.info("the compiled patterns in %s cannot be used (%s): compiling anew", file, type(error).__name__)
        return None
    is_whole = len(widths) == len(expressions) and (
        database is not None or not any(each is not None for each in widths)
    )
    return (database, widths) if is_whole else None


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
            _forget_unused(folder)
        except OSError:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise
    except OSError as error:
        _warn(str(folder), str(error.strerror))


@functools.cache
def _warn(folder: str, why: str) -> None:
    """Once, not for each of the databases."""
    logger.warning("the compiled patterns cannot be kept in %s: %s", folder, why)


def _forget_unused(folder: Path) -> None:
    """Delete what no start has used for long: databases of recognizers that were changed since."""
    for file in folder.glob(f"{_CACHE_PREFIX}*"):
        if time.time() - file.stat().st_mtime > _KEPT_SECONDS:
            file.unlink(missing_ok=True)
