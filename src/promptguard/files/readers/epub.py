"""E-books (EPUB 3): every page, the contents, the properties."""

from __future__ import annotations

import posixpath
import re
from typing import Final

from promptguard.files.extraction import Extraction
from promptguard.files.interface import CannotRead, Source
from promptguard.files.packages import Package
from promptguard.reasons import Code

_ENCRYPTION: Final = "META-INF/encryption.xml"
_PASSED_OVER: Final = re.compile(r"(?i)mimetype|META-INF/.*|.*\.(?:ttf|otf|woff2?|css)")
_PICTURES: Final = re.compile(r"(?i).*\.(?:png|jpe?g|gif|webp|svg)")
_FONTS_ONLY: Final = re.compile(rb"http://(?:www\.idpf\.org/2008/embedding|ns\.adobe\.com/pdf/enc#RC)")


def read(source: Source, out: Extraction) -> None:
    """Read a book in the order of its file."""
    package = Package(source.data, out)
    if _ENCRYPTION in package and not _FONTS_ONLY.search(package.read(_ENCRYPTION)):
        raise CannotRead(Code.FILE_ENCRYPTED)
    for name in package:
        if _PASSED_OVER.fullmatch(name):
            continue
        if _PICTURES.fullmatch(name):
            out.picture(package.read(name), posixpath.basename(name))
        else:
            out.within(Source(package.read(name), posixpath.basename(name)), posixpath.basename(name))
