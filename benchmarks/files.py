"""How much of the text in files is read: words that independent programs take out of public files, and we do not.

`python -m benchmarks.files FOLDER...` reads all files of known endings under the folders. A program that is not
installed is left out: pdftotext (poppler-utils), catdoc, catppt (catdoc), unrtf, docx2txt, extract_msg. Sheets, slides
and OpenDocument files are compared with openpyxl, xlrd, python-pptx and odfpy, mails with Python's own library. Words
are runs of three letters and more in compatibility form (`ﬁ` is `fi`); each counts once a file.

Other programs are wrong, too: they give headings of their own, bytes in the wrong encoding, glyphs for characters.
Where more than one word in twenty seems to be missing, others are asked, if there are some for the kind (pdfminer and
pypdf, antiword, striprtf, oxmsg), and only words that two of them find count, in whatever encoding most are known.
`--list` names the files for which that was done. All programs get little memory and time: collections of files for
tests have bombs among them.
"""

from __future__ import annotations

import argparse
import asyncio
import email
import email.policy
import re
import shutil
import subprocess
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

from promptguard.errors import Unreadable
from promptguard.files.limits import FileLimits
from promptguard.files.reader import FileReader

_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_REMARK: Final = re.compile(
    r"### .*$|^-----.*$|^AUTHOR: .*$|^TITLE: |^pict\d+\.wmf|^(?:(?:To|From|Body|Date): )?None$", re.MULTILINE
)
"""What unrtf and extract_msg say of their own, and who wrote it, which is not read."""
_CODE_PAGES: Final = ["cp1251", "cp1250", "cp1253", "big5", "gb18030", "cp932", "cp949", "utf-8"]
"""Encodings that other programs take for the Western one."""
_SECONDS: Final = 20
_MEMORY: Final = 1 << 30
"""Bytes of address space."""
_ENOUGH: Final = 0.95

type Extract = Callable[[Path], str]


def command(*argv: str) -> Extract | None:
    """What a program writes about a file; None where it is not installed."""
    if shutil.which(argv[0]) is None:
        return None

    def run(path: Path) -> str:
        words = ["prlimit", f"--as={_MEMORY}", *(part.replace("{}", str(path)) for part in argv)]
        done = subprocess.run(words, capture_output=True, timeout=_SECONDS, check=True)
        return _REMARK.sub("", done.stdout.decode("utf-8", "replace"))

    return run


def library(name: str) -> Extract | None:
    """What one of the functions below takes out of a file, in a process of its own."""
    return command(sys.executable, "-m", "benchmarks.files", "--extract", name, "{}")


def sheets(path: Path) -> str:
    """The texts of all cells, by openpyxl."""
    import openpyxl

    book = openpyxl.load_workbook(path, data_only=True)
    return "\n".join(
        cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    )


def old_sheets(path: Path) -> str:
    """The texts of all cells, by xlrd."""
    import xlrd

    book = xlrd.open_workbook(str(path), logfile=sys.stderr)
    return "\n".join(
        cell.value for sheet in book.sheets() for row in sheet for cell in row if isinstance(cell.value, str)
    )


