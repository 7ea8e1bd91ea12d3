"""The search in one whole text: what the model says of its pieces, what rules find in all of it, and both together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from promptguard.detectors.names.asked import Asked
from promptguard.detectors.names.bare_places import without_bare_places
from promptguard.detectors.names.by_rules import find_by_rules
from promptguard.detectors.names.cache import TextCache
from promptguard.detectors.names.enumerations import without_listed_things
from promptguard.detectors.names.headed_lists import without_other_entries
from promptguard.detectors.names.mailboxes import RECOGNIZER as BESIDE_MAIL
from promptguard.detectors.names.mentions import mentions
from promptguard.detectors.names.models import FindsNames
from promptguard.detectors.names.name_lines import RECOGNIZER as ON_LINES
from promptguard.detectors.names.pieces import Piece, pieces
from promptguard.detectors.names.precedence import at_once
from promptguard.detectors.names.rosters import RECOGNIZER as IN_LISTS
from promptguard.detectors.names.spans import LOCATION, Span, beside, merge
from promptguard.detectors.names.things import without_things

type Spans = tuple[Span, ...]
type Turn = Callable[[], None]

_EDGES = " \t\r\n,;|\u00a0"
"""What separates fields of a row."""

_LISTED = frozenset({IN_LISTS, ON_LINES, BESIDE_MAIL})
"""The recognizers of names that stand below or beside others."""

_CACHED_CHUNKS = 8_000
"""Chunks of which a worker remembers what was found: of a long text that was edited, most are the same. Some 4 MB."""


class TextSearch:
    """Searches whole texts with a model; a chunk that was looked at before is not looked at again."""

    def __init__(self, model: FindsNames) -> None:
        self._model = model
        self._cache = TextCache[Spans](_CACHED_CHUNKS)

    def find(self, text: str, *, seldom_prose: bool = False, turn: Turn = at_once) -> list[Span]:
        """The names and addresses in `text`, in order and without overlaps; see `pieces` for the other arguments.

        Args:
            turn: called between two pieces of the work, most of which take a millisecond; what it raises ends it.
        """

        def digest(chunk: str) -> bytes:
            turn()
            return self._cache.digest(chunk)

        cut = pieces(text, digest, seldom_prose=seldom_prose)
        return with_rules(text, cut, self._look(cut, turn), turn)

    def look_ahead(self, texts: Sequence[Asked]) -> None:
        """Have the model look at the pieces of several texts together, where it is better at that, before `find`."""
        if self._model.at_once and len(texts) > 1:
            cut = [pieces(each.text, self._cache.digest, seldom_prose=each.seldom_prose) for each in texts]
            self._look([piece for each in cut for piece in each], at_once)

    def _look(self, looked_at: Sequence[Piece], turn: Turn) -> dict[bytes, Spans]:
        """What the model finds in each of the pieces, by their digests."""
        known: dict[bytes, Spans] = {}
        unknown: dict[bytes, str] = {}
        for piece in looked_at:
            spans = self._cache.get(piece.digest)
            if spans is None:
                unknown[piece.digest] = piece.chunk.text
            else:
                known[piece.digest] = spans
        for some in _together(unknown, self._model.at_once):
            turn()
            for digest, found in zip(some, self._model.find_all([unknown[digest] for digest in some]), strict=True):
                known[digest] = tuple(found)
                self._cache.put(digest, known[digest])
        return known


def _together(texts: Mapping[bytes, str], characters: int) -> Iterator[list[bytes]]:
    """The keys of texts that are looked at in one go: of as many characters together, or each by itself."""
    some: list[bytes] = []
    length = 0
    for key, text in texts.items():
        if some and length + len(text) > characters:
            yield some
            some, length = [], 0
        some.append(key)
        length += len(text)
    if some:
        yield some


def with_rules(text: str, looked_at: Sequence[Piece], known: Mapping[bytes, Spans], turn: Turn = at_once) -> list[Span]:
    """What the model and the rules find in a text, and where those persons are named again in it.

    `known` is what the model finds in each of the pieces, by their digests; `turn` as for `TextSearch.find`.
    """
    located = [found for piece in looked_at for span in known[piece.digest] for found in piece.located(span)]
    located = without_listed_things(text, located)  # once more: a list may go on over the end of a piece
    ruled = find_by_rules(text, turn)
    turn()
    spans = list(without_things(text, merge([*_beside_lists(text, located, ruled), *ruled])))
    turn()
    spans = without_other_entries(text, merge([*spans, *mentions(text, spans, surnames_only=True)]))
    turn()
    return without_bare_places(text, spans)


def _beside_lists(text: str, found: Sequence[Span], ruled: Sequence[Span]) -> Iterator[Span]:
    """What the model found, and of places what lies beside the names in lists: it takes rows of those for addresses."""
    listed = [span for span in ruled if span.recognizer in _LISTED]
    for span in found:
        if not listed or span.entity_type != LOCATION:
            yield span
            continue
        for place in beside([span], listed):
            content = text[place.start : place.end]
            start = place.start + len(content) - len(content.lstrip(_EDGES))
            end = place.start + len(content.rstrip(_EDGES))
            if any(map(str.isalpha, content)):
                yield replace(place, start=start, end=end)
