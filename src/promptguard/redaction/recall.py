"""Originals that leave again: where values that were redacted in a scope stand in later texts.

What a detector finds depends on the words around it, so a value that was redacted once may come back where nothing
speaks for it: in the assistant's turn that a restored answer becomes, in a table, in a path. Here all originals of a
scope are looked for at once, as a tree of tokens that is followed from every token of a text.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import Final

from promptguard.model import Nature, Recalled, Role, Segment
from promptguard.redaction.issued import Issued
from promptguard.redaction.recall_tree import TOKEN, OriginalsTree

type IsCommon = Callable[[str], bool]
"""Whether a single word, as it is written, is one of the language rather than a name."""

_CUT_UP_TWICE: Final = 20_000
"""Characters that are cut into tokens in two milliseconds."""

_AUTHORED: Final = frozenset({Role.SYSTEM, Role.TOOL_DEFINITION})
"""Voices of programs: a single word there is rather an option's name than a person's."""


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
    issued = known if isinstance(known, Issued) else Issued(known.items())
    if not issued:
        return []
    searched = [
        (index, segment)
        for index, segment in enumerate(segments)
        if segment.nature is Nature.TEXT and not segment.sealed_if_issued
    ]
    trees = [tree for tree in issued.trees() if tree.root.following]
    return [
        Recalled(index, start, end, placeholder)
        for index, segment in searched
        if (firsts := _firsts(segment.text, trees))
        for start, end, placeholder in _outside(_search(segment, firsts, trees, issued, is_common), segment.text, ours)
    ]


def _firsts(text: str, trees: Sequence[OriginalsTree]) -> Container[str]:
    """The first tokens of originals that stand in a text. Mostly none does, which is told sooner in this way; of a long
    text, which would become a list of all its tokens, it is not asked."""
    if len(text) > _CUT_UP_TWICE:
        return ChainMap(*(tree.root.following for tree in trees))
    tokens = set(TOKEN.findall(text))
    return {token for tree in trees for token in tokens if token in tree.root.following}


def _outside(
    found: Iterable[tuple[int, int, str]], text: str, ours: Callable[[str], Sequence[tuple[int, int]]]
) -> Iterator[tuple[int, int, str]]:
    taken: Sequence[tuple[int, int]] | None = None
    for start, end, placeholder in found:
        if taken is None:
            taken = ours(text)
        if not any(start < stop and begin < end for begin, stop in taken):
            yield start, end, placeholder


def _search(
    segment: Segment, firsts: Container[str], trees: Sequence[OriginalsTree], issued: Issued, is_common: IsCommon
) -> Iterator[tuple[int, int, str]]:
    text = segment.text
    authored = segment.role in _AUTHORED
    position = 0
    for token in TOKEN.finditer(text):
        word, start = token.group(), token.start()
        if word not in firsts or start < position:
            continue
        places = (
            (place[1], place[0], sought.placeholder)
            for tree in trees
            for sought, stop in tree.begun(text, start, token.end())
            if (place := sought.ends(text, start, stop)) is not None
            and place[0] >= position
            and not (sought.single and authored)
            and not (sought.word and is_common(sought.word))
            and issued.get(sought.placeholder) == sought.text
        )
        if (best := max(places, default=None)) is not None:
            position, begin, placeholder = best
            yield begin, position, placeholder
