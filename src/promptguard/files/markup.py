"""Reading XML from strangers: as a stream of events, without entities and without depth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NoReturn
from xml.parsers import expat

from promptguard.files.interface import CannotRead
from promptguard.reasons import Code

MAX_ELEMENT_DEPTH: Final = 512
"""Elements within each other. Text boxes and tables within tables reach some fifty."""

type Start = Callable[[str, Mapping[str, str]], None]
type End = Callable[[str], None]
type Text = Callable[[str], None]


def parse(
    data: bytes,
    start: Start | None = None,
    end: End | None = None,
    text: Text | None = None,
    comment: Text | None = None,
) -> None:
    """Call `start` with each element's local name and attributes, `end` with its local name, `text` with characters.

    Which prefix stands for which vocabulary is up to the writer, so elements lose theirs; attributes keep
    them. Characters between two tags may come in several pieces. `comment` gets comments and processing instructions.

    Raises:
        CannotRead: it declares entities (“billion laughs”) or is too deep.
        expat.ExpatError: it is no XML.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 65_536
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    depth = 0
    names: dict[str, str] = {}  # a document has millions of elements and a few dozen names

    def local(name: str) -> str:
        names[name] = plain = name.rpartition(":")[2]
        return plain

    def on_start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_ELEMENT_DEPTH:
            raise CannotRead(Code.FILE_TOO_DEEP)
        if start:
            start(names.get(name) or local(name), attributes)

    def on_end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end:
            end(names.get(name) or local(name))

    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.EntityDeclHandler = _refuse_entities
    if text:
        parser.CharacterDataHandler = text
    if comment:
        parser.CommentHandler = comment
        parser.ProcessingInstructionHandler = lambda target, content: comment(f"{target} {content}")
    parser.Parse(data, True)


def _refuse_entities(*_: object) -> NoReturn:
    raise CannotRead(Code.FILE_ENTITIES)
