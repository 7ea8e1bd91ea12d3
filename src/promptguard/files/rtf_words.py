"""The words of Rich Text Format (Microsoft, version 1.9.1) by what they mean for its text."""

from __future__ import annotations

import re
from typing import Final

from promptguard.files.interface import words

SKIPPED: Final = words(
    """rsidtbl revtbl author operator creatim revtim printim panose blipuid passwordhash mmathPr pnseclvl
    atnid atnauthor atntime atndate atnicn atnref atnparent atrfstart atrfend"""
)
"""Destinations that hold no text of the document, and properties that programs fill in by themselves."""

TABLES: Final = words(
    """fonttbl colortbl stylesheet listtable listoverridetable latentstyles xmlnstbl filetbl generator objclass objname
    picprop"""
)
"""Destinations of names and settings, in which people may call something as they like."""
FILES: Final = words("pict objdata themedata colorschememapping datastore")
"""Those that hold files, in hexadecimal digits."""
HIDDEN: Final = words("v deleted webhidden")
"""What programs do not show."""
BUILT_IN: Final = re.compile(
    r"(?i)@?[\w ./()-]{0,50}(?:[A-Za-z] Char|Font|List|Table|Normal|Style)\d*|List\d+(?:_\d+)?"
    r"|(?:heading|toc|index|list \w{1,20}|body text) ?\w{0,20}|(?:Msftedit|Riched20) [\d.]{1,20}"
    r"|@?[A-Za-z]{1,20}\d{0,3}(?:[ -](?:[A-Za-z]{1,20}\d{0,3}|\d{1,3})){0,7}(?: \([A-Za-z ]{1,20}\))?"
    r"|\w[\w ]{0,30} (?:CE|Cyr|Greek|Tur|Baltic|Western)|[\w .]{0,40}(?:Word|Office)[\w ./$#~-]{0,60}"
)
"""Names that programs give by themselves: of styles and fonts, and their own."""
COLOURS: Final = re.compile(
    rb'\s*(?:<\?xml[^<>]{0,99}>)?\s*<a:clrMap xmlns:a="[\w:/.]{0,99}"(?: \w{3,11}="\w{3,11}")+ ?/>\s*'
)
"""What `\\colorschememapping` holds, if nothing else."""

BREAKS: Final = frozenset({"par", "line", "row", "sect", "page", "column"})
PIECES: Final = words(
    "title subject keywords doccomm company manager category hlinkbase footnote annotation header footer"
)
"""Destinations that are a piece of text of their own."""
TABS: Final = frozenset({"tab", "cell", "nestcell"})
CHARACTERS: Final = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
    "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip

CODE_PAGES: Final = {
    0: "cp1252", 2: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
"""By the number of `\\fcharset`."""
