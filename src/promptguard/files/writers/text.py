"""Plain text in the character encoding that it came in: CSV, TSV, JSON, source code, logs."""

from __future__ import annotations

from promptguard.files.interface import CannotRead, Source
from promptguard.files.readers import text
from promptguard.files.replacements import Replacements, replaced
from promptguard.reasons import Code


def write(source: Source, replacements: Replacements) -> bytes:
    """The text again, behind the same mark.

    Raises:
        CannotRead: its encoding is not known for certain, or cannot hold what is to stand there.
    """
    mark, charset, content = text.recognise(source.data, source.charset)
    try:
        if not charset or mark + content.encode(charset) != source.data:
            raise CannotRead(Code.REWRITE_CHARSET)
        return mark + replaced(content, replacements.by_text.get(content, ())).encode(charset)
    except UnicodeError:
        raise CannotRead(Code.REWRITE_CHARSET) from None
