"""Regexes of Python's `regex` module, rewritten for Hyperscan over projections (`projection`).

The result matches wherever the original does, if not exactly the same characters, and may match elsewhere: look-around
within a regex is dropped, atomic groups and possessive repeats become plain ones, a back-reference becomes the
expression it refers to. That is what a first prefilter needs; the recognizer decides afterwards with the original.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import NoReturn

import regex

from promptguard.detectors.patterns.ascii_projection import image

UNBOUNDED = 1 << 30
"""A width that has no limit."""

HIGHEST_COUNT = 16
"""Upper bounds of repeats beyond this are left to the recognizer; the width still tells of them."""

_QUANTIFIER = regex.compile(r"([*+?]|\{(\d*)(,?)(\d*)\})([?+]?)")
_INLINE_FLAGS = regex.compile(r"\(\?([imsxu]+)\)")
_SCOPED_FLAGS = regex.compile(r"\(\?([imsu]*)(?:-([ims]+))?:")
_GROUP_NAME = regex.compile(r"\(\?P?<([A-Za-z_]\w*)>")
_CODE_POINT = regex.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_SAFE_CLASS = regex.compile(r"\[(?!\^)(?:[ -Z_`a-z{|}^!-/:-@]|\\[dws.\-+*?()|/\[\]\\^$'\"nrtf])*\]")

_FIRST_CLASS = regex.compile(r"(\[(?:\\.|[^\[\]\\])+\]|\\[dswDSW])[|)]")
"""An alternative of a look-around that is one class of characters."""

_ZERO_WIDTH = {"b": r"\b", "B": r"\B", "A": "^", "G": "^", "Z": "$", "z": "$", "m": r"\b", "M": r"\b", "K": ""}
_CLASSES = {"d": r"\d", "w": r"\w", "s": r"\s", "D": r"\D", "W": r"\W", "S": r"\S"}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "a": "\a", "0": "\0"}


class Untranslatable(ValueError):
    """A regex with a construct that has no counterpart in Hyperscan."""


@dataclass(frozen=True, slots=True)
class Translation:
    """A regex for Hyperscan."""

    expression: str
    """ASCII only."""
    width: int
    """The longest match in characters; UNBOUNDED or more if there is no limit."""


def translate(expression: str, flags: int = 0) -> Translation:
    """Rewrite `expression`, which is to be used with these flags of the `regex` module.

    Raises:
        Untranslatable: it has a construct that cannot be rewritten.
    """
    return _ExpressionReader(expression, verbose=bool(flags & regex.VERBOSE)).read()


@functools.cache
def _class_bytes(character_class: str, *, complement: bool = False) -> str:
    """A class in Hyperscan's syntax: the projections of all characters in a class of the `regex` module, or not."""
    try:
        found = image(regex.compile(rf"(?:(?!{character_class})[\s\S])+" if complement else f"(?:{character_class})+"))
    except regex.error:
        raise Untranslatable("a character class that stands in no other") from None
    if not found:
        raise Untranslatable("an empty character class")
    ranges = []
    for byte in range(128):
        if byte in found and byte - 1 not in found:
            last = next(after for after in range(byte, 129) if after + 1 not in found)
            ranges.append(f"\\x{byte:02x}-\\x{last:02x}")
    return f"[{''.join(ranges)}]"


def _literal(character: str) -> str:
    if not character.isascii():
        character = chr(next(iter(image(regex.compile(regex.escape(character) + "+"))), 0x1F))
    return character if character.isalnum() or character == "_" else f"\\x{ord(character):02x}"


def _repeat(low: int, high: int | None) -> str:
    """A bounded repeat, with the upper bound left out where it is high: counting makes automata large."""
    if high == low:
        return f"{{{low}}}"
    return f"{{{low},}}" if high is None or high > HIGHEST_COUNT else f"{{{low},{high}}}"


