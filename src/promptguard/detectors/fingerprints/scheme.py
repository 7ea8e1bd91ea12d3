"""What is compared of documents and of source code, and how much must be in common."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from promptguard.detectors.fingerprints.normalise import Normaliser
from promptguard.model import DataClass


@dataclass(frozen=True, slots=True)
class Scheme:
    """One kind of registered text. All lengths are in normalised characters, in which prose loses a fifth.

    A passage in common of `minimum + 2 * (window - 1)` is always found: the first and the last fingerprint in it lie
    within a window of its ends. One shorter than `minimum` is never found.
    """

    id: str
    """The detector's name in the record, and that of the settings' section."""
    source: str
    """What the index is of, for messages."""
    noun: str
    """What people call one registered text."""
    entity_type: str
    detector: str
    """What findings name as their detector."""
    data_class: DataClass
    """Of texts that were registered without one of their own."""
    normalise: Normaliser
    k: int
    """Length of the k-grams that are hashed: shorter pieces in common are not seen."""
    window: int
    """Of how many k-grams in a row one is kept: the index grows with 2 / (window + 1)."""
    minimum: int
    """Characters that fingerprints of one text must cover, each counted once, to make a finding."""
    shortest: int
    """As `minimum`, in characters as they stand in the text: of a form or a table, fewer are letters."""
    gap: int
    """How many characters may be different between two fingerprints of one passage: small edits."""

    @property
    def version(self) -> str:
        """Changes whenever fingerprints that were made before are of no use any more."""
        return f"{self.id} 1 k={self.k} w={self.window}"


# A quote of 60 characters is no finding whatever it says; a piece of 150 has 90 to 130 normalised characters. Where two
# pieces of letterhead meet, k-grams over the seam may be a document's own: `minimum` is more than they can cover.
DOCUMENTS = Scheme(
    id="documents",
    source="documents",
    noun="document",
    entity_type="CONFIDENTIAL_DOCUMENT",
    detector="DocumentDetector",
    data_class=DataClass.CONFIDENTIAL_RECORDS,
    normalise=Normaliser(),
    k=24,
    window=24,
    minimum=48,
    shortest=70,
    gap=70,
)

# What every file of a language begins with says nothing about whose it is.
_IMPORTS = regex.compile(
    r"""^[\ \t>+|-]*+ (?: import\b | from\s++\S++\s++import\b | export\ (?:\*|\{[^}\n]*+\})\ from\b | \#\ *+include\b
        | using\s++[\w.:=\ ]++; | package\b | use\s++[\w:\\]++ | require(?:_once|_relative)?\b
        | (?:const|let|var)\s++[\w{},\ \t]++=\s*+require\b )[^\n]*+""",
    regex.MULTILINE | regex.VERBOSE,
)

# Of the signs, those that neither formatters, comments, diffs nor quoting put in or take out.
SOURCES = Scheme(
    id="sources",
    source="source code",
    noun="repository",
    entity_type="SOURCE_CODE",
    detector="SourceCodeDetector",
    data_class=DataClass.SOURCE_CODE,
    normalise=Normaliser(kept="_()[]{}=<!&|.:%^~?@$", ignored_lines=_IMPORTS),
    k=32,
    window=16,
    minimum=72,
    shortest=78,
    gap=20,
)
