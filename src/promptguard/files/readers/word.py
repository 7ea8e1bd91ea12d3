"""Word documents (WordprocessingML, ECMA-376 part 1, 17): body, headers, notes, comments, text boxes, tracked changes.

Deleted text that is still tracked, field codes and alternative texts are text of the document: whoever receives the
file can see them.
"""

from __future__ import annotations

import re
from typing import Final

from promptguard.files.extraction import Extraction
from promptguard.files.interface import Source
from promptguard.files.office_parts import part_text
from promptguard.files.packages import Package
from promptguard.files.readers.office_open_xml import finish, label_of

_BODY: Final = re.compile(r"word/(?:document\d*|glossary/document)\.xml")


def read(source: Source, out: Extraction) -> None:
    """Read a document: its body first, then all other parts in the order of the file."""
    package = Package(source.data, out)
    before = len(out.texts)
    done = set()
    for name in package:
        if _BODY.fullmatch(name):
            done.add(name)
            out.add(part_text(package.read(name)), "" if name == "word/document.xml" else label_of(name))
    finish(package, out, done, before)
