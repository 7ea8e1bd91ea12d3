"""JSON bodies: every string, member name and long number of the tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from promptguard.errors import NotRewritable, Unreadable
from promptguard.model import File, Path, Role
from promptguard.reasons import Code
from promptguard.wire.documents import byte_arrays, json_source, labels, numbers
from promptguard.wire.documents.charsets import Decoded
from promptguard.wire.documents.interface import MAX_LEAVES, NAME, Change, Document, Leaf, text_of
from promptguard.wire.documents.media import (
    MEDIA_NAMES,
    BinaryFile,
    EncodedFile,
    data_url_parameters,
    file_name,
    find_encoded_file,
)
from promptguard.wire.documents.names import TRANSPARENT, WELL_KNOWN
from promptguard.wire.parts import Part
from promptguard.wire.uploads import resize

JOINED: Final = "joined"
"""Stands in a path behind an array whose elements are the pieces of one number. Nothing can be written there."""

BYTES: Final = "bytes"
"""The same, where the elements are the bytes or characters of one text."""

MAX_ELEMENTS: Final = 1_000_000
"""Elements of one array or object, of whatever type (embedding requests send arrays of token numbers)."""

MAX_DEPTH: Final = 128
"""Objects and arrays within each other. Every text has a path, so that depth costs memory for each of them."""

DATA_URL: Final = ("data:", "DATA:")


class JsonDocument(Document):
    """One JSON value.

    A path is the member names and indexes from the root; `NAME` and then a name mean the member's name itself. Strings
    under the names in `embedded` that are JSON source themselves are read as part of the tree, and paths lead on into
    them.
    """

    content_type = "application/json"

    def __init__(self, source: bytes, embedded: frozenset[str] = frozenset(), decoded: Decoded | None = None) -> None:
        """Read UTF-8 source; `decoded` says how it was encoded before, and will be again.

        Raises:
            Unreadable: it is not JSON, or can be read in two ways, or holds a file that cannot be read.
        """
        self.body = json_source.parse(source)
        self._source = source
        self._decoded = decoded
        self._tree = JsonTree(self.body, embedded)

    def leaves(self) -> Sequence[Leaf]:
        return self._tree.leaves

    def files(self) -> Sequence[File]:
        return self._tree.files

    def file_name(self, path: Path) -> str:
        try:
            return file_name(_follow(self.body, path[:-1]))
        except NotRewritable:  # in JSON within a string
            return ""

    def replace(self, changes: Mapping[Path, Change]) -> bytes:
        value = self._tree.replace(json_source.parse(self._source), changes)
        data = json_source.write(value)
        return data if self._decoded is None else self._decoded.encode(data.decode())


class JsonTree:
    """The texts of one parsed JSON value, and of the values that stand as JSON source in its strings."""

    def __init__(self, value: Any, embedded: frozenset[str], name: str = "", label: str = "") -> None:
        """`name` and `label` are those of the member under which the value stands."""
        self.leaves: list[Leaf] = []
        self.files: list[File] = []
        """Those whose text does not stand in the value as such."""
        self._embedded = embedded
        self._inner: dict[Path, JsonTree] = {}
        """By the path of the string that is JSON source."""
        self._inner_source: dict[Path, str] = {}
        self._files: dict[Path, EncodedFile | BinaryFile] = {}
        self._walk(value, name, label)
        if len(self.leaves) > MAX_LEAVES:
            raise Unreadable(Code.BODY_TOO_MANY_TEXTS)

    def _walk(self, root: Any, name: str, label: str) -> None:
        """List the leaves in document order: in a loop, since the tree may be deeper than Python recurses."""
        if not isinstance(root, dict | list):
            self._add_scalar((), root, name, label, _NO_LEVEL)
            return
        leaves = self.leaves
        special = self._embedded | MEDIA_NAMES
        levels = [_Level(root, (), name, label)]
        self._add_joined(levels[0])
        while levels:
            level = levels[-1]
            parent = level.path
            siblings = level.siblings
            name = level.name
            label = level.label
            for key, item in level.items:
                if siblings is not None:
                    name = key
                    label = level.label_of(name)
                    if name not in WELL_KNOWN and name:
                        leaves.append(Leaf((*parent, NAME, name), name, level.label, Role.KEY))
                elif level.columns:
                    label = level.label_of_cell(key)
                kind = type(item)
                if kind is str:
                    if name in special or item.startswith(DATA_URL):
                        self._add_scalar((*parent, key), item, name, label, level)
                    elif item:
                        leaves.append(Leaf((*parent, key), item, label))
                elif kind is dict or kind is list:
                    if item:
                        levels.append(level.inner(item, key, name, label))
                        self._add_joined(levels[-1])
                        break
                elif item is not None and kind is not bool:
                    self._add_scalar((*parent, key), item, name, label, level)
            else:
                levels.pop()
                if len(leaves) > MAX_LEAVES:
                    raise Unreadable(Code.BODY_TOO_MANY_TEXTS)

    def _add_joined(self, level: _Level) -> None:
        """List the one number, or the one text, that the elements of an array make together."""
        found = byte_arrays.text_of(level.elements) if level.elements else ""
        if level.siblings and "0" in level.siblings:
            found = byte_arrays.text_of_members(level.siblings)
        if found:
            self.leaves.append(Leaf((*level.path, BYTES), found, level.label))
        if level.elements and (number := numbers.joined(level.elements, named=bool(level.label))):
            self.leaves.append(Leaf((*level.path, JOINED), number, level.label))

    def _add_scalar(self, path: Path, item: Any, name: str, label: str, level: _Level) -> None:
        if isinstance(item, str):
            if not item:
                return
            if name in self._embedded and self._add_embedded(path, item, name, label):
                return
            if name in MEDIA_NAMES or item.startswith(DATA_URL):
                file = find_encoded_file(name, item, level.siblings)
                if file is not None and (said := data_url_parameters(item)):
                    self.leaves.append(Leaf((*path, "parameters"), said, "filename", Role.FILE))
                if isinstance(file, BinaryFile):
                    self._files[path] = file
                    self.files.append(File(path, file.data, file.name, file.media_type))
                    return
                if file is not None:
                    self._files[path] = file
                    self.leaves.append(Leaf(path, file.text, label, Role.FILE))
                    return
            self.leaves.append(Leaf(path, item, label))
        elif text := numbers.text_of(item, named=bool(label) and level.names_numbers(name)):
            self.leaves.append(Leaf(path, text, label))

    def _add_embedded(self, path: Path, text: str, name: str, label: str) -> bool:
        """Read a string as JSON source; False where it is plain text and no object or array."""
        if not text.lstrip().startswith(("{", "[")):
            return False
        try:
            value = json_source.parse_text(text)
        except Unreadable:
            return False
        inner = JsonTree(value, self._embedded, name, label)
        self._inner[path] = inner
        self._inner_source[path] = text
        self.leaves += [leaf._replace(path=(*path, *leaf.path)) for leaf in inner.leaves]
        self.files += [replace(file, path=(*path, *file.path)) for file in inner.files]
        return True

    def replace(self, value: Any, changes: Mapping[Path, Change]) -> Any:
        """Put the changes into `value`, a fresh parse of the same source, and return it.

        Raises:
            NotRewritable: a path that is not of this tree, or two names of an object that would become the same.
        """
        own: dict[Path, str] = {}
        names: dict[Path, str] = {}
        embedded: dict[Path, dict[Path, Change]] = {}
        parts: dict[Path, Part] = {}
        for path, text in changes.items():
            outer = next((path[:end] for end in range(len(path)) if path[:end] in self._inner), None)
            if outer is not None:
                embedded.setdefault(outer, {})[path[len(outer) :]] = text
            elif len(path) >= 2 and path[-2] == NAME:
                names[path] = text_of(text)
            elif isinstance(text, Part):
                parts[path] = text
            else:
                own[path] = self._as_string(path, text)
        for outer, inner_changes in embedded.items():
            inner = json_source.parse_text(self._inner_source[outer])
            own[outer] = json_source.write_text(self._inner[outer].replace(inner, inner_changes))
        for path, text in own.items():
            if not path:
                return text
            container = _follow(value, path[:-1])
            if path in self._files:
                change = changes[path]
                assert not isinstance(change, Part)
                resize(container, self._files[path].size, self._files[path].size_of(change))
            if not text or numbers.text_of(_follow(container, path[-1:])) != text:
                container[path[-1]] = text
        for path in sorted(names, key=len, reverse=True):  # the paths of inner names lead through the outer ones
            _rename(_follow(value, path[:-2]), path[-1], names[path])
        _put_parts(value, {part_of(path): part for path, part in parts.items()})
        return value

    def _as_string(self, path: Path, change: str | bytes) -> str:
        """A text, or a file, as it stands in a string member."""
        file = self._files.get(path)
        if isinstance(file, BinaryFile):
            return file.encode(change)
        return text_of(change) if file is None else file.encode(text_of(change))


class _Level:
    """One object or array on the way from the root to where the walk is."""

    __slots__ = ("columns", "elements", "items", "label", "name", "path", "rows", "siblings", "told")

    def __init__(self, container: dict[str, Any] | list[Any], path: Path, name: str, label: str) -> None:
        if len(container) > MAX_ELEMENTS:
            raise Unreadable(Code.BODY_TOO_MANY_TEXTS)
        if len(path) > MAX_DEPTH:
            raise Unreadable(Code.JSON_TOO_DEEP)
        self.items: Iterator[tuple[Any, Any]]
        self.siblings: dict[str, Any] | None = None
        self.elements: list[Any] | None = None
        self.told: labels.Told | None = None
        """What a member says of the others."""
        self.rows: tuple[str, ...] = ()
        """The headings of the columns, where the elements are rows."""
        self.columns: tuple[str, ...] = ()
        """The same, where the elements are cells."""
        if isinstance(container, dict):
            self.items = iter(container.items())
            self.siblings = container
            self.told = labels.told(container)
        else:
            self.items = iter(enumerate(container))
            self.elements = container
        self.path = path
        self.name = name
        """Of the member under which the container stands."""
        self.label = label

    def inner(self, container: dict[str, Any] | list[Any], key: str | int, name: str, label: str) -> _Level:
        """The level of an object or array in this one."""
        level = _Level(container, (*self.path, key), name, label)
        if not self.rows:
            level.rows = labels.headings(self.siblings, container) if isinstance(container, list) else ()
        elif isinstance(container, dict):
            level.rows = self.rows if len(container) == 1 else ()  # {"cells": […]}
        elif labels.texts(container) != self.rows:
            level.columns = self.rows
        return level

    def label_of(self, name: str) -> str:
        """What says what the value of a member is."""
        if self.told is not None and self.told.about(name):
            return labels.beside(self.told.label, self.label)
        return self.label if name in TRANSPARENT else name

    def label_of_cell(self, index: int) -> str:
        """The same of a cell of a row."""
        return labels.beside(self.columns[index], self.label) if index < len(self.columns) else self.label

    def names_numbers(self, name: str) -> bool:
        """Whether short numbers here are values of something: many that stand in a row are data."""
        if self.elements is not None:
            return len(self.elements) <= numbers.MAX_PIECES
        told = self.told is not None and self.told.about(name)
        return told or name in TRANSPARENT or name not in WELL_KNOWN


_NO_LEVEL: Final = _Level([], (), "", "")


def part_of(path: Path) -> Path:
    """The path of the element, of the innermost list, that a file stands in.

    Raises:
        NotRewritable: it stands in no list.
    """
    end = next((end for end in range(len(path), 0, -1) if isinstance(path[end - 1], int)), 0)
    if not end:
        raise NotRewritable(Code.REWRITE_NO_PLACE)
    return path[:end]


def _put_parts(value: Any, parts: Mapping[Path, Part]) -> None:
    """Put parts in their places; where a text beside the list says it, the place is given up."""
    for place in sorted(parts, reverse=True):  # what stands behind a place that is given up moves
        part, siblings = parts[place], _follow(value, place[:-1])
        if not part.beside:
            siblings[place[-1]] = part.value
            continue
        del siblings[place[-1]]
        holder = _follow(value, place[:-2])
        said = holder.get(part.beside)
        if not isinstance(said, str) or part.value not in said:  # of several files once
            holder[part.beside] = f"{said}\n{part.value}" if said and isinstance(said, str) else part.value


def _follow(value: Any, path: Path) -> Any:
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            raise NotRewritable(Code.REWRITE_NO_PLACE) from None
    return value


def _rename(members: Any, old: str | int, new: str) -> None:
    """Rename a member in its place."""
    if not isinstance(members, dict) or old not in members:
        raise NotRewritable(Code.REWRITE_NO_PLACE)
    if new in members and new != old:
        raise NotRewritable(Code.REWRITE_SAME_NAME)
    renamed = [(new if name == old else name, item) for name, item in members.items()]
    members.clear()
    members.update(renamed)
