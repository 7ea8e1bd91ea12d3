"""Originals that leave again: where values that were redacted in a scope stand in later texts.

What a detector finds depends on the words around it, so a value that was redacted once may come back where nothing
speaks for it: in the assistant's turn that a restored answer becomes, in a table, in a path. Here all originals of a
scope are looked for at once, as a tree of tokens that is followed from every token of a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from promptguard.model import Nature, Recalled, Role, Segment

type IsCommon = Callable[[str], bool]
"""Whether a single word, as it is written, is one of the language rather than a name."""

MIN_CHARACTERS: Final = 3
"""Shorter originals stand in too many texts that have nothing to do with them."""
MIN_LETTERS: Final = 4
"""Of an original that is one word: shorter names are parts of speech in some language."""
MIN_DIGITS: Final = 5
"""Of an original that is one number: shorter ones are years, amounts and ports."""

_SPACELESS: Final = r"\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff"
_LETTERS: Final = rf"[^\W\d_{_SPACELESS}]"
_TOKEN: Final = re.compile(rf"[{_SPACELESS}]|{_LETTERS}+(?:[\u0300-\u036f]+{_LETTERS}*)*|\d+")
"""A run of letters, a run of digits, or one character of a script that puts no spaces between words. Tokens are
compared as a whole, which makes originals stand as whole words."""

_CUT_UP_TWICE: Final = 20_000
"""Characters that are cut into tokens in two milliseconds."""

_SPACES: Final = re.compile(r"\s+")
_AUTHORED: Final = frozenset({Role.SYSTEM, Role.TOOL_DEFINITION})
"""Voices of programs: a single word there is rather an option's name than a person's."""


@dataclass(frozen=True, slots=True)
class _Original:
    """What has to stand around and between the tokens of an original."""

    before: str
    """Characters before the first token, such as `+` of a telephone number."""
    core: str = field(repr=False)
    """From the first token to the last one, with single spaces."""
    after: str
    placeholder: str
    single: bool
    """One word: nothing about its form says what it is."""


@dataclass(slots=True)
class _Node:
    """The originals that begin with the tokens so far."""

    following: dict[str, _Node] = field(default_factory=dict)
    ending: list[_Original] = field(default_factory=list)


def recall(
    segments: Sequence[Segment],
    known: Mapping[str, str],
    is_common: IsCommon,
    ours: Callable[[str], Sequence[tuple[int, int]]],
) -> list[Recalled]:
    """Where originals stand in texts as whole words, the longest one where several begin at the same place.

    Letters count as they are written. Other white space than the original's own is allowed in its place. An original
    that is one word is looked for only if it is no common one, and not in what programs wrote (system prompts, tool
    definitions); anything with digits, `@` or several words is looked for in all text. Strings that are no text, or may
    turn out to be none, are left alone.

    Args:
        known: placeholder to original, issued in the scope.
        ours: where placeholders of the scope stand in a text; nothing is looked for within them.
    """
    if not known:
        return []
    searched = [
        (index, segment)
        for index, segment in enumerate(segments)
        if segment.nature is Nature.TEXT and not segment.sealed_if_issued
    ]
    root = _tree(_begun(known, [segment.text for _, segment in searched]), is_common)
    if not root.following:
        return []
    return [
        Recalled(index, start, end, placeholder)
        for index, segment in searched
        for start, end, placeholder in _outside(_search(segment, root), segment.text, ours)
    ]


def _begun(known: Mapping[str, str], texts: Sequence[str]) -> Mapping[str, str]:
    """Of the originals those whose first token stands in a text, which are few: a tree of all takes ten times as long.

    Of long texts it is not asked: to follow the tree is quicker there than to cut them up once more.
    """
    if sum(map(len, texts)) > _CUT_UP_TWICE:
        return known
    tokens = {token for text in texts for token in _TOKEN.findall(text)}
    return {
        placeholder: original
        for placeholder, original in known.items()
        if (first := _TOKEN.search(original)) and first.group() in tokens
    }


def _outside(
    found: Iterable[tuple[int, int, str]], text: str, ours: Callable[[str], Sequence[tuple[int, int]]]
) -> Iterator[tuple[int, int, str]]:
    taken: Sequence[tuple[int, int]] | None = None
    for start, end, placeholder in found:
        if taken is None:
            taken = ours(text)
        if not any(start < stop and begin < end for begin, stop in taken):
            yield start, end, placeholder


def _search(segment: Segment, root: _Node) -> Iterator[tuple[int, int, str]]:
    text = segment.text
    first = root.following
    single = segment.role not in _AUTHORED
    position = 0
    for token in _TOKEN.finditer(text):
        node = first.get(token.group())
        if node is None or token.start() < position:
            continue
        best = max(_ends(text, token.start(), token.end(), node, position, single), default=None)
        if best is not None:
            end, start, placeholder = best
            yield start, end, placeholder
            position = end


def _ends(text: str, start: int, stop: int, node: _Node, floor: int, single: bool) -> Iterator[tuple[int, int, str]]:
    """The originals whose first token stands at `start`: end, beginning and placeholder of each."""
    while True:
        for original in node.ending:
            begin, end = start - len(original.before), stop + len(original.after)
            if (
                begin >= floor
                and (single or not original.single)
                and text.startswith(original.before, begin)
                and text.startswith(original.after, stop)
                and _SPACES.sub(" ", text[start:stop]) == original.core
            ):
                yield end, begin, original.placeholder
        token = _TOKEN.search(text, stop) if node.following else None
        following = node.following.get(token.group()) if token else None
        if token is None or following is None:
            return
        node, stop = following, token.end()


def _tree(known: Mapping[str, str], is_common: IsCommon) -> _Node:
    root = _Node()
    for placeholder, text in known.items():
        tokens = list(_TOKEN.finditer(text))
        words = [token.group() for token in tokens]
        if not words or not _is_sought(text.strip(), words, is_common):
            continue
        node = root
        for word in words:
            node = node.following.setdefault(word, _Node())
        start, end = tokens[0].start(), tokens[-1].end()
        core = _SPACES.sub(" ", text[start:end])
        single = _is_word(text, words)
        node.ending.append(_Original(text[:start].lstrip(), core, text[end:].rstrip(), placeholder, single))
    return root


def _is_sought(text: str, words: Sequence[str], is_common: IsCommon) -> bool:
    if len(text) < MIN_CHARACTERS:
        return False
    if len(words) == 1 and words[0].isdigit():
        return len(words[0]) >= MIN_DIGITS
    if _is_word(text, words):
        return sum(map(len, words)) >= MIN_LETTERS and not is_common(text)
    return True


def _is_word(text: str, words: Sequence[str]) -> bool:
    """Whether an original is one plain word, an apostrophe or a dot in it included."""
    if "@" in text or any(map(str.isdigit, words)):
        return False
    return len(words) == 1 or (not _SPACES.search(text.strip()) and min(map(len, words)) == 1 and text.isascii())