class _ExpressionReader:
    """Recursive descent over a regex; every method returns what it read and its longest width."""

    def __init__(self, text: str, *, verbose: bool) -> None:
        self._text = text
        self._at = 0
        self._verbose = verbose
        self._groups: dict[str, tuple[str, int]] = {}
        self._opened = 0
        self._depth = 0
        self._leading = True
        """Nothing of the branch has been read yet, as far as the outermost level is concerned."""

    def read(self) -> Translation:
        expression, width = self._alternatives()
        if self._at < len(self._text):
            self._refuse("a bracket without its partner")
        return Translation(expression, min(width, UNBOUNDED))

    @staticmethod
    def _refuse(construct: str) -> NoReturn:
        raise Untranslatable(construct)

    def _peek(self, length: int = 1) -> str:
        return self._text[self._at : self._at + length]

    def _alternatives(self) -> tuple[str, int]:
        branches = []
        while True:
            self._leading = self._leading or self._depth == 0
            branches.append(self._sequence())
            if self._peek() != "|":
                return "|".join(branch for branch, _ in branches), max(width for _, width in branches)
            self._at += 1

    def _sequence(self) -> tuple[str, int]:
        parts: list[str] = []
        total = 0
        while self._at < len(self._text) and self._peek() not in "|)":
            if self._verbose and self._skip_blank():
                continue
            part, width = self._quantified()
            self._leading = self._leading and (not part or _INLINE_FLAGS.fullmatch(part) is not None)
            parts.append(part)
            total += width
        return "".join(parts), total

    def _skip_blank(self) -> bool:
        if self._peek().isspace():
            self._at += 1
            return True
        if self._peek() == "#":
            end = self._text.find("\n", self._at)
            self._at = len(self._text) if end < 0 else end + 1
            return True
        return False

    def _quantified(self) -> tuple[str, int]:
        part, width = self._atom()
        while True:
            while self._verbose and self._skip_blank():
                pass
            match = _QUANTIFIER.match(self._text, self._at)
            if match is None or match.group(1) in {"{}", "{,}"}:
                if self._peek() == "{" and regex.match(r"\{[a-z]", self._text[self._at :]):
                    self._refuse("fuzzy matching")
                return part, width
            self._at = match.end()
            if not part:
                continue
            symbol, low, comma, high = match.group(1, 2, 3, 4)
            if symbol in {"*", "+"}:
                width = UNBOUNDED if width else 0
            elif symbol != "?":
                width = UNBOUNDED if comma and not high else width * int(high if comma else low)
                symbol = _repeat(int(low or 0), int(high) if comma and high else None if comma else int(low))
            part += symbol
            if self._quantifier_follows():
                part = f"(?:{part})"

    def _quantifier_follows(self) -> bool:
        match = _QUANTIFIER.match(self._text, self._at)
        return match is not None

    def _atom(self) -> tuple[str, int]:
        character = self._peek()
        if character == "(":
            return self._group()
        if character == "[":
            return self._class(), 1
        if character == "\\":
            return self._escape()
        self._at += 1
        if character in ".":
            return ".", 1
        if character in "^$":
            return character, 0
        return _literal(character), 1

    def _class(self) -> str:
        text = self._text
        end = self._at + 1
        if text[end : end + 1] == "^":
            end += 1
        if text[end : end + 1] == "]":
            end += 1
        depth = 1
        while depth:
            character = text[end : end + 1]
            if not character:
                self._refuse("a class without an end")
            if text[end : end + 2] == "[:":
                end = text.find(":]", end) + 1
                if end == 0:
                    self._refuse("a class without an end")
            elif character == "]":
                depth -= 1
            end += 2 if character == "\\" else 1
        found = text[self._at : end]
        self._at = end
        # `&`, `~` and doubled signs are left to the slow way: they may be set operations one day.
        return found if _SAFE_CLASS.fullmatch(found) else _class_bytes(found)

    def _escape(self) -> tuple[str, int]:
        name = self._peek(2)[1:]
        if not name:
            self._refuse("a backslash at the end")
        if name in "pP" or name in "hXNLRX":
            return self._property(name)
        code_point = _CODE_POINT.match(self._text, self._at)
        if code_point:
            self._at = code_point.end()
            return _literal(chr(int(next(filter(None, code_point.groups())), 16))), 1
        if name == "g" or name in "123456789":
            return self._reference()
        self._at += 2
        if name in _ZERO_WIDTH:
            return _ZERO_WIDTH[name], 0
        if name in _CLASSES:
            return _CLASSES[name], 1
        if name in _CONTROLS:
            return _literal(_CONTROLS[name]), 1
        if name.isascii() and name.isalnum():
            self._refuse(f"the escape \\{name}")
        return _literal(name), 1

    def _property(self, name: str) -> tuple[str, int]:
        match = regex.compile(r"\\[pP](?:\{[^}]*\}|\w)|\\h").match(self._text, self._at)
        if match is None:
            self._refuse(f"the escape \\{name}")
        self._at = match.end()
        return _class_bytes(f"[{match.group()}]"), 1

    def _reference(self) -> tuple[str, int]:
        match = regex.compile(r"\\(?:g<(\w+)>|([1-9]\d?))").match(self._text, self._at)
        name = match and (match.group(1) or match.group(2))
        if match is None or name not in self._groups:
            self._refuse("a reference to a group that is not closed yet")
        self._at = match.end()
        expression, width = self._groups[name]
        return f"(?:{expression})", width

    def _group(self) -> tuple[str, int]:
        text, start = self._text, self._at
        if text.startswith("(?#", start):
            self._at = text.find(")", start) + 1
            return "", 0
        inline = _INLINE_FLAGS.match(text, start)
        if inline:
            self._at = inline.end()
            self._verbose = self._verbose or "x" in inline.group(1)
            kept = "".join(flag for flag in inline.group(1) if flag in "ims")
            return (f"(?{kept})" if kept else ""), 0
        for opening in ("(?=", "(?!", "(?<=", "(?<!"):
            if text.startswith(opening, start):
                return self._look_around(opening)
        return self._kept_group(text, start)

    def _look_around(self, opening: str) -> tuple[str, int]:
        """What must not stand before or after the whole match is matched as one character more; the rest is dropped.

        To a prefilter one character more makes no difference, but that a number is not part of a longer one does.
        """
        outermost, leading = self._depth == 0, self._leading
        first = _FIRST_CLASS.match(self._text, self._at + len(opening))
        self._inner(len(opening))
        trailing = self._peek() in {"", "|"}
        if first is None or not outermost:
            return "", 0
        if opening == "(?<!" and leading:
            return f"(?:^|{_class_bytes(first.group(1), complement=True)})", 1
        if opening == "(?!" and trailing:
            return f"(?:$|{_class_bytes(first.group(1), complement=True)})", 1
        return "", 0

    def _kept_group(self, text: str, start: int) -> tuple[str, int]:
        opening, names = "(?:", []
        scoped, named = _SCOPED_FLAGS.match(text, start), _GROUP_NAME.match(text, start)
        if text.startswith(("(?>", "(?|"), start):
            length = 3
        elif text.startswith("(?P=", start):
            end = text.find(")", start)
            name = text[start + 4 : end]
            if end < 0 or name not in self._groups:
                self._refuse("a reference to a group that is not closed yet")
            self._at = end + 1
            return f"(?:{self._groups[name][0]})", self._groups[name][1]
        elif scoped:
            length = scoped.end() - start
            on, off = scoped.group(1).replace("u", ""), scoped.group(2)
            opening = f"(?{on}{'-' + off if off else ''}:"
        elif named:
            length = named.end() - start
            self._opened += 1
            names = [named.group(1), str(self._opened)]
        elif text.startswith("(?", start):
            self._refuse(f"the group {text[start : start + 4]}")
        else:
            length = 1
            self._opened += 1
            names = [str(self._opened)]
        inner, width = self._inner(length)
        for name in names:
            self._groups[name] = (inner, width)
        return f"{opening}{inner})", width

    def _inner(self, opening: int) -> tuple[str, int]:
        self._at += opening
        self._depth += 1
        inner = self._alternatives()
        self._depth -= 1
        if self._peek() != ")":
            self._refuse("a bracket without its partner")
        self._at += 1
        return inner
