"""Makes src/promptguard/detectors/names/lexicon/words_beyond_english.txt: words of seven languages that are no names.

Run by hand:

    python tools/make_words.py VOCABULARIES TEXTS

VOCABULARIES is a checkout of snowballstem/snowball-data (its `voc.txt` of Danish, Dutch, German, Italian, Portuguese
and Spanish), TEXTS the folder of texts that `tools/names/sources.toml` lists. From the texts come the words that are
written in lower case there, and which words are written with a capital for the most part.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from pathlib import Path

from promptguard.detectors.names.lexicon import read_words
from promptguard.detectors.reference.gazetteer import gazetteer

OUT = Path(__file__).parent.parent / "src/promptguard/detectors/names/lexicon/words_beyond_english.txt"
VOCABULARIES = ("danish", "dutch", "german", "italian", "portuguese", "spanish")
CAPITALISING = "de"
"""The language that writes all nouns with a capital."""
MIN_LENGTH, MAX_LENGTH = 3, 13
MIN_SEEN = 2
"""How often a word of no vocabulary has to be seen in lower case."""
SHORT = 5
"""Letters of the longest word that must have been seen in lower case: too many begin alike."""
SHARED = 2
"""Letters at the end by which words of one family differ: names, which are among the vocabularies too, have none."""

_WORD = re.compile(r"[^\W\d_]+")


def main(vocabularies: Path, texts: Path) -> None:
    """Write the list."""
    lower, capitalised = written(texts)
    words = {word for name in VOCABULARIES for word in (vocabularies / name / "voc.txt").read_text("utf-8").split()}
    words |= {word for word, count in lower.items() if count >= MIN_SEEN}
    names = read_words("given_names") | read_words("surnames") | read_words("common_words")
    words = {word for word in words - names if fits(word) and not is_place(word)}
    words = {word for word in words if capitalised[word] <= max(1, 2 * lower[word])}
    families = Counter(beginning(word) for word in words)
    kept = sorted(word for word in words if lower[word] or (len(word) > SHORT and families[beginning(word)] > 1))
    OUT.write_text("".join(f"{word}\n" for word in kept), "utf-8")
    print(f"{len(kept)} words")


def written(texts: Path) -> tuple[Counter[str], Counter[str]]:
    """How often each word stands in lower case, and with a capital outside of German."""
    lower: Counter[str] = Counter()
    capitalised: Counter[str] = Counter()
    for path in sorted(texts.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                found = _WORD.findall(row["text"])
                lower.update(word for word in found if word.islower())
                if row.get("lang") != CAPITALISING:
                    capitalised.update(word.lower() for word in found if word.istitle())
    return lower, capitalised


def fits(word: str) -> bool:
    """Whether it is of letters of Latin script, and neither short nor long."""
    return word.isalpha() and MIN_LENGTH <= len(word) <= MAX_LENGTH and max(word) < "\u0250"


def beginning(word: str) -> str:
    """What words of one family have in common."""
    return word[: len(word) - SHARED]


def is_place(word: str) -> bool:
    """Whether a place is called so."""
    place = gazetteer().at(word.title(), 0)
    return place is not None and place.end == len(word)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
