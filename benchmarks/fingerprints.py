"""What registered documents cost and how well pieces of them are found: index, memory, time, recall, false alarms.

Texts are made of a seeded vocabulary whose words are as frequent as those of a language (Zipf), with a company's
letterheads in many of them. `--prose FOLDER` measures on real text instead, and no text of
`--others FOLDER` may alarm.

    python benchmarks/fingerprints.py [--documents 10000] [--prose FOLDER --others FOLDER]
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil

from promptguard.detectors.fingerprints.detector import FingerprintDetector
from promptguard.detectors.fingerprints.plain_text import read_text
from promptguard.detectors.fingerprints.registering import Fingerprinter, register_documents
from promptguard.detectors.fingerprints.scheme import DOCUMENTS
from promptguard.detectors.fingerprints.store import Details, FingerprintStore, IndexEntry
from promptguard.errors import Unreadable
from promptguard.model import DataClass, Segment

KEY = bytes(range(32))
DOCUMENT_CHARACTERS = 18_000
PIECES = (60, 100, 150, 200, 400)
PIECES_OF_EACH_LENGTH = 1_000
LETTERHEAD = 500
"""Characters at a document's beginning that pieces are not taken from."""
SYLLABLES = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "chi", "dro", "ent", "ist")
BEFORE = "Could you make this shorter, please?\n\n"
AFTER = "\n\nThanks, I need it for tomorrow's meeting."


class Language:
    """Texts of made-up words; the same seed gives the same texts in the same order."""

    def __init__(self, seed: int) -> None:
        self.pick = random.Random(seed)
        words = random.Random(0)
        self._words = ["".join(words.choices(SYLLABLES, k=words.randint(1, 4))) for _ in range(20_000)]
        self._weights = list(itertools.accumulate(1 / rank for rank in range(1, len(self._words) + 1)))
        self._letterheads = [" ".join(self._sentence(words, 12) for _ in range(4)) for _ in range(10)]

    def _sentence(self, pick: random.Random, words: int) -> str:
        return " ".join(pick.choices(self._words, cum_weights=self._weights, k=words)).capitalize() + "."

    def text(self, characters: int) -> str:
        """A piece of the company's letterhead, and paragraphs of sentences."""
        sentences = [self.pick.choice(self._letterheads) + "\n\n"]
        length = len(sentences[0])
        while length < characters:
            sentence = self._sentence(self.pick, self.pick.randint(5, 20))
            sentences.append(sentence + ("\n\n" if self.pick.random() < 0.2 else " "))
            length += len(sentences[-1])
        return "".join(sentences)[:characters]


def retyped(piece: str, pick: random.Random) -> str:
    """A piece as it comes out of a PDF and through a mail: other line breaks, hyphens at their ends, quotes, case."""
    words = []
    for word in piece.split():
        if len(word) > 7 and pick.random() < 0.1:
            word = f"{word[:4]}-\n{word[4:]}"
        words.append(word.upper() if pick.random() < 0.1 else word)
    return "".join(word + pick.choice((" ", " ", "  ", "\n")) for word in words).replace('"', "“").replace("-", "–")


def resident() -> float:
    """Megabytes."""
    return psutil.Process().memory_info().rss / 1e6


