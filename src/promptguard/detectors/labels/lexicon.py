"""The words of labels, from `labels.txt`, and where they stand in a text."""

from __future__ import annotations

import functools
import importlib.resources
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy

from promptguard.detectors.literal_matcher import LiteralMatcher

_FILE = "labels.txt"

_JOINTS = " _-./'’\xa0"
"""What may stand between the words of a label, two signs at most."""
MAX_JOINT = 2
_ASCII_JOINTS = "".join(filter(str.isascii, _JOINTS)).encode("ascii")
_JOINTS_BEYOND = tuple(joint.encode("utf-8") for joint in _JOINTS if not joint.isascii())
_NO_JOINT = numpy.array([chr(point) not in _JOINTS for point in range(max(map(ord, _JOINTS)) + 2)])
"""By code point, whether it is no joint; the last stands for all that follow."""

_BEYOND_LATIN = "\u0250"


@dataclass(frozen=True, slots=True)
class Term:
    """One way of writing a label."""

    words: tuple[str, ...]
    """In lower case."""
    label: str
    """What recognizers call it: the heading of `labels.txt` it stands under."""

    @property
    def in_words(self) -> bool:
        """Whether its script puts spaces between words, so that a label has borders."""
        return self.words[0][0] < "\u0e00"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where a label stands in a text."""

    start: int
    end: int
    label: str


@functools.cache
def terms() -> tuple[Term, ...]:
    """All terms of the list, each once.

    Raises:
        ValueError: a line stands under no heading, or two headings share a term.
    """
    found: dict[tuple[str, ...], str] = {}
    heading = ""
    text = importlib.resources.files(__package__).joinpath(_FILE).read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            heading = line.strip("[]")
            continue
        for term in line.split("|"):
            words = tuple(re.split(r"[\s/]+", term.strip()))
            if not heading or not all(words) or found.setdefault(words, heading) != heading:
                raise ValueError(f"{_FILE}: {term.strip()!r} stands under no heading, or under two")
    return tuple(Term(words, heading) for words, heading in found.items())


@functools.cache
def _by_flat_form() -> dict[str, str]:
    return {"".join(term.words): term.label for term in terms()}


_NO_WORD = re.compile(r"[\W_]+")


def label_of(text: str) -> str:
    """What a heading or key that is a label as a whole is called; empty where it is none: `dateOfBirth`."""
    return _by_flat_form().get(_NO_WORD.sub("", text.lower()), "")


def occurrences(text: str) -> list[Occurrence]:
    """The labels in `text` that stand as words, or as the last words of a joined name; of overlapping ones the longest.

    Linear in the text: one Hyperscan pass, and what each hit ends.
    """
    lowered = text.replace("İ", "I").lower()
    if len(lowered) != len(text):  # no character but that one changes its length
        return []
    hits = _compiled()(_joined(lowered))
    if not hits:
        return []
    return _longest(sorted(_located(text, lowered, hits), key=lambda each: (each.start, -each.end)))


def _joined(text: str) -> bytes:
    """The UTF-8 form of `text` without joints."""
    data = text.encode("utf-8", "surrogatepass").translate(None, _ASCII_JOINTS)
    return functools.reduce(
        lambda left, joint: left.replace(joint, b""), () if data.isascii() else _JOINTS_BEYOND, data
    )


def _located(text: str, lowered: str, hits: Sequence[tuple[int, int]]) -> Iterator[Occurrence]:
    flat = numpy.fromiter(itertools.chain.from_iterable(hits), numpy.int64, 2 * len(hits))
    identifiers, byte_ends = flat[::2], flat[1::2]
    ends = _ends_of_bytes(lowered, byte_ends - 1)
    # Most hits end within a word, and are done with by that.
    kept = numpy.flatnonzero(~(_in_words()[identifiers] & _goes_on(text, ends)))
    known = terms()
    for identifier, end in sorted(zip(identifiers[kept].tolist(), ends[kept].tolist(), strict=True)):
        term = known[identifier]
        if term.in_words and not _ends_word(text, end):
            continue
        start = _start(lowered, end, term.words)
        if start is not None and (not term.in_words or _begins_word(text, start)):
            yield Occurrence(start, end, term.label)


@functools.cache
def _in_words() -> numpy.ndarray[tuple[int], numpy.dtype[numpy.bool_]]:
    """Of each term, see `Term.in_words`."""
    return numpy.array([term.in_words for term in terms()])


def _goes_on(
    text: str, ends: numpy.ndarray[tuple[int], numpy.dtype[numpy.int64]]
) -> numpy.ndarray[tuple[int], numpy.dtype[numpy.bool_]]:
    """At which places a small ASCII letter goes on with the word before it; `_ends_word` decides of the others."""
    points = numpy.frombuffer(f"{text}\0".encode("utf-32-le", "surrogatepass"), dtype=numpy.uint32)
    after = points[ends]
    return (after >= ord("a")) & (after <= ord("z")) & (points[ends - 1] < ord(_BEYOND_LATIN))


def _start(lowered: str, end: int, words: tuple[str, ...]) -> int | None:
    """Where a term that ends at `end` begins."""
    position = end
    for number, word in enumerate(reversed(words)):
        if number:
            for _ in range(MAX_JOINT):
                if lowered.endswith(word, 0, position) or not position or lowered[position - 1] not in _JOINTS:
                    break
                position -= 1
        if not lowered.endswith(word, 0, position):
            return None
        position -= len(word)
    return position


def _begins_word(text: str, start: int) -> bool:
    """Whether no letter of the same word precedes: `Dob` in `patientDob` is a word, `dob` in `adobe` is none."""
    before = text[start - 1 : start]
    return not before.isalnum() or (before.islower() and text[start].isupper()) or not _one_script(before, text[start])


def _ends_word(text: str, end: int) -> bool:
    """Whether no letter of the same word follows."""
    after = text[end : end + 1]
    return not after.isalpha() or (text[end - 1].islower() and after.isupper()) or not _one_script(text[end - 1], after)


def _one_script(one: str, other: str) -> bool:
    return (one < _BEYOND_LATIN) is (other < _BEYOND_LATIN)


def _longest(found: list[Occurrence]) -> list[Occurrence]:
    kept: list[Occurrence] = []
    for each in found:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def _ends_of_bytes(
    text: str, places: numpy.ndarray[tuple[int], numpy.dtype[numpy.int64]]
) -> numpy.ndarray[tuple[int], numpy.dtype[numpy.int64]]:
    """For some bytes of the UTF-8 form of `text` without joints, the ends of their characters in `text`."""
    if text.isascii():
        kept = numpy.flatnonzero(_NO_JOINT.take(numpy.frombuffer(text.encode("ascii"), dtype=numpy.uint8)))
        return kept.take(places) + 1
    points = numpy.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=numpy.uint32)
    kept = numpy.flatnonzero(_NO_JOINT[numpy.minimum(points, _NO_JOINT.size - 1)])
    lengths = 1 + (points[kept] > 0x7F).astype(numpy.int8) + (points[kept] > 0x7FF) + (points[kept] > 0xFFFF)
    return numpy.repeat(kept + 1, lengths)[places]


@functools.cache
def _compiled() -> LiteralMatcher:
    """The compiled terms, made once in some tenths of a second."""
    return LiteralMatcher([re.escape(_joined("".join(term.words)).decode("utf-8")).encode("utf-8") for term in terms()])
