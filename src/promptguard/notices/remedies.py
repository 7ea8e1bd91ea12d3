"""What to do about a request that could not be checked, and when to try again."""

from __future__ import annotations

from promptguard.notices.sentences import Sentences
from promptguard.notices.templates import Templates
from promptguard.reasons import Code, Reason

_TOO_MUCH = frozenset(
    {
        Code.BODY_TOO_LARGE,
        Code.BODY_TOO_MANY_TEXTS,
        Code.FILE_TIMEOUT,
        Code.FILE_TOO_MUCH_TEXT,
        Code.FILE_TOO_MUCH_UNPACKED,
        Code.FILE_TOO_MANY_FILES,
        Code.FILE_TOO_MANY_PAGES,
        Code.FILE_TOO_MANY_PIXELS,
        Code.FILE_OUT_OF_MEMORY,
        Code.FILE_READER_OUT_OF_MEMORY,
        Code.MULTIPART_TOO_MANY_PARTS,
        Code.NAMES_TIMEOUT,
        Code.NAMES_TOO_MUCH_TEXT,
        Code.SCAN_TIMEOUT,
        Code.SCAN_TOO_MUCH_HIDDEN,
    }
)
"""Where less of the same would be read."""

_LATER = frozenset(
    {
        Code.FILE_OVERLOADED,
        Code.FILE_READER_NOT_STARTED,
        Code.NAMES_OVERLOADED,
        Code.NAMES_SERVER_AWAY,
        Code.NAMES_STOPPED,
        Code.NAMES_WORKER_NOT_READY,
        Code.NAMES_WORKER_NOT_STARTED,
        Code.NAMES_WORKER_SILENT,
    }
)
"""Where the same would be read a little later."""

_LONGEST_WAIT = 60
"""Seconds for which programs wait before they send again: those of OpenAI and Anthropic not for longer."""


def remedy(templates: Templates, sentences: Sentences, contact: str, problem: Reason | None) -> str:
    """What to do about a request that could not be checked."""
    texts = templates.paragraphs
    if seconds := seconds_until_free(problem):
        duration = templates.words.duration(str(seconds))
        return texts.busy.format_map({"contact": contact, "duration": duration})
    if problem and problem.code in _LATER:
        return texts.again.format_map({"contact": contact})
    if problem and problem.code in _TOO_MUCH:
        return texts.smaller
    advice = sentences.advice(problem) if problem else ""
    return texts.instead.format_map({"advice": advice}) if advice else texts.readable


def seconds_until_free(problem: Reason | None) -> int:
    """Seconds after which what is overloaded now should be free, at most a minute; 0 for all other problems."""
    if problem is None or problem.code != Code.NAMES_OVERLOADED:
        return 0
    seconds = problem.parameters.get("seconds", 1)
    return min(max(1, int(seconds)), _LONGEST_WAIT) if isinstance(seconds, int | float) else 1
