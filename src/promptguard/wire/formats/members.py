"""Natures by place: which members of a wire format's requests are protocol, and which are sealed. All others are text.

Written as lines of a kind and paths:

    protocol  model messages[].role messages[].tool_call_id
    schema    tools[].function.parameters
    sealed    messages[].content[].signature
    text      messages[].content[].input.**

`[]` is any element of an array and `[3]` the fourth, `*` any member or element, `.**` at the end everything below (and
the place itself), `**.` at the beginning any place above; a dot in a name is written `\\.`. The longest exact path
counts, then the deepest `.**`, then the first `**.`.

Kinds:

- `protocol`: a name, id, type or number as the service defines them. What stands there and does not read like one is a
  text all the same, one that cannot be rewritten.
- `grammar`: source of a grammar or pattern, and any other string that is protocol whatever it looks like.
- `schema`: a JSON Schema (json-schema.org, draft 2020-12; OpenAPI's dialect): its titles and descriptions are text,
  defaults and examples of properties that are named as secrets a text that cannot be rewritten, all else is protocol,
  names of properties included.
- `sealed`: signatures, encrypted state, tokens for the service itself. Followed by a form in `<…>` (a regular
  expression), strings of that form are sealed wherever they come from; without one, only what the service is known to
  have issued.
- `text`: takes places out of what another line says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from promptguard.model import Nature, Path
from promptguard.wire.documents.interface import NAME

MAX_IDENTIFIER: Final = 256
"""Characters of the longest string that reads like an id."""

_DOT: Final = re.compile(r"(?<!\\)\.")
"""Between two steps of a written path; a dot of a name has a backslash before it."""

_IDENTIFIER: Final = re.compile(r"[\w.:/@+=$#~!*,;?&%-]*", re.ASCII)
"""Ids, roles, model names, versions, media types: no white space, quotes or brackets."""

_HUMP: Final = re.compile(r"([a-z0-9])([A-Z])")

_NAME: Final = re.compile(r"[A-Za-z_$][\w.$:/-]{0,63}", re.ASCII)
"""What programs call members: `tool_call_id`, `x-goog-user`, `$ref`."""

_SCHEMA_TEXTS: Final = frozenset(
    {
        "$comment",
        "title",
        "description",
        "markdownDescription",
        "enumDescriptions",
        "errorMessage",
        "deprecationMessage",
    }
)
_SCHEMA_MAPS: Final = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"})
"""Members of a schema whose own members have names that the tool's author chose."""
_SCHEMA_VALUES: Final = frozenset({"default", "const", "example", "examples"})
"""Members of a schema that hold what a property may be: data, where `enum` holds the choices of a program."""
_SECRET_NAME: Final = re.compile(
    r"pass(?:word|wd|phrase|code)|(?:^|[_.-])p(?:wd|ass|in)(?:$|[_.-])|kennwort|passwort|contrase|mot[_-]?de[_-]?passe"
    r"|(?:api|access|secret|private|auth|signing|encryption|client)[_-]?(?:key|secret)|(?:^|[_.-])secret$"
    r"|(?:api|access|auth|bearer|refresh)[_-]?token",
    re.IGNORECASE,
)
"""Names of properties whose values are secrets."""


def reads_like_an_id(text: str) -> bool:
    """Whether a string is one that a service may have defined: a name, an id, a version; no words of anyone's."""
    return len(text) <= MAX_IDENTIFIER and _IDENTIFIER.fullmatch(text) is not None


def snake_case(source: str) -> str:
    """The same lines with names in snake case: protocol buffers' JSON takes both (protobuf.dev, ProtoJSON)."""
    return _HUMP.sub(lambda hump: f"{hump[1]}_{hump[2].lower()}", source)


class Kind(StrEnum):
    """What a line says of its paths."""

    PROTOCOL = "protocol"
    GRAMMAR = "grammar"
    SCHEMA = "schema"
    SEALED = "sealed"
    TEXT = "text"


class Standing(NamedTuple):
    """What a string is where it stands."""

    nature: Nature = Nature.TEXT
    fixed: bool = False
    """A text that cannot be rewritten."""
    sealed_if_issued: bool = False


TEXT: Final = Standing()
PROTOCOL: Final = Standing(Nature.PROTOCOL)
FIXED: Final = Standing(fixed=True)
SEALED: Final = Standing(Nature.SEALED)
SEALED_IF_ISSUED: Final = Standing(fixed=True, sealed_if_issued=True)


class _Rule(NamedTuple):
    kind: Kind
    form: re.Pattern[str] | None = None


@dataclass(slots=True)
class _Node:
    """A place in the tree of paths. Children are by name or index; `""` is any element of an array, `"*"` anything."""

    children: dict[str | int, _Node] = field(default_factory=dict)
    here: _Rule | None = None
    below: _Rule | None = None


