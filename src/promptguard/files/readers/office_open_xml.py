"""Office Open XML packages (ECMA-376): what all kinds of them have in common, and those of no kind known here.

A package is a zip file of parts. Parts that hold no text of the document (themes, styles, fonts, printer settings) are
passed over; of every other part all text is read.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source, words
from promptguard.files.lines import Lines
from promptguard.files.markup import parse
from promptguard.files.packages import Package
from promptguard.reasons import Code

_PASSED_OVER: Final = re.compile(
    r"""(?ix)
    \[Content_Types\]\.xml | \[trash\]/.* | .*\.(?:odttf|fntdata|ttf|otf|sigs|psdsxs)
    | .*/(?:theme|fonts|printerSettings|activeX|ctrlProps|webextensions|model3d|_xmlsignatures)/.*
    | _xmlsignatures/.* | docProps/thumbnail\..*
    | .*/(?:styles|stylesWithEffects|fontTable|webSettings|numbering|tableStyles|presProps|viewProps|calcChain
        |persons/.*|people|commentsIds|commentsExtended|commentsExtensible|vbaProjectSignature.*|vbaData
        |(?:charts|diagrams)/(?:style|colors|layout|quickStyle)\d*)\.(?:xml|bin)
    """
)

_PICTURES: Final = re.compile(r"(?i).*/media/.*|.*\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|webp)")
_EMBEDDED: Final = re.compile(r"(?i).*/(?:embeddings|externalLinks)/[^/]*\.(?!xml$)[^/]*|.*/afchunk[^/]*")
_SOUNDS_AND_FILMS: Final = re.compile(r"(?i).*\.(?:mp4|m4v|mov|avi|wmv|mpe?g|mkv|webm|mp3|m4a|wav|wma|aac|ogg|flac)")

_AUTOMATIC: Final = words(
    """creator lastModifiedBy created modified revision lastPrinted version Template TotalTime Pages Words Characters
    Application DocSecurity Lines Paragraphs ScaleCrop LinksUpToDate CharactersWithSpaces SharedDoc HyperlinksChanged
    AppVersion Slides Notes HiddenSlides MMClips PresentationFormat HeadingPairs i4 bool filetime"""
)
"""Properties that programs fill in by themselves, the name of the account among them: in every document, and no part of
what is said in it."""

TEXTS: Final = frozenset({"t", "delText", "instrText", "delInstrText", "v", "f", "text", "oddHeader", "oddFooter"})
"""Elements that hold text in the vocabularies of documents, drawings, charts and comments."""

_TOLD: Final = frozenset({"descr", "title", "alt", "string", "tooltip", "placeholder"})
"""Attributes that hold text: alternative texts, WordArt, tool tips."""


def read(source: Source, out: Extraction) -> None:
    """Read a package of no known kind: every part in the order of the zip file."""
    package = Package(source.data, out)
    finish(package, out, set(), len(out.texts))


def finish(package: Package, out: Extraction, done: set[str], texts_before: int) -> None:
    """Read the parts of a package that its own reader has not done.

    `texts_before` is how many texts there were before the package: one that holds pictures only cannot be read without
    text recognition.
    """
    links: dict[str, None] = {}
    unread = False
    for name in package:
        if name in done:
            continue
        if name.endswith(".rels"):
            links |= dict.fromkeys(external_targets(package.read(name)))
        elif _PASSED_OVER.fullmatch(name):
            continue
        elif _SOUNDS_AND_FILMS.fullmatch(name):
            raise CannotRead(Code.FILE_SOUND_OR_FILM)
        elif name.lower().endswith("vbaproject.bin") or _EMBEDDED.fullmatch(name):
            out.within(Source(package.read(name), posixpath.basename(name)), posixpath.basename(name))
        elif _PICTURES.fullmatch(name):
            unread |= not out.picture(package.read(name), "picture")
        elif name.startswith("docProps/"):
            out.add(properties(package.read(name)), "properties")
        elif name.lower().endswith((".xml", ".vml")):
            out.add(part_text(package.read(name), everything=name.startswith("customXml/")), label_of(name))
        else:
            out.within(Source(package.read(name), posixpath.basename(name)), posixpath.basename(name))
    out.add("\n".join(links), "links")
    if unread and len(out.texts) == texts_before:
        raise CannotRead(Code.FILE_NO_TEXT_RECOGNITION)


def label_of(name: str) -> str:
    """What a part is called: `header2`, `comments`."""
    return posixpath.splitext(posixpath.basename(name))[0]


def external_targets(relationships: bytes) -> list[str]:
    """Addresses outside of the package that a `.rels` part points to."""
    found: list[str] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if attributes.get("TargetMode") == "External":
            found.append(attributes.get("Target", ""))

    parse(relationships, start)
    return found


class Target(NamedTuple):
    """A part that another part points to."""

    id: str
    kind: str
    """The last word of the relationship's type: `image`, `notesSlide`."""
    path: str


def targets(package: Package, part: str) -> list[Target]:
    """What a part points to, of what is in the package; the empty part is the package itself."""
    folder, base = posixpath.split(part)
    relationships = posixpath.join(folder, "_rels", f"{base}.rels")
    if relationships not in package:
        return []
    found: list[Target] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            if path in package:
                found.append(Target(attributes.get("Id", ""), attributes.get("Type", "").rpartition("/")[2], path))

    parse(package.read(relationships), start)
    return found


def properties(part: bytes) -> str:
    """The properties that people fill in, and their names where they made them up."""
    lines = Lines()
    current = ""

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal current
        current = name
        if name == "property" and "name" in attributes:
            lines.add(f"{attributes['name']}: ")

    def text(content: str) -> None:
        if current not in _AUTOMATIC:
            lines.add(content)

    parse(part, start, lambda name: lines.end(), text)
    return lines.take()


def part_text(part: bytes, *, everything: bool = False) -> str:
    """The text of a part: a paragraph a line, the cells of a table separated by tabs.

    `everything` takes the characters of all elements, not of those only that are known to hold text.
    """
    lines = Lines()
    told: dict[str, None] = {}
    inside = 0
    cells = 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside, cells
        if name in TEXTS:
            inside += 1
        elif name == "tab":
            lines.tab()
        elif name in ("br", "cr"):
            lines.add("\n")
        elif name in ("noBreakHyphen", "softHyphen"):
            lines.add("-" if name == "noBreakHyphen" else "")
        elif name == "tc":
            cells += 1
        elif name == "docVar":
            told[f"{attributes.get('w:name', '')}: {attributes.get('w:val', '')}"] = None
        for key, value in attributes.items():
            if value and key.rpartition(":")[2] in _TOLD:
                told[value] = None

    def end(name: str) -> None:
        nonlocal inside, cells
        if name in TEXTS:
            inside -= 1
            if name not in ("t", "delText", "instrText", "delInstrText"):
                lines.end()
        elif name == "p":
            lines.add(" ") if cells else lines.end()
        elif name == "tc":
            cells -= 1
            lines.tab()
        elif name == "tr" or everything:
            lines.end()

    def text(content: str) -> None:
        if inside or everything:
            lines.add(content)

    parse(part, start, end, text)
    for value in told:
        lines.end()
        lines.add(value)
    return lines.take()
