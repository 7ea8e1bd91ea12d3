"""Writes a file again with other texts in it, and reads what was written. Runs in a worker process only."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.files.kinds import identify
from promptguard.files.readers import text
from promptguard.files.replacements import Replacements
from promptguard.model import Edit
from promptguard.reasons import Code

type Writer = Callable[[Source, Replacements], bytes]


def rewrite(source: Source, edits: Mapping[int, Sequence[Edit]], extraction: Callable[[], Extraction]) -> bytes:
    """The file with edits made in its texts, which are given by number as the reader lists them.

    Args:
        extraction: makes a new one, within the bounds of one file.

    Raises:
        CannotRead: it is of a kind that cannot be written, or what was written does not say what it should.
    """
    write = _writer(source)
    if identify(source).writer == "text":
        source = replace(source, charset=text.recognise(source.data, source.charset).charset or source.charset)
    before = extraction()
    before.file(source)
    if any(number >= len(before.texts) for number in edits):
        raise CannotRead(Code.REWRITE_IN_FILE)
    replacements = Replacements.of(before.texts, edits)
    try:
        data = write(source, replacements)
        after = extraction()
        after.file(replace(source, data=data))
    except CannotRead:
        raise
    except Exception:  # whatever a library makes of broken bytes; its message may quote them
        raise CannotRead(Code.REWRITE_IN_FILE) from None
    if not replacements.hold(before.texts, after.texts):
        raise CannotRead(Code.REWRITE_IN_FILE)
    return data


def _writer(source: Source) -> Writer:
    """What writes a file of this kind. Imported when first needed.

    Raises:
        CannotRead: nothing does.
    """
    kind = identify(source)
    if not kind.writer:
        raise CannotRead(Code.REWRITE_KIND, kind=kind.id)
    write: Writer = importlib.import_module(f"promptguard.files.writers.{kind.writer}").write
    return write