class Members:
    """The natures of a format's members."""

    def __init__(self, source: str = "", *, roots: tuple[str, ...] = ("",)) -> None:
        """Parse lines as the module describes them; `roots` are paths under which the whole may stand.

        Raises:
            ValueError: a line that says no kind, or a path that cannot be read.
        """
        self._root = _Node()
        self._anywhere: list[tuple[tuple[str | int, ...], _Rule]] = []
        for line in source.splitlines():
            kind, _, rest = line.strip().partition(" ")
            if kind:
                self._add_line(Kind(kind), rest.strip(), roots)

    def _add_line(self, kind: Kind, rest: str, roots: tuple[str, ...]) -> None:
        form = None
        if rest.startswith("<"):
            pattern, _, rest = rest[1:].partition("> ")
            try:
                form = re.compile(pattern)
            except re.error as error:
                raise ValueError(f"<{pattern}> is no regular expression: {error}") from None
        for path in rest.split():
            if path.startswith("**."):
                self._anywhere.append((tuple(_steps(path[3:])), _Rule(kind, form)))
                continue
            for root in roots:
                self._add(".".join(part for part in (root, path) if part), _Rule(kind, form))

    def _add(self, path: str, rule: _Rule) -> None:
        all_below = path.endswith(".**")
        node = self._root
        for step in _steps(path.removesuffix(".**")):
            node = node.children.setdefault(step, _Node())
        node.here = rule
        if all_below or rule.kind is Kind.SCHEMA:
            node.below = rule

    def standing(self, path: Path, text: str) -> Standing:
        """What the string `text` at `path` is; for a path with `NAME` in it, the member's name itself."""
        if NAME in path[-2:]:
            return self._name_standing(path, text)
        rule, depth = self._rule(path)
        return TEXT if rule is None else _standing(rule, path[depth:], text)

    def _name_standing(self, path: Path, text: str) -> Standing:
        rule, _ = self._rule(path[: path.index(NAME)])
        if rule is not None and rule.kind in (Kind.SCHEMA, Kind.GRAMMAR):
            return PROTOCOL
        return PROTOCOL if _NAME.fullmatch(text) else TEXT

    def _rule(self, path: Path) -> tuple[_Rule | None, int]:
        """The rule for a place, and how many steps of the path lead to where it was given."""
        node: _Node | None = self._root
        below: tuple[_Rule | None, int] = (None, 0)
        for depth, step in enumerate(path):
            assert node is not None
            if node.below is not None:
                below = (node.below, depth)
            children = node.children
            node = children.get(step) or (children.get("") if isinstance(step, int) else None) or children.get("*")
            if node is None:
                break
        else:
            if node is not None and (node.here or node.below):
                return node.here or node.below, len(path)
        if below[0] is not None:
            return below
        return self._rule_anywhere(path), len(path)

    def _rule_anywhere(self, path: Path) -> _Rule | None:
        for steps, rule in self._anywhere:
            tail = path[len(path) - len(steps) :]
            if len(tail) == len(steps) and all(map(_fits, steps, tail)):
                return rule
        return None


def _standing(rule: _Rule, below: Path, text: str) -> Standing:
    match rule.kind:
        case Kind.TEXT:
            return TEXT
        case Kind.GRAMMAR:
            return PROTOCOL
        case Kind.SCHEMA:
            if _is_schema_text(below):
                return TEXT
            return FIXED if _is_secret_of_schema(below) else PROTOCOL
        case Kind.SEALED:
            if rule.form is None:
                return SEALED_IF_ISSUED
            return SEALED if rule.form.fullmatch(text) else FIXED
    return PROTOCOL if reads_like_an_id(text) else FIXED


def _is_schema_text(below: Path) -> bool:
    """Whether a string of a schema is for people: it stands under such a name, and that is not a property's own."""
    names = [step for step in below if isinstance(step, str)]
    if not names or names[-1] not in _SCHEMA_TEXTS:
        return False
    return len(names) < 2 or names[-2] not in _SCHEMA_MAPS or (len(names) > 2 and names[-3] in _SCHEMA_MAPS)


def _is_secret_of_schema(below: Path) -> bool:
    """Whether a string of a schema is what a property may be that is named as a secret, or a member of such a value."""
    for depth, step in enumerate(below):
        if step in _SCHEMA_VALUES and (depth == 0 or below[depth - 1] not in _SCHEMA_MAPS):
            names = [name for name in (*below[max(depth - 1, 0) : depth], *below[depth + 1 :]) if isinstance(name, str)]
            return any(map(_SECRET_NAME.search, names))
    return False


def _fits(wanted: str | int, step: str | int) -> bool:
    return wanted in ("*", step) or (wanted == "" and isinstance(step, int))


def _steps(path: str) -> Iterator[str | int]:
    """The steps of a written path: `messages[].role` is `messages`, any element, `role`."""
    for part in _DOT.split(path):
        name, *indexes = part.replace("\\.", ".").split("[")
        if name:
            yield name
        for index in indexes:
            number = index.removesuffix("]")
            yield int(number) if number else ""
        if not part:
            raise ValueError(f"{path!r} has an empty step")
