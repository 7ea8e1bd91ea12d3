"""Lines by which people give a reason in a message: `pg-allow CODE reason`, and codes that stand among other words.

Each text is looked at once, whatever it is made of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from promptguard.model import DataClass, Finding, Nature, Position, Role, Segment
from promptguard.policy.justifications import COMMAND

_SIGNS: Final = ("g-allow", "g-Allow", "G-ALLOW", "G-Allow", "G-allow")
"""One of them is in every command that somebody types; quicker to look for than those are."""

_BEFORE: Final = re.compile(r"[ \t]*(?:<[\w-]{1,40}>[ \t]*)*")
"""What may stand before a command on its line: tags that agents put around what a person types."""

_BEHIND: Final = re.compile(r"</[\w-]{1,40}>")
_BLANKS: Final = " \t\r"
_MAX_TAGS: Final = 16
"""Tags behind a reason that are looked for."""

MAX_TEXT: Final = 16_384
"""Characters of the longest message that is kept to be sent in place of one that only gives a reason."""

SPEAKERS: Final = (Role.USER, Role.OTHER)
"""Whose texts may give a reason: those of people, and those whose voice nobody has named."""


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One place of a text at which a code stands."""

    segment: int
    start: int
    end: int
    code: str
    reason: str
    gives: bool
    """Whether it gives a reason; else the code stands among other words, such as those of a notice."""
    own: bool
    """Whether the code was made for this person."""

    @property
    def place(self) -> Finding:
        """As `policy.history` looks at places."""
        return Finding(self.segment, self.start, self.end, "", DataClass.CREDENTIALS, 1.0, "", "")


def reason_lines(segments: Sequence[Segment], is_own: Callable[[str], bool]) -> Iterator[ReasonLine]:
    """All of them, in order.

    Args:
        is_own: whether a code was made for the person.
    """
    for index, segment in enumerate(segments):
        if segment.nature is not Nature.TEXT or not any(sign in segment.text for sign in _SIGNS):
            continue
        text, looked_at = segment.text, 0
        for match in COMMAND.finditer(text):
            if match.start() < looked_at:
                continue  # in the line of another one, which is taken out whole
            # Each line is looked at once, however many codes stand in it: whole bodies may be made of them.
            start = text.rfind("\n", looked_at, match.start()) + 1
            is_first = bool(start) or not looked_at
            looked_at = match.end()
            code = f"{match[1]}-{match[2]}".lower()
            own = is_own(code)
            if segment.role in SPEAKERS and is_first and _BEFORE.fullmatch(text, start, match.start()):
                reason = _reason(text, match.end())
                looked_at = match.end() + len(reason)
                yield ReasonLine(index, match.start(), looked_at, code, reason.strip(), True, own)
            elif own:
                yield ReasonLine(index, match.start(1), match.end(2), code, "", False, own)


def without(text: str, commands: Sequence[ReasonLine], instead: Mapping[int, str] = MappingProxyType({})) -> str:
    """A text without the commands in it, and without their lines where those say nothing else.

    Args:
        instead: by its place, what stands for a command.
    """
    parts: list[str] = []
    done, last = 0, "\n"
    for command in commands:
        said = instead.get(command.start, "") if command.gives else "CODE"
        before = text[done : command.start]
        parts += before, said
        done, last = command.end, said or before or last
        if last.endswith("\n") and text.startswith("\n", done):
            done += 1
    return "".join((*parts, text[done:]))


def is_typed(segment: Segment) -> bool:
    """Whether somebody typed a text just now."""
    return (
        segment.role in SPEAKERS
        and segment.position is Position.NEW
        and segment.nature is Nature.TEXT
        and not segment.fixed
        and bool(segment.text.strip())
    )


def typed(segments: Sequence[Segment], held: Sequence[Finding]) -> str:
    """The message that is held, as it was typed: the last text with something of it, or the last at all."""
    typed = [index for index, segment in enumerate(segments) if is_typed(segment)]
    holding = {finding.segment for finding in held}
    chosen = [index for index in typed if index in holding] or typed
    text = segments[chosen[-1]].text if chosen else ""
    return text if len(text) <= MAX_TEXT else ""


def _reason(text: str, start: int) -> str:
    """What stands behind a command, up to the end of its line, without the tags that close there."""
    line_end = text.find("\n", start)
    rest = text[start : len(text) if line_end < 0 else line_end].rstrip(_BLANKS)
    for _ in range(_MAX_TAGS):
        tag = rest.rfind("</")
        if tag < 0 or not _BEHIND.fullmatch(rest, tag):
            break
        rest = rest[:tag].rstrip(_BLANKS)
    return rest