def slides(path: Path) -> str:
    """The texts of all shapes and notes, by python-pptx."""
    import pptx

    found = []
    for slide in pptx.Presentation(str(path)).slides:
        shapes = [*slide.shapes, *(slide.notes_slide.shapes if slide.has_notes_slide else ())]
        found += [shape.text_frame.text for shape in shapes if shape.has_text_frame]
        found += [cell.text for shape in shapes if shape.has_table for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


def open_document(path: Path) -> str:
    """The texts of all paragraphs, by odfpy."""
    from odf import teletype, text
    from odf.opendocument import load

    document = load(str(path))
    return "\n".join(
        teletype.extractText(each) for kind in (text.P, text.H) for each in document.getElementsByType(kind)
    )


def mail(path: Path) -> str:
    """The subject and plain texts, by Python's newer interface to mails."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    parts = [part.get_content() for part in message.walk() if part.get_content_type() == "text/plain"]
    return "\n".join([str(message["subject"] or ""), *map(str, parts)])


def pdf_text(path: Path) -> str:
    """The text of all pages, by pdfminer."""
    from pdfminer.high_level import extract_text

    return str(extract_text(str(path)))


def pdf_text_otherwise(path: Path) -> str:
    """The text of all pages, by pypdf."""
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def rich_text(path: Path) -> str:
    """The text of a document, by striprtf."""
    from striprtf.striprtf import rtf_to_text

    return str(rtf_to_text(path.read_bytes().decode("latin-1"), errors="replace"))


def outlook_mail(path: Path) -> str:
    """The subject and body, by oxmsg."""
    from oxmsg import Message

    message = Message.load(str(path))
    return "\n".join(filter(None, (message.subject, message.body, message.html_body)))


_LIBRARIES: Final[dict[str, Extract]] = {
    "sheets": sheets,
    "old_sheets": old_sheets,
    "slides": slides,
    "open_document": open_document,
    "mail": mail,
    "pdf_text": pdf_text,
    "pdf_text_otherwise": pdf_text_otherwise,
    "rich_text": rich_text,
    "outlook_mail": outlook_mail,
}
EXTRACTORS: Final[dict[str, Extract | None]] = {
    "pdf": command("pdftotext", "-q", "{}", "-"),
    "docx": command("docx2txt", "{}"),
    "docm": command("docx2txt", "{}"),
    "doc": command("catdoc", "-w", "-d", "utf-8", "{}"),
    "xls": library("old_sheets"),
    "ppt": command("catppt", "-d", "utf-8", "{}"),
    "rtf": command("unrtf", "--text", "--quiet", "--nopict", "{}"),
    "msg": command("extract_msg", "--out-name", "x", "--dump-stdout", "{}"),
    "xlsx": library("sheets"),
    "xlsm": library("sheets"),
    "pptx": library("slides"),
    "pptm": library("slides"),
    "odt": library("open_document"),
    "ods": library("open_document"),
    "odp": library("open_document"),
    "eml": library("mail"),
}
OTHERS: Final[dict[str, list[Extract | None]]] = {
    "pdf": [library("pdf_text"), library("pdf_text_otherwise")],
    "doc": [command("antiword", "-m", "UTF-8.txt", "{}")],
    "rtf": [library("rich_text")],
    "msg": [library("outlook_mail")],
}
BEGINNINGS: Final = {"doc": b"\xd0\xcf\x11\xe0", "xls": b"\xd0\xcf\x11\xe0", "ppt": b"\xd0\xcf\x11\xe0", "pdf": b"%PDF"}
"""First bytes without which a file is of another kind than its ending says, which these programs do not look at."""
_LOOKED_AT: Final = 1024


@dataclass
class Figures:
    """What became of the files of one kind."""

    recalls: list[tuple[float, Path, list[str]]] = field(default_factory=list)
    """Of those that count as read: the share of words, and some that are missing."""
    partly: int = 0
    unread: int = 0
    doubted: list[tuple[float, Path]] = field(default_factory=list)
    """Those of which the other program had many words alone: the share of its words."""
    alone: int = 0
    """Read by us, and not by the other program."""


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def words_of(text: str) -> set[str]:
    return set(_WORD.findall(plain(text)))


def others(path: Path, extract: Extract) -> str | None:
    """What another program finds; None where it fails."""
    try:
        return extract(path)
    except (OSError, subprocess.SubprocessError):  # many were made to break programs
        return None


def redecoded(text: str) -> Iterator[str]:
    """A text, then as it would be, had the other program known the encoding."""
    yield text
    for taken_for in ("cp1252", "iso8859_15"):
        content = text.encode(taken_for, "replace")
        if any(byte > 127 for byte in content):
            yield from (content.decode(page, "replace") for page in _CODE_PAGES)


def share_missing(words: set[str], said: str) -> float:
    return sum(word not in said for word in words) / max(1, len(words))


def agreed(first: str | None, more: list[str | None], said: str) -> set[str]:
    """The words that at least two programs find, of those that could read the file; those of one if no other could."""
    read = [text for text in (first, *more) if text is not None]
    words = [min(map(words_of, redecoded(text)), key=lambda each: share_missing(each, said)) for text in read]
    if len(words) < 2:
        return set().union(*words)
    return {word for each in words for word in each if sum(word in other for other in words) > 1}


async def measure(kind: str, path: Path, reader: FileReader, figures: Figures) -> None:
    extract = EXTRACTORS[kind]
    assert extract  # kinds without are left out
    content = path.read_bytes()
    if BEGINNINGS.get(kind, b"") not in content[:_LOOKED_AT]:
        return
    found = await asyncio.to_thread(others, path, extract)
    try:
        texts = await reader.read_file(content, path.name)
    except Unreadable as error:
        figures.partly += error.partly
        figures.unread += not error.partly
        return
    said = plain("\n".join(f"{text.label}\n{text.text}" for text in texts))
    expected = words_of(found or "")
    if kind in OTHERS and share_missing(expected, said) > 1 - _ENOUGH:
        figures.doubted.append((1 - share_missing(expected, said), path))
        expected = agreed(
            found, [await asyncio.to_thread(others, path, other) for other in OTHERS[kind] if other], said
        )
    if not expected:
        figures.alone += found is None
        return
    missing = sorted(word for word in expected if word not in said)
    figures.recalls.append((1 - len(missing) / len(expected), path, missing[:8]))


def files_of(folders: list[Path], kinds: set[str]) -> Iterator[tuple[str, Path]]:
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            kind = path.suffix.lower().lstrip(".")
            if kind in kinds and path.is_file():
                yield kind, path


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extract", metavar="FUNCTION", help="write what a library takes out of one file")
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--kinds", default=",".join(EXTRACTORS), help="endings, separated by commas")
    parser.add_argument("--tesseract", default="no-such-program", help="recognise pictures, which takes long")
    parser.add_argument("--list", action="store_true", help="name files below 0.95")
    options = parser.parse_args()
    if options.extract:
        print(_LIBRARIES[options.extract](options.folders[0]).encode("utf-8", "replace").decode())
        return
    reader = FileReader(FileLimits(deadline_seconds=_SECONDS), workers=2, tesseract=options.tesseract)
    found: defaultdict[str, Figures] = defaultdict(Figures)
    for kind, path in files_of(options.folders, set(options.kinds.split(","))):
        if EXTRACTORS[kind] is not None:
            await measure(kind, path, reader, found[kind])
    await reader.stop()
    print("| Kind | Compared | Second program | Read in part | Not inspected | Median recall | Lowest | Below 0.95 |")
    print("| --- | --: | --: | --: | --: | --: | --: | --: |")
    for kind, figures in found.items():
        recalls = [recall for recall, _, _ in figures.recalls] or [0.0]
        below = [each for each in sorted(figures.recalls, key=lambda each: each[0]) if each[0] < _ENOUGH]
        counts = f"{len(figures.recalls)} | {len(figures.doubted)} | {figures.partly} | {figures.unread}"
        print(f"| {kind} | {counts} | {median(recalls):.3f} | {min(recalls):.3f} | {len(below)} |")
        if options.list:
            for recall, path, missing in below:
                print(f"    {recall:.2f} {path}: {' '.join(missing)}")
            for recall, path in figures.doubted:
                print(f"    second program asked, first {recall:.2f}: {path}")


if __name__ == "__main__":
    asyncio.run(main())
