"""YAML as Python values that know their lines, by PyYAML's parser in C.

Of YAML 1.2's core schema (https://yaml.org/spec/1.2.2/#103-core-schema), so that `no` and `12:30` are text. Half a
megabyte of recognizers takes a tenth of a second; a parser that keeps comments as well takes four.
"""

from __future__ import annotations

from typing import Any

import regex
import yaml

MAX_DEPTH = 100
"""Collections within each other. The parser in C recurses, and its end of the stack is the end of the process."""

_OPENING = ("[", "{", "- ", "? ", "\n ")
"""Without one of them nothing is within anything else."""


class NotYAML(Exception):
    """A text is no YAML, or has what is not understood here."""

    def __init__(self, problem: str, line: int | None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line
        """Counted from 1; None where the parser does not say."""


class DuplicateKey(NotYAML):
    """A mapping has a key twice."""


class LocatedMapping(dict[Any, Any]):
    """A mapping, where it starts and where each of its keys stands; lines are counted from 1."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[Any, int] = {}


class LocatedList(list[Any]):
    """A list, and where each of its items stands; lines are counted from 1."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


class _Loader(yaml.CSafeLoader):
    """Resolves plain scalars as YAML 1.2 does; PyYAML's own loader is of YAML 1.1."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - annotated in PyYAML's own class


_INTEGER = r"[-+]?[0-9]+|0x[0-9a-fA-F]+"
_FLOAT = r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+"
for _tag, _regex, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", _INTEGER, list("-+0123456789")),
    ("float", _FLOAT, list("-+.0123456789")),
    ("merge", r"<<", ["<"]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", regex.compile(rf"(?:{_regex})\Z"), _first)


def parse(text: str) -> Any:
    """The value of the one document in `text`; None for an empty one.

    Raises:
        NotYAML: it is no YAML, or a mapping has a key twice.
    """
    if sum(map(text.count, _OPENING)) > MAX_DEPTH:
        _check_depth(text)
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return None if node is None else _value(loader, node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotYAML(error.problem or "this is not YAML", mark.line + 1 if mark else None) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise NotYAML("it cannot be read as text, keys and lists", None) from None
    finally:
        loader.dispose()


def _check_depth(text: str) -> None:
    """Raises `NotYAML` where more than `MAX_DEPTH` collections stand within each other. Other mistakes are not told."""
    loader = _Loader(text)
    depth = 0
    try:
        while loader.check_event():
            event: Any = loader.get_event()
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise NotYAML(f"more than {MAX_DEPTH} lists and mappings within each other", event.start_mark.line + 1)
    except (yaml.YAMLError, ValueError):
        return
    finally:
        loader.dispose()


def _value(loader: _Loader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        loader.flatten_mapping(node)
        mapping = LocatedMapping(node.start_mark.line + 1)
        for key_node, value_node in node.value:
            key = _value(loader, key_node)
            if isinstance(key, dict | list):
                raise NotYAML("a key must be text", key_node.start_mark.line + 1)
            if key in mapping:
                raise DuplicateKey(f"duplicate key {key!r}", key_node.start_mark.line + 1)
            mapping[key] = _value(loader, value_node)
            mapping.lines[key] = key_node.start_mark.line + 1
        return mapping
    if isinstance(node, yaml.SequenceNode):
        items = LocatedList()
        for item in node.value:
            items.append(_value(loader, item))
            items.lines.append(item.start_mark.line + 1)
        return items
    return loader.construct_object(node)