def timed(work: Callable[[], object]) -> float:
    """Milliseconds, median of many."""
    times = []
    for _ in range(30):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def real_texts(folder: Path) -> Iterator[str]:
    """The texts in a folder, files that are none left out."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            try:
                yield read_text(path)
            except Unreadable:
                continue


async def recall(detector: FingerprintDetector, documents: Sequence[str]) -> None:
    """Print how many random pieces are found, as they are and retyped."""
    pick = random.Random(7)
    print("\n| piece, characters | as it is | retyped | edges off by, mean |\n| --- | --- | --- | --- |")
    long_ones = [document for document in documents if len(document) > LETTERHEAD + 2 * max(PIECES)]
    for length in PIECES:
        found = {False: 0, True: 0}
        off = []
        for _ in range(PIECES_OF_EACH_LENGTH):
            document = pick.choice(long_ones)
            start = pick.randrange(LETTERHEAD, len(document) - length)
            piece = document[start : start + length].strip()
            for changed in (False, True):
                shown = retyped(piece, pick).strip() if changed else piece
                [matches] = await detector.find([Segment((), BEFORE + shown + AFTER)])
                found[changed] += bool(matches)
                if matches:
                    begin, end = len(BEFORE), len(BEFORE) + len(shown)
                    off.append((abs(matches[0].start - begin) + abs(matches[-1].end - end)) / 2)
        shares = [found[changed] / PIECES_OF_EACH_LENGTH for changed in (False, True)]
        print(f"| {length} | {shares[0]:.3f} | {shares[1]:.3f} | {statistics.mean(off) if off else 0:.1f} |")


async def alarms(detector: FingerprintDetector, texts: Sequence[str]) -> None:
    """Print what is found in texts that are registered nowhere."""
    found = await detector.find([Segment((), text) for text in texts])
    characters = sum(map(len, texts))
    count = sum(map(len, found))
    print(f"\n{count} findings in {characters / 1e6:.1f} MB of text that is not registered.")
    for matches, text in zip(found, texts, strict=True):
        for match in matches[:2]:
            print(f"  {match.subject} {match.score}: {' '.join(text[match.start : match.end].split())[:160]}")


async def measure(documents: Sequence[str], others: Sequence[str]) -> None:
    """Register the documents and print all figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "documents.index"
        store, fingerprinter = FingerprintStore(path, KEY, DOCUMENTS), Fingerprinter(DOCUMENTS, KEY)
        fingerprinter("Once, so that the tables are there.")
        started = time.perf_counter()
        for begin in range(0, len(documents), 200):
            details = [
                Details(f"document {begin + at}", DataClass.CONFIDENTIAL_RECORDS, "2026-01-01T00:00:00Z", len(text))
                for at, text in enumerate(documents[begin : begin + 200])
            ]
            store.put(
                IndexEntry(each, fingerprinter(text)) for each, text in zip(details, documents[begin:], strict=False)
            )
        print(f"{len(documents)} documents, {sum(map(len, documents)) / 1e6:.0f} MB")
        print(f"built in {time.perf_counter() - started:.1f} s, index file {path.stat().st_size / 1e6:.0f} MB")
        one = Path(folder) / "one.txt"
        one.write_text(documents[0])
        started = time.perf_counter()
        added = register_documents(
            [("one more", one)], store, fingerprinter, read_text, data_class=DataClass.TENANT_DATA
        )
        assert not list(added)
        print(f"one more document added in {(time.perf_counter() - started) * 1000:.0f} ms")
        before = resident()
        detector = FingerprintDetector(DOCUMENTS, path, KEY, common_in=20)
        started = time.perf_counter()
        await detector.start()
        index = detector._index
        print(
            f"loaded in {time.perf_counter() - started:.1f} s: {len(index)} fingerprints, {index.nbytes / 1e6:.0f} MB; "
            f"resident memory grew by {resident() - before:.0f} MB"
        )
        for size in (1_000, 10_000, 100_000, 1_000_000):
            clean = "".join(others)[:size]
            leak = "".join(documents[:100])[:size]
            costs = [timed(lambda text=text: detector._search(index, text)) for text in (clean, leak)]
            print(f"{len(clean)} characters: {costs[0]:.2f} ms clean, {costs[1]:.2f} ms all of it registered")
        await recall(detector, documents)
        await alarms(detector, others)


def main() -> None:
    """Parse and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--prose", type=Path)
    parser.add_argument("--others", type=Path)
    arguments = parser.parse_args()
    if arguments.prose and arguments.others:
        documents, others = list(real_texts(arguments.prose)), list(real_texts(arguments.others))
    else:
        language = Language(1)
        documents = [language.text(DOCUMENT_CHARACTERS) for _ in range(arguments.documents)]
        others = [language.text(DOCUMENT_CHARACTERS) for _ in range(200)]
    asyncio.run(measure(documents, others))


if __name__ == "__main__":
    main()
