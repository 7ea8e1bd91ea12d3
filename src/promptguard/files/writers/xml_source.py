"""The source of one XML part, cut into what holds text: characters between tags, and values of attributes.

Only what is changed is written anew; every other character of the source stays as it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Final
from xml.sax.saxutils import escape

from promptguard.files.replacements import replaced
from promptguard.model import Edit

_TOKEN: Final = re.compile(
    r"""(?sx) <!--.*?--> | <!\[CDATA\[.*?\]\]> | <\?.*?\?> | <![^>]*+>
    | <[^"'>]*+(?:"[^"]*+"[^"'>]*+|'[^']*+'[^"'>]*+)*+> | [^<]++"""
)
"""XML 1.0, 2.4 to 2.8, of a part that a parser took already."""

_NAME: Final = re.compile(r"</?\s*([^\s/>]+)")
_ATTRIBUTE: Final = re.compile(r"""([^\s=<>/"']+)\s*=\s*("[^"]*"|'[^']*')""")
_ENTITY: Final = re.compile(r"&(?:#(?:[0-9]{1,7}|x[0-9A-Fa-f]{1,6})|[a-z]{2,4});")
_QUOTES: Final = {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_FORMULAS: Final = frozenset({"f", "formula", "formula1", "formula2", "definedName"})
"""Elements of workbooks that hold formulas (ECMA-376 part 1, 18.17)."""
_KEPT: Final = {"\r": "&#13;"}


@dataclass(slots=True, eq=False)
class Node:
    """Characters that may be changed."""

    start: int
    end: int
    """In the source; of an attribute without its quotes."""
    content: str
    """Without entities."""
    element: str
    """The local name of the element that it stands in."""
    attribute: str = ""
    """The local name of the attribute; empty for characters between tags."""
    inside: frozenset[str] = frozenset()
    """The local names of all elements around it."""
    tag: tuple[int, int] = (0, 0)
    """Where the start tag of the element stands."""
    edits: list[Edit] = field(default_factory=list)


class XmlSource:
    """A part as source, with its nodes in document order."""

    def __init__(self, part: bytes) -> None:
        """Cut a part in UTF-8 that is well-formed.

        Raises:
            UnicodeDecodeError: it is in another encoding.
        """
        self._source = part.decode()
        self.nodes = list(_nodes(self._source))

    def written(self) -> bytes:
        """The part with all edits of its nodes made."""
        changes = [
            (node.start, node.end, replacement)
            for node in self.nodes
            if node.edits and (replacement := _written(node)) != self._source[node.start : node.end]
        ]
        changes += [self._kept_space(node) for node in self.nodes if node.edits and self._loses_space(node)]
        pieces: list[str] = []
        position = 0
        for start, end, text in sorted(changes):
            pieces += (self._source[position:start], text)
            position = end
        return "".join((*pieces, self._source[position:])).encode()

    def _loses_space(self, node: Node) -> bool:
        """Whether the space at an edge of its new text would not count in it (XML 1.0, 2.10)."""
        text = replaced(node.content, _in_order(node.edits))
        tag = self._source[slice(*node.tag)]
        keeps = not node.attribute and node.element in ("t", "delText", "instrText") and not tag.startswith("<a:")
        return keeps and text != text.strip() and "xml:space" not in tag

    @staticmethod
    def _kept_space(node: Node) -> tuple[int, int, str]:
        end = node.tag[1] - 1
        return end, end, ' xml:space="preserve"'


def spread(nodes: Sequence[tuple[int, Node]], edits: Sequence[Edit]) -> None:
    """Put the edits of a text into the nodes that it was made of, given with where each begins in it.

    What is to stand somewhere stands in the first of the nodes that the place reaches into; the others lose their part.
    """
    first = 0
    for edit in edits:
        text = edit.text
        while first < len(nodes) and nodes[first][0] + len(nodes[first][1].content) <= edit.start:
            first += 1
        for start, node in (nodes[place] for place in range(first, len(nodes))):
            if start >= edit.end:
                break
            begin, end = max(edit.start - start, 0), min(edit.end - start, len(node.content))
            if begin < end:
                node.edits.append(Edit(begin, end, text))
                text = ""


def aligned(text: str, nodes: Sequence[Node], joints: str = "-") -> list[tuple[int, Node]]:
    """Where each of the nodes stands in the text that a reader made of them, as far as they follow each other.

    Between them stands white space, and what is in `joints`.
    """
    found: list[tuple[int, Node]] = []
    position = 0
    for node in nodes:
        core = node.content.strip()
        if not core:
            continue
        start = text.find(core, position)
        if start < 0 or text[position:start].strip(joints + " \t\r\n\u00a0"):
            break
        found.append((start - (len(node.content) - len(node.content.lstrip())), node))
        position = start + len(core)
    return found


def _nodes(source: str) -> Iterator[Node]:
    open_names: list[tuple[str, tuple[int, int], frozenset[str]]] = [("", (0, 0), frozenset())]
    for match in _TOKEN.finditer(source):
        token, start = match[0], match.start()
        name, tag, inside = open_names[-1]
        if token.startswith("<![CDATA["):
            yield Node(start, match.end(), token[9:-3], name, "", inside, tag)
        elif token[0] != "<":
            yield Node(start, match.end(), _unescaped(token.replace("\r\n", "\n")), name, "", inside, tag)
        elif token.startswith("</"):
            if len(open_names) > 1:
                open_names.pop()
        elif token[1] not in "!?":
            found = _NAME.match(token)
            name = found[1].rpartition(":")[2] if found else ""
            around = inside | {name}
            for each in _ATTRIBUTE.finditer(token):
                key, value = each[1], each[2][1:-1]
                begin = start + each.start(2) + 1
                yield Node(begin, begin + len(value), _unescaped(value), name, key, around, match.span())
            if not token.endswith("/>"):
                open_names.append((name, match.span(), around))


def _unescaped(raw: str) -> str:
    return _ENTITY.sub(lambda found: unescape(found[0]), raw) if "&" in raw else raw


def _written(node: Node) -> str:
    edits = _in_order(node.edits)
    if node.element in _FORMULAS and not node.attribute:
        edits = [_as_literal(node.content, edit) for edit in edits]
    text = replaced(node.content, edits)
    return escape(text, _QUOTES | {"'": "&apos;"} if node.attribute else _KEPT)


def _as_literal(formula: str, edit: Edit) -> Edit:
    """An edit of a formula, as a text of its own where it does not stand in one."""
    is_outside = formula.count('"', 0, edit.start) % 2 == 0
    return Edit(edit.start, edit.end, f'"{edit.text}"') if is_outside and edit.text else edit


def _in_order(edits: Sequence[Edit]) -> list[Edit]:
    found: list[Edit] = []
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        if not found or edit.start >= found[-1].end:
            found.append(edit)
    return found
