"""Multipart bodies (RFC 2046, section 5.1; forms: RFC 7578): fields, files and their names.

Read strictly. Where another reader could see other parts than we do, the body is not read at all; parts that do not
change are written back byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote, unquote

from promptguard.errors import NotRewritable, Unreadable
from promptguard.model import File, Path, Role
from promptguard.reasons import Code
from promptguard.wire.documents import charsets
from promptguard.wire.documents.form import CHARSET
from promptguard.wire.documents.interface import MAX_LEAVES, Change, Document, Leaf, text_of
from promptguard.wire.documents.names import TRANSPARENT, WELL_KNOWN
from promptguard.wire.uploads import SIZE_NAMES

MAX_PARTS: Final = 1_000

PLAIN_ENCODINGS: Final = frozenset({"", "7bit", "8bit", "binary"})
"""Transfer encodings that leave the bytes as they are; forms must use no other (RFC 7578, section 4.7)."""

STRUCTURAL_HEADERS: Final = frozenset(
    {"content-disposition", "content-type", "content-length", "content-transfer-encoding", "content-id", "mime-version"}
)
"""Part headers that say how to read the part. Others are listed as texts."""

_PARAMETER = re.compile(r';\s*(?P<name>[A-Za-z0-9*_-]+)\s*=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s";]*))')
_PARAMETERS = re.compile(r'(?:;\s*(?:[A-Za-z0-9*_-]+\s*=\s*(?:"(?:[^"\\]|\\.)*+"|[^\s";]*+)\s*)?)*+')
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

_CONTINUED = re.compile(r"(?P<name>[a-z0-9_-]+)\*(?P<number>0|[1-9]\d{0,3})\*?")
"""The name of a parameter that comes in pieces (RFC 2231, 3)."""
JOINED: Final = "joined "
"""Stands before the name of a parameter whose pieces are read as one. Nothing can be written there."""

type OpenPart = Callable[[bytes, str, bool], Document]
"""Opens the content of a part, given its content type and whether it is a file."""


@dataclass(slots=True)
class _Part:
    headers: list[tuple[str, str]]
    """Lower-case names with the whole line, as sent."""
    content: bytes
    is_file: bool
    document: Document

    @property
    def field(self) -> str:
        """The name of the form field, empty where the part has none."""
        return self._disposition.get("name", "")

    @property
    def file_name(self) -> str:
        """The name of the file, empty where the part is none or has none."""
        said = self._disposition
        return said.get("filename*") or said.get("filename") or joined_parameters(said).get("filename", "")

    @property
    def _disposition(self) -> Mapping[str, str]:
        return next((parameters(line) for name, line in self.headers if name == "content-disposition"), {})


class MultipartDocument(Document):
    """A list of parts.

    A path is the number of the part, from 0, and then `"content"` with the path within the content, or `"header"` with
    the number of the header line and the name of the parameter (empty for the whole value).
    """

    content_type = "multipart/form-data"

    def __init__(self, source: bytes, boundary: str, open_part: OpenPart) -> None:
        """Read a body; `boundary` is the parameter of its content type.

        Raises:
            Unreadable: the parts cannot be told apart with certainty, or one of them cannot be read.
        """
        self._delimiter = b"--" + boundary.encode("latin-1", "replace")
        self._parts = [_read_part(raw, open_part) for raw in _split(source, self._delimiter, boundary)]
        self.body: list[tuple[str, Any]] = [(part.field, part.document.body) for part in self._parts]
        for field, value in self.body:
            if field == CHARSET:
                charsets.python_name(str(value))
        self._leaves: list[Leaf] = []
        for number, part in enumerate(self._parts):
            self._list(number, part)
        if len(self._leaves) > MAX_LEAVES:
            raise Unreadable(Code.BODY_TOO_MANY_TEXTS)

    def _list(self, number: int, part: _Part) -> None:
        label = "" if part.field in TRANSPARENT else part.field
        for index, (name, line) in enumerate(part.headers):
            value = line.partition(":")[2].strip()
            if name not in STRUCTURAL_HEADERS:
                self._leaves.append(Leaf((number, "header", index, ""), value, name))
                continue
            found = parameters(value)
            for parameter, text in joined_parameters(found).items():
                self._leaves.append(Leaf((number, "header", index, JOINED + parameter), text, parameter, Role.FILE))
            for parameter, text in found.items():
                place: Path = (number, "header", index, parameter)
                if parameter in ("charset", "boundary", "size") or not text:
                    continue
                if parameter != "name" or name != "content-disposition":
                    self._leaves.append(Leaf(place, text, parameter.rstrip("*"), Role.FILE))
                elif text not in WELL_KNOWN:
                    self._leaves.append(Leaf(place, text, role=Role.KEY))
        for leaf in part.document.leaves():
            role = Role.FILE if part.is_file and leaf.role is not Role.KEY else leaf.role
            self._leaves.append(Leaf((number, "content", *leaf.path), leaf.text, leaf.label or label, role))

    def leaves(self) -> Sequence[Leaf]:
        return self._leaves

    def files(self) -> Sequence[File]:
        return [
            replace(file, path=(number, "content", *file.path), name=file.name or part.file_name)
            for number, part in enumerate(self._parts)
            for file in part.document.files()
        ]

    def file_name(self, path: Path) -> str:
        number = path[0] if path else None
        return self._parts[number].file_name if isinstance(number, int) and number < len(self._parts) else ""

    def replace(self, changes: Mapping[Path, Change]) -> bytes:
        contents: dict[int, dict[Path, Change]] = {}
        headers: dict[int, dict[tuple[int, str], str]] = {}
        for path, text in changes.items():
            match path:
                case (int(number), "content", *rest) if number < len(self._parts):
                    contents.setdefault(number, {})[tuple(rest)] = text
                case (int(number), "header", int(index), str(parameter)) if number < len(self._parts):
                    headers.setdefault(number, {})[index, parameter] = text_of(text)
                case _:
                    raise NotRewritable(Code.REWRITE_NO_PLACE)
        out: list[bytes] = []
        written: list[tuple[list[str], bytes]] = []
        resized: dict[bytes, bytes] = {}
        for number, part in enumerate(self._parts):
            lines = [line for _, line in part.headers]
            for (index, parameter), text in headers.get(number, {}).items():
                if parameter.startswith(JOINED):
                    raise NotRewritable(Code.REWRITE_NO_PLACE)
                lines[index] = _change_header(lines[index], parameter, text)
            content = part.document.replace(contents[number]) if number in contents else part.content
            if number in contents and part.is_file:
                resized[str(len(part.content)).encode()] = str(len(content)).encode()
            written.append((lines, content))
        for part, (lines, content) in zip(self._parts, written, strict=True):
            if part.field in SIZE_NAMES:  # of a file beside it
                content = resized.get(content, content)
            if self._delimiter in content:
                raise NotRewritable(Code.REWRITE_DELIMITER)
            head = "".join(line + "\r\n" for line in lines).encode("utf-8", "surrogateescape")
            out.append(self._delimiter + b"\r\n" + head + b"\r\n" + content + b"\r\n")
        return b"".join(out) + self._delimiter + b"--\r\n"


def parameters(value: str) -> dict[str, str]:
    """The parameters of a `Content-Disposition` or `Content-Type` value, by lower-case name.

    Browsers percent-encode quotes and line ends in names (WHATWG HTML, multipart/form-data), other clients escape them
    with a backslash (RFC 9110, section 5.6.4); `filename*` is RFC 8187's form.

    Raises:
        Unreadable: a parameter that occurs twice, or text that belongs to none.
    """
    found: dict[str, str] = {}
    _, semicolon, rest = value.partition(";")
    if not _PARAMETERS.fullmatch(semicolon + rest):
        raise Unreadable(Code.HEADER_AMBIGUOUS)
    for match in _PARAMETER.finditer(semicolon + rest):
        name = match["name"].lower()
        text = match["bare"] if match["quoted"] is None else re.sub(r'\\(["\\])', r"\1", match["quoted"])
        if name.endswith("*"):
            text = unquote(text.rpartition("'")[2], errors="replace")
        if name in found:
            raise Unreadable(Code.HEADER_AMBIGUOUS)
        found[name] = text
    return found


def joined_parameters(found: Mapping[str, str]) -> dict[str, str]:
    """The parameters that come in several pieces, `filename*0`, `filename*1*`, each as the one text that they make."""
    pieces: dict[str, list[tuple[int, str]]] = {}
    for parameter, text in found.items():
        if each := _CONTINUED.fullmatch(parameter):
            pieces.setdefault(each["name"], []).append((int(each["number"]), text))
    return {name: "".join(text for _, text in sorted(numbered)) for name, numbered in pieces.items()}


def _split(source: bytes, delimiter: bytes, boundary: str) -> list[bytes]:
    """The parts' bytes, headers included."""
    source = source.lstrip(b"\r\n")
    if not 1 <= len(boundary) <= 200 or not source.startswith(delimiter):
        raise Unreadable(Code.MULTIPART_BROKEN)
    pieces = (b"\r\n" + source).split(b"\r\n" + delimiter)[1:]
    if source.count(delimiter) != len(pieces):  # one that a lenient reader may take for a delimiter
        raise Unreadable(Code.MULTIPART_BROKEN)
    if len(pieces) > MAX_PARTS:
        raise Unreadable(Code.MULTIPART_TOO_MANY_PARTS)
    *parts, end = pieces
    if end.rstrip(b"\r\n") != b"--":
        raise Unreadable(Code.MULTIPART_BROKEN)
    if not all(part.startswith(b"\r\n") for part in parts):
        raise Unreadable(Code.MULTIPART_BROKEN)
    return [part[2:] for part in parts]


