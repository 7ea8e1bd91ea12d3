"""Changes to the text of a YAML file that leave all else of it as it is: comments, order, quotation marks, line ends.

A parser says where keys and values stand; what is changed are the characters between those places. Keys and values that
go are taken with their lines; comments above them stay.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from promptguard.typed_yaml.nodes import NotYAML, parse

type Keys = Sequence[str]
"""The keys that lead from the top of a file to a value."""


class NotEditable(Exception):
    """A change cannot be made without more than the change: anchors, several documents, or a key that is no text."""


class YamlText:
    """The text of one file, which changes.

    Args:
        text: of one document whose top is keys with values, or nothing.

    Raises:
        NotEditable: it is something else.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._root = _composed(text)

    def __contains__(self, keys: Keys) -> bool:
        return self._found(keys) is not None

    def value(self, keys: Keys) -> Any:
        """The value at a place, as Python has it; None where there is none."""
        found = self._found(keys)
        return None if found is None else parse(self.source(keys))

    def source(self, keys: Keys) -> str:
        """A value as it is written, with its quotation marks; a block of lines without what follows.

        Raises:
            KeyError: there is none.
        """
        found = self._found(keys)
        if found is None:
            raise KeyError(keys)
        begin, end = found[1].start_mark, self._end(found[1])
        return " " * begin.column * ("\n" in self.text[begin.index : end]) + self.text[begin.index : end]

    def keys(self, keys: Keys) -> list[str]:
        """The keys of the mapping at a place; none where there is no mapping."""
        node = self._node(keys)
        return [each[0].value for each in node.value] if isinstance(node, yaml.MappingNode) else []

    def put(self, keys: Keys, written: str) -> None:
        """Set a value: in the place of the one that is there, behind the last key of its mapping, or at the end.

        Args:
            written: the value in YAML, on one line.
        """
        if (found := self._found(keys)) is not None:
            key, value = found
            begin, gap = value.start_mark.index, ""
            if value.start_mark.line != key.end_mark.line:  # lines of its own, which may begin where the key does
                begin, gap = self.text.index(":", key.end_mark.index) + 1, " "
            self._replace(begin, self._end(value), gap + written)
            return
        self.add(keys[:-1], {keys[-1]: written})

    def add(self, keys: Keys, entries: Mapping[str, str]) -> None:
        """Put keys that are not there into a mapping, behind its last one; at the end of the file where there is none.

        Args:
            keys: what leads to the mapping.
            entries: values in YAML, on one line each, by their keys.

        Raises:
            NotEditable: something else stands there.
        """
        depth = next((n for n in range(len(keys), 0, -1) if self._node(keys[:n]) is not None), 0)
        mapping, above = self._node(keys[:depth]), list(keys[depth:])
        if mapping is None:  # an empty file
            self._append(len(self.text), above, entries)
        elif not isinstance(mapping, yaml.MappingNode):
            self._put_into_empty(mapping, above, entries)
        elif mapping.flow_style:
            at = mapping.value[-1][1].end_mark.index if mapping.value else mapping.end_mark.index - 1
            self._replace(at, at, f"{', ' if mapping.value else ''}{_in_flow(above, entries)}")
        else:
            key, last = mapping.value[-1]
            self._append(self._after_line(self._end(last)), above, entries, key.start_mark.column)

    def remove(self, keys: Keys) -> None:
        """Take a key out with its value; and the keys around it that would have nothing left.

        Raises:
            KeyError: it is not there.
        """
        found = self._found(keys)
        if found is None:
            raise KeyError(keys)
        mapping = self._node(keys[:-1])
        assert isinstance(mapping, yaml.MappingNode)
        if len(mapping.value) == 1 and len(keys) > 1:
            self.remove(keys[:-1])
        elif mapping.flow_style:
            place = [each[0].value for each in mapping.value].index(keys[-1])
            if place:
                self._replace(mapping.value[place - 1][1].end_mark.index, found[1].end_mark.index, "")
            else:
                following = mapping.value[1][0].start_mark.index if len(mapping.value) > 1 else found[1].end_mark.index
                self._replace(found[0].start_mark.index, following, "")
        else:
            begin = found[0].start_mark.index - found[0].start_mark.column
            self._replace(begin, self._after_line(self._end(found[1])), "")

    def _put_into_empty(self, node: yaml.Node, above: list[str], entries: Mapping[str, str]) -> None:
        """Below a key that has no value: `console:`."""
        if not isinstance(node, yaml.ScalarNode) or node.value not in ("", "~", "null"):
            raise NotEditable(f"‘{next(iter([*above, *entries]))}’ cannot be put where there are no keys")
        gap = "" if self.text[node.start_mark.index - 1 : node.start_mark.index] == " " else " "
        self._replace(node.start_mark.index, node.end_mark.index, f"{gap}{{{_in_flow(above, entries)}}}")

    def _append(self, at: int, above: list[str], entries: Mapping[str, str], column: int = 0) -> None:
        lines = [f"{' ' * (column + 2 * depth)}{key}:" for depth, key in enumerate(above)]
        lines += (f"{' ' * (column + 2 * len(above))}{key}: {value}" for key, value in entries.items())
        before = "" if not at or self.text[at - 1] == "\n" else self._line_end
        self._replace(at, at, before + "".join(f"{line}{self._line_end}" for line in lines))

    @property
    def _line_end(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    def _replace(self, begin: int, end: int, written: str) -> None:
        self.text = self.text[:begin] + written + self.text[end:]
        self._root = _composed(self.text)

    def _after_line(self, index: int) -> int:
        end = self.text.find("\n", index)
        return len(self.text) if end < 0 else end + 1

    def _end(self, node: yaml.Node) -> int:
        """Where a value ends; a block of lines would reach to what follows it."""
        end = node
        while isinstance(end, yaml.CollectionNode) and not end.flow_style and end.value:
            last = end.value[-1]
            end = last[1] if isinstance(last, tuple) else last
        index: int = end.end_mark.index
        if isinstance(end, yaml.ScalarNode) and end.style in ("|", ">"):
            index = len(self.text[:index].rstrip())
        return max(index, node.start_mark.index)

    def _node(self, keys: Keys) -> yaml.Node | None:
        if not keys:
            return self._root
        found = self._found(keys)
        return None if found is None else found[1]

    def _found(self, keys: Keys) -> tuple[yaml.Node, yaml.Node] | None:
        found: tuple[yaml.Node, yaml.Node] | None = None
        node = self._root
        for key in keys:
            if not isinstance(node, yaml.MappingNode):
                return None
            found = next((each for each in node.value if each[0].value == key), None)
            if found is None:
                return None
            node = found[1]
        return found


def written(value: Any) -> str:
    """A value on one line of YAML: JSON, which YAML is a superset of."""
    return json.dumps(value, ensure_ascii=False)


def _in_flow(above: list[str], entries: Mapping[str, str]) -> str:
    if above:
        return f"{above[0]}: {{{_in_flow(above[1:], entries)}}}"
    return ", ".join(f"{key}: {value}" for key, value in entries.items())


def _composed(text: str) -> yaml.MappingNode | None:
    try:
        parse(text)
        loader = yaml.SafeLoader(text)
        try:
            if any(isinstance(each, yaml.AliasToken | yaml.AnchorToken) for each in yaml.scan(text, yaml.CSafeLoader)):
                raise NotEditable("it has anchors (&) or aliases (*)")
            root = loader.get_single_node()
        finally:
            loader.dispose()
    except (yaml.YAMLError, NotYAML) as error:
        raise NotEditable("it is not valid YAML") from error
    if root is not None and not isinstance(root, yaml.MappingNode):
        raise NotEditable("it does not consist of keys with values")
    return root
