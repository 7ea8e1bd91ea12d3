"""Office Open XML packages (ECMA-376): what all kinds of them have in common, and those of no kind known here.

A package is a zip file of parts. Parts that hold no text of the document (themes, fonts, printer settings) are passed
over; of every other part all text is read, with what stands in attributes.
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
from promptguard.files.office_parts import part_text
from promptguard.files.packages import Package
from promptguard.files.readers import xml
from promptguard.files.strings import strings_of
from promptguard.reasons import Code

_PASSED_OVER: Final = re.compile(
    r"""(?ix)
    \[Content_Types\]\.xml | \[trash\]/.* | .*\.(?:odttf|fntdata|ttf|otf|sigs|psdsxs)
    | .*/(?:theme|fonts|printerSettings|model3d|_xmlsignatures)/.*
    | _xmlsignatures/.* | docProps/thumbnail\..* | .*/media/hdphoto\d*\.wdp
    | .*/(?:fontTable|tableStyles|presProps|viewProps|calcChain
        |persons/.*|people|commentsIds|commentsExtended|commentsExtensible|vbaProjectSignature.*|vbaData
        |(?:charts|diagrams)/(?:style|colors|layout|quickStyle)\d*)\.(?:xml|bin)
    """
)

_PICTURES: Final = re.compile(r"(?i).*/media/.*|.*\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|webp)")
_EMBEDDED: Final = re.compile(
    r"(?i).*/embeddings/[^/]*\.(?!xml$)[^/]*|.*/externalLinks/[^/]*\.(?!(?:xml|bin)$)[^/]*|.*/afchunk[^/]*"
)
_SOUNDS_AND_FILMS: Final = re.compile(r"(?i).*\.(?:mp4|m4v|mov|avi|wmv|mpe?g|mkv|webm|mp3|m4a|wav|wma|aac|ogg|flac)")

_LINKED: Final = " Char"
_STYLES: Final = re.compile(r"(?i).*/(?:styles|stylesWithEffects)\.xml")

_COMPOUND: Final = b"\xd0\xcf\x11\xe0"

_AUTOMATIC: Final = words(
    """creator lastModifiedBy created modified revision lastPrinted version Template TotalTime Pages Words Characters
    Application DocSecurity Lines Paragraphs ScaleCrop LinksUpToDate CharactersWithSpaces SharedDoc HyperlinksChanged
    AppVersion Slides Notes HiddenSlides MMClips PresentationFormat HeadingPairs i4 bool filetime"""
)
"""Properties that programs fill in by themselves, the name of the account among them: in every document, and no part of
what is said in it."""


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
            out.miss(Code.FILE_SOUND_OR_FILM)
        elif name.lower().endswith("vbaproject.bin") or _EMBEDDED.fullmatch(name):
            out.within(Source(package.read(name), posixpath.basename(name)), posixpath.basename(name))
        elif _PICTURES.fullmatch(name):
            unread |= not out.picture(package.read(name), "picture")
        elif _STYLES.fullmatch(name):
            out.add("\n".join(custom_styles(package.read(name))), label_of(name))
        elif name.startswith("docProps/"):
            out.add(properties(package.read(name)), "properties")
        elif name.startswith("customXml/") and name.endswith(".xml"):
            xml.read(Source(package.read(name)), out, label_of(name))
        elif name.lower().endswith((".xml", ".vml")):
            out.add(part_text(package.read(name)), label_of(name))
        elif name.lower().endswith(".bin") and not (content := package.read(name)).startswith(_COMPOUND):
            out.add(strings_of(content), label_of(name))
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


def custom_styles(part: bytes) -> list[str]:
    """The names of styles that people made, without those that Word makes for a paragraph's style: `Heading 1 Char`."""
    found: list[str] = []
    all_names: set[str] = set()
    is_custom = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal is_custom
        if name == "style":
            is_custom = any(key.endswith("customStyle") and value in ("1", "true") for key, value in attributes.items())
        elif name == "name":
            names = [value for key, value in attributes.items() if key.endswith("val")]
            all_names.update(each.casefold() for each in names)
            found.extend(names if is_custom else ())

    parse(part, start)
    return [
        name for name in found if not (name.endswith(_LINKED) and name.removesuffix(_LINKED).casefold() in all_names)
    ]


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
