"""PowerPoint presentations (PresentationML, ECMA-376 part 1, 19): slides with their notes, comments, masters."""

from __future__ import annotations

import re
from typing import Final

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.files.office_parts import part_text
from promptguard.files.packages import Package
from promptguard.files.readers.office_open_xml import finish, targets
from promptguard.reasons import Code

_SLIDE: Final = re.compile(r"ppt/slides/slide(\d+)\.xml")


def read(source: Source, out: Extraction) -> None:
    """Read a presentation: slide by slide, then all other parts."""
    package = Package(source.data, out)
    before = len(out.texts)
    done = set()
    slides = sorted((int(found[1]), name) for name in package if (found := _SLIDE.fullmatch(name)))
    for number, name in slides:
        done.add(name)
        text = part_text(package.read(name))
        related = targets(package, name)
        pictures = [package.read(target.path) for target in related if target.kind == "image"]
        unread = sum(not out.picture(picture, f"slide {number} / picture") for picture in pictures)
        if unread and not text:
            raise CannotRead(Code.FILE_NO_TEXT_RECOGNITION)
        out.add(text, f"slide {number}")
        for target in related:
            if target.kind == "notesSlide":
                done.add(target.path)
                out.add(part_text(package.read(target.path)), f"slide {number} / notes")
    finish(package, out, done, before)