def _read_part(raw: bytes, open_part: OpenPart) -> _Part:
    head, blank, content = (b"\r\n" + raw).partition(b"\r\n\r\n")
    if not blank:
        raise Unreadable(Code.MULTIPART_BROKEN)
    headers: list[tuple[str, str]] = []
    for line in head.decode("utf-8", "surrogateescape").split("\r\n")[1:]:
        name, colon, value = line.partition(":")
        if not colon or not _HEADER_NAME.fullmatch(name) or "\n" in value or "\r" in value:
            raise Unreadable(Code.MULTIPART_BROKEN)
        headers.append((name.lower(), line))
    names = [name for name, _ in headers]
    if any(names.count(name) > 1 for name in STRUCTURAL_HEADERS):
        raise Unreadable(Code.MULTIPART_BROKEN)
    values = {name: line.partition(":")[2].strip() for name, line in headers}
    if values.get("content-transfer-encoding", "").lower() not in PLAIN_ENCODINGS or "content-encoding" in values:
        raise Unreadable(Code.MULTIPART_PART_ENCODED)
    media_type = values.get("content-type", "")
    is_file = any(name.startswith("filename") for name in parameters(values.get("content-disposition", "")))
    return _Part(headers, content, is_file, open_part(content, media_type, is_file))


def _change_header(line: str, parameter: str, text: str) -> str:
    name, _, value = line.partition(":")
    text = text.replace("\r", " ").replace("\n", " ")
    if not parameter:
        return f"{name}: {text}"

    def substitute(match: re.Match[str]) -> str:
        if match["name"].lower() != parameter:
            return match[0]
        if parameter.endswith("*"):
            return f"; {match['name']}=UTF-8''{quote(text, safe='', errors='replace')}"
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return f'; {match["name"]}="{escaped}"'

    return f"{name}:" + _PARAMETER.sub(substitute, value)
