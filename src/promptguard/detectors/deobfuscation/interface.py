"""What every obfuscation is: prefilters that say where it may stand, and a finder that says what stands there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

MIN_RUN_LENGTH = 14
"""Characters of base64, without padding, that are looked at: ten bytes."""


class Confidence(StrEnum):
    """How far a view can be relied on."""

    DECODED = "decoded"
    """An encoding undone, or characters replaced by those they pass for. As good as the text itself, prose included."""
    JOINED = "joined"
    """Pieces put together that belong together by the rules of some language. Not prose."""
    GUESSED = "guessed"
    """A reading that may be meant by nobody: only a finding that proves itself counts (`proof`)."""
    TABULAR = "tabular"
    """The cells of tables after the headings of their columns (`tables`). Nothing in it is obfuscated."""
    LABELLED = "labelled"
    """Values after what labels them, in one form for all (`labels`). Nothing in it is obfuscated."""


@dataclass(frozen=True, slots=True)
class Stage:
    """When an obfuscation is undone. Obfuscations of one stage are undone in one view: they cannot be taken for each
    other. A new one takes a stage of below, or has one of its own."""

    order: int
    """Views of one step are made in ascending order."""
    confidence: Confidence


ENCODINGS = Stage(10, Confidence.DECODED)
DIRECTION = Stage(20, Confidence.DECODED)
"""After invisible characters, of which those that turn the direction are some."""
PIECES = Stage(30, Confidence.JOINED)
BORDERS = Stage(35, Confidence.JOINED)
SPELLING = Stage(40, Confidence.GUESSED)
LINES = Stage(50, Confidence.GUESSED)
"""What is wrapped may be spelled, too."""
REVERSAL = Stage(60, Confidence.GUESSED)
ALPHABET = Stage(70, Confidence.GUESSED)


@dataclass(frozen=True, slots=True)
class Replacement:
    """A stretch of a text and what it is to be read as."""

    start: int
    end: int
    text: str
    """May be empty."""
    kind: str
    """The obfuscation, e.g. `base64`."""
    step: int = 0
    """1 where characters stand for each other in order, -1 in reverse order, 0 where only the whole stands for the
    whole. 1 and -1 ask for equal lengths."""


class Form(Enum):
    """In what a prefilter is looked for. All forms have one character for each of the text."""

    TEXT = 0
    """The text in ASCII, `?` for other characters."""
    RUNS = 1
    """The same, of texts in which `MIN_RUN_LENGTH` characters of base64 follow each other."""
    SHAPES = 2
    """`0` for a digit, `a` for a letter, `-` for what separates groups, `\\x01` for a control character, white space
    as it is, `?` for all else."""
    UNICODE = 3
    """The classes of `character_classes`, of texts that are not ASCII."""


@dataclass(frozen=True, slots=True)
class Prefilter:
    """A regex for Hyperscan that matches wherever a obfuscation may stand, and seldom elsewhere."""

    expression: str
    """A line end stands before the first character and after the last one."""
    width: int
    """Characters of every match, less what precedes the obfuscation: Hyperscan tells only where matches end."""
    form: Form = Form.TEXT
    caseless: bool = False
    once: bool = False
    """Only the first match is reported: the finder looks for others itself."""


class ExpansionBudget:
    """How much more text may be made out of one segment. Compressed data would have no end otherwise."""

    def __init__(self, characters: int) -> None:
        self.left = characters
        self.exceeded = False
        """Whether there was more to make than there was budget for: not all of the text has been read then."""

    def take(self, characters: int) -> None:
        """Note that this much was made."""
        self.exceeded |= characters > self.left
        self.left = max(self.left - characters, 0)


type Finder = Callable[[str, Sequence[int], ExpansionBudget], Iterator[Replacement]]
"""Takes a text and the ascending positions at which the prefilters matched, and yields replacements in the order of the
text. Time and output are linear in the text, whatever the positions."""


@dataclass(frozen=True, slots=True)
class Obfuscation:
    """One way of hiding text, or several that are found alike. `registry` finds it in whichever module defines it."""

    name: str
    stage: Stage
    prefilters: tuple[Prefilter, ...]
    find: Finder
    telling: tuple[str, ...] = ()
    """Kinds of its replacements in which no word that says what follows comes about by chance: where it is guessed, any
    credential after such a word is meant."""
