"""Characters beyond ASCII that pass for ASCII ones, each with the one it passes for.

Letters are from Unicode's list of confusables (UTS #39, 4, confusables.txt), as far as they look like one ASCII letter
or digit in common fonts; forms with a compatibility decomposition (full-width, mathematical) are from NFKC (UAX #15).
"""

from __future__ import annotations

import functools
import unicodedata

_LOOKALIKES = {
    # Cyrillic
    "А": "A", "В": "B", "С": "C", "Е": "E", "Н": "H", "І": "I", "Ј": "J", "К": "K", "М": "M", "О": "O", "Р": "P",
    "Ѕ": "S", "Т": "T", "Х": "X", "Ү": "Y", "У": "Y", "Ѵ": "V", "Ԍ": "G", "Ԛ": "Q", "Ԝ": "W", "Ӏ": "l", "З": "3",
    "а": "a", "с": "c", "ԁ": "d", "е": "e", "һ": "h", "і": "i", "ј": "j", "ӏ": "l", "о": "o", "р": "p", "ԛ": "q",
    "ѕ": "s", "у": "y", "ѵ": "v", "ԝ": "w", "х": "x", "ү": "y", "г": "r", "к": "k", "т": "t", "м": "m", "н": "h",
    "в": "b", "Ь": "b", "ь": "b", "б": "6", "п": "n", "и": "u", "з": "3", "ц": "u", "ш": "w",
    # Greek
    "Α": "A", "Β": "B", "Ε": "E", "Ζ": "Z", "Η": "H", "Ι": "I", "Κ": "K", "Μ": "M", "Ν": "N", "Ο": "O", "Ρ": "P",
    "Τ": "T", "Υ": "Y", "Χ": "X", "Ϲ": "C", "Ϳ": "J", "α": "a", "γ": "y", "ε": "e", "η": "n", "ι": "i", "κ": "k",
    "ν": "v", "ο": "o", "ρ": "p", "σ": "o", "τ": "t", "υ": "u", "χ": "x", "ω": "w", "ϲ": "c", "ϳ": "j", "ϱ": "p",
    # Armenian
    "Տ": "S", "Ս": "U", "Օ": "O", "ա": "w", "գ": "q", "զ": "q", "հ": "h", "ո": "n", "ռ": "n", "ս": "u", "ց": "g",
    "ք": "f", "օ": "o", "լ": "l", "յ": "j",
    # Cherokee
    "Ꭺ": "A", "Ᏼ": "B", "Ꮯ": "C", "Ꭰ": "D", "Ꭼ": "E", "Ꮐ": "G", "Ꮋ": "H", "Ꭻ": "J", "Ꮶ": "K", "Ꮮ": "L", "Ꮇ": "M",
    "Ꮲ": "P", "Ꭱ": "R", "Ꮪ": "S", "Ꭲ": "T", "Ꮩ": "V", "Ꮃ": "W", "Ꮓ": "Z", "Ꮞ": "4",
    # Lisu
    "ꓐ": "B", "ꓑ": "P", "ꓓ": "D", "ꓔ": "T", "ꓖ": "G", "ꓗ": "K", "ꓙ": "J", "ꓚ": "C", "ꓜ": "Z", "ꓝ": "F", "ꓟ": "M",
    "ꓠ": "N", "ꓡ": "L", "ꓢ": "S", "ꓣ": "R", "ꓦ": "V", "ꓧ": "H", "ꓪ": "W", "ꓫ": "X", "ꓬ": "Y", "ꓮ": "A", "ꓰ": "E",
    "ꓲ": "I", "ꓳ": "O", "ꓴ": "U",
    # Latin beyond ASCII. The Turkish dotless i is a letter of its own language and left alone.
    "ɑ": "a", "ɡ": "g", "ɩ": "i", "ɪ": "i", "ǀ": "l", "ʏ": "y", "ᴄ": "c", "ᴏ": "o", "ᴠ": "v", "ᴡ": "w", "ᴢ": "z",
    "ꜱ": "s", "ꜰ": "f", "ɢ": "g", "ʜ": "h", "ᴊ": "j", "ᴋ": "k", "ʟ": "l", "ᴍ": "m", "ɴ": "n", "ᴘ": "p", "ʀ": "r",
    "ᴛ": "t", "ᴜ": "u", "ᴀ": "a", "ʙ": "b", "ᴅ": "d", "ᴇ": "e",
}  # fmt: skip

_OTHER_DOTS = dict.fromkeys("．。․‧∙⋅", ".")
_OTHER_ATS = dict.fromkeys("＠﹫", "@")
_OTHER_COLONS = dict.fromkeys("：﹕ː∶꞉", ":")
_OTHER_SLASHES = dict.fromkeys("⁄∕／⧸", "/")
_OTHER_SIGNS = {"＿": "_", "﹍": "_", "＝": "=", "﹦": "=", "＋": "+"}
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
SPACES = "\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"

_NEGATIVE = (0x1F150, 0x1F170)
"""Negative circled and squared letters, which have no compatibility form."""

LOOKALIKES = frozenset(_LOOKALIKES)


@functools.cache
def compatible() -> dict[str, str]:
    """Characters with one ASCII letter, digit or sign as compatibility form, and digits of all scripts."""
    found = {}
    for point in (*range(0xB2, 0x3100), *range(0xA000, 0xAC00), *range(0xFB00, 0x20000)):
        character = chr(point)
        digit = unicodedata.digit(character, None)
        if digit is not None:
            found[character] = str(digit)
            continue
        form = unicodedata.normalize("NFKC", character)
        if len(form) == 3 and form.startswith("(") and form.endswith(")"):
            form = form[1]
        elif len(form) == 2 and form[1] in ".,":
            form = form[0]
        if len(form) == 1 and form.isascii() and form.isalnum():
            found[character] = form
    for first in _NEGATIVE:
        found.update((chr(first + index), chr(ord("A") + index)) for index in range(26))
    return found


@functools.cache
def to_ascii() -> dict[int, str]:
    """For `str.translate`: every character that passes for one of ASCII. Lengths stay the same."""
    signs = _OTHER_DOTS | _OTHER_ATS | _OTHER_COLONS | _OTHER_SLASHES | _OTHER_SIGNS
    signs |= dict.fromkeys(DASHES, "-") | dict.fromkeys(SPACES, " ")
    return {ord(character): form for character, form in (compatible() | _LOOKALIKES | signs).items()}
