"""YAML files into typed models, and every mistake in them into a sentence with its file and line.

YAML is read as version 1.2: `yes` and `on` are words, and truth values are `true` and `false`.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from promptguard.errors import ConfigError
from promptguard.typed_yaml.fields import Section
from promptguard.typed_yaml.mistakes import MISTAKE, suggestion
from promptguard.typed_yaml.nodes import DuplicateKey, LocatedList, LocatedMapping, NotYAML, parse

type Place = tuple[str | int, ...]
"""Keys and indexes from the root of a file to a value."""


_SHOWN = 10


class ConfigErrors(ConfigError):
    """Several mistakes. Its own line, problem and remedy are those of the first."""

    def __init__(self, errors: Sequence[ConfigError]) -> None:
        first = errors[0]
        super().__init__(first.file, first.line, first.problem, first.remedy)
        self.errors = tuple(errors)
        shown = [str(error) for error in errors[:_SHOWN]]
        if len(errors) > _SHOWN:
            shown.append(f"… and {len(errors) - _SHOWN} more mistakes.")
        self.args = ("\n".join(shown),)


def together(errors: Sequence[ConfigError]) -> ConfigError:
    """One or more mistakes as one error."""
    return errors[0] if len(errors) == 1 else ConfigErrors(errors)


class YamlFile:
    """One parsed file that remembers on which line everything stands.

    Args:
        text: what stands in it, where it is no file (any more); None reads the file.

    Raises:
        ConfigError: the file is missing, cannot be read, is not YAML, or is no mapping at its top.
    """

    def __init__(self, path: Path, text: str | None = None) -> None:
        self.path = path
        self._tree = _parse(path, _read(path) if text is None else text)
        self.data: dict[str, Any] = _with_text_keys(self._tree)

    def line(self, place: Place) -> int | None:
        """The line of a value, or of the nearest thing around it; None in an empty file."""
        node: Any = self._tree
        found = node.line if node else None
        for step in place:
            try:
                if isinstance(node, LocatedMapping | LocatedList):
                    lines: Any = node.lines  # by key or by index, as the step is
                    found = lines[step]
                node = node[step]
            except (KeyError, IndexError, TypeError):
                break
        return found

    def error(self, place: Place, problem: str, remedy: str) -> ConfigError:
        """A mistake at a place of this file."""
        return ConfigError(self.path, self.line(place), problem, remedy)

    def read_as[Model: BaseModel](self, model: type[Model]) -> Model:
        """The file's contents as a model.

        Raises:
            ConfigError: they do not fit; `ConfigErrors` where there is more than one mistake.
        """
        try:
            # From JSON words become enum members and lists tuples, although the models are strict about types.
            return model.model_validate_json(orjson.dumps(self.data))
        except ValidationError as error:
            details = error.errors(include_url=False)
        errors = [self._explain(detail, model) for detail in details]
        errors.sort(key=lambda each: each.line or 0)
        raise together(errors)

    def _explain(self, detail: ErrorDetails, model: type[BaseModel]) -> ConfigError:
        place: Place = detail["loc"]
        context = detail.get("ctx", {})
        if detail["type"] == MISTAKE:
            return self.error((*place, *context["at"]), context["problem"], context["remedy"])
        # A key that is wrong itself is marked by pydantic with a last step that stands in no file.
        if place and place[-1] == "[key]":
            place = place[:-1]
        return self.error(place, *_problem_and_remedy(detail, place, model))


def load[Model: BaseModel](path: Path, model: type[Model]) -> Model:
    """Read a YAML file into a model.

    Raises:
        ConfigError: anything is wrong with the file: what, on which line, and what would be right.
    """
    return YamlFile(path).read_as(model)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(path, None, "this file is missing", "Create it, or name another folder.") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        raise ConfigError(path, line, "this line is not UTF-8 text", "Save the file in the UTF-8 encoding.") from None
    except OSError as error:
        raise ConfigError(path, None, f"this file cannot be read: {error.strerror}", "Check its permissions.") from None


def _parse(path: Path, text: str) -> LocatedMapping:
    try:
        tree = parse(text)
    except DuplicateKey as error:
        raise ConfigError(path, error.line, "this key stands here a second time", "Keep one of the two.") from None
    except NotYAML as error:
        remedy = "Check the indentation (spaces, no tabs), colons, quotes and brackets here and on the line before."
        if error.line is None:
            remedy = "Check it for stray control characters."
        raise ConfigError(path, error.line, f"this is not valid YAML: {error.problem}", remedy) from None
    if tree is None:
        return LocatedMapping(1)
    if not isinstance(tree, LocatedMapping):
        raise ConfigError(path, 1, "the file should consist of keys with values", "Write lines like `key: value`.")
    return tree


def _with_text_keys(node: Any) -> Any:
    """The same value as JSON can hold it, where every key is text."""
    match node:
        case dict():
            return {str(key): _with_text_keys(value) for key, value in node.items()}
        case list():
            return [_with_text_keys(value) for value in node]
        case _:
            return node


_SHOULD_BE = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "path_type": "a path",
}

_BOUNDS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def _problem_and_remedy(detail: ErrorDetails, place: Place, model: type[BaseModel]) -> tuple[str, str]:
    kind = detail["type"]
    context = detail.get("ctx", {})
    key = next((step for step in reversed(place) if isinstance(step, str)), "this value")
    value = detail["input"]
    if kind == "extra_forbidden":
        section = _model_at(model, place[:-1])
        if section is not None and issubclass(section, Section) and key in section.moved:
            return f"there is no key ‘{key}’ any more", f"Write it as `{section.moved[key]}`."
        return f"there is no key ‘{key}’ here", suggestion(key, _keys_at(model, place[:-1]), noun="keys")
    if kind == "missing":
        return f"the key ‘{key}’ is missing here", _description(model, place) or f"Add `{key}:` with its value."
    if kind in ("enum", "literal_error"):
        words = re.findall(r"'([^']*)'", context["expected"])
        return f"‘{_short(value)}’ is no value for ‘{key}’", suggestion(str(value), words, noun="values")
    if kind == "union_tag_not_found":
        return f"the key {_tag_key(context)} is missing here", "Add it: it says which of the other keys there are."
    if kind == "union_tag_invalid":
        words = re.findall(r"'([^']*)'", context["expected_tags"])
        wrong = context["tag"]
        return f"‘{_short(wrong)}’ is no value for {_tag_key(context)} of ‘{key}’", suggestion(
            wrong, words, noun="values"
        )
    if kind in _SHOULD_BE:
        should_be = (
            f"It should be {_SHOULD_BE[kind]}{_in_quotes(kind, key, value)}. {_description(model, place)}".rstrip()
        )
        return f"‘{key}’ is {_sort_of(value)}", should_be
    if kind == "string_pattern_mismatch":
        problem = f"‘{key}’ is not right" if value == key else f"‘{_short(value)}’ is no value for ‘{key}’"
        return problem, _description(model, place) or _form(context["pattern"])
    if kind in _BOUNDS:
        bound, relation = _BOUNDS[kind]
        return f"‘{key}’ is {_short(value)}", f"It should be {relation} {context[bound]:g}."
    if kind in ("too_short", "string_too_short"):
        return f"‘{key}’ is empty or too short", _description(model, place) or "Give it a value."
    return f"‘{key}’ is not right: {detail['msg'].removeprefix('Value error, ')}", _description(model, place)


def _in_quotes(kind: str, key: str, value: Any) -> str:
    """How a number or a truth value is written as text."""
    if kind != "string_type" or not isinstance(value, bool | int | float):
        return ""
    return f': write `{key}: "{str(value).lower()}"`'


_FORMS = {
    r"^[A-Z0-9_]{1,40}$": "Write it in capitals, digits and underscores, such as EMAIL_ADDRESS.",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "Write it in small letters, digits and hyphens, such as no-customers.",
    r"^[a-z0-9][a-z0-9_-]{0,63}$": "Write it in small letters, digits, hyphens and underscores, such as siem.",
}
"""What the patterns of names say, where the key itself says nothing of it."""


def _form(pattern: str) -> str:
    return _FORMS.get(pattern, "Write it in letters, digits, hyphens and underscores.")


def _tag_key(context: Mapping[str, Any]) -> str:
    """The key that tells the shapes of a mapping apart, in quotation marks."""
    return "‘{}’".format(str(context["discriminator"]).strip("'"))


def _sort_of(value: Any) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return "a truth value"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text ‘{_short(value)}’"
        case list():
            return "a list"
        case _:
            return "keys with values"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _keys_at(model: type[BaseModel], place: Place) -> list[str]:
    found = _model_at(model, place)
    return list(_fields(found)) if found else []


def _description(model: type[BaseModel], place: Place) -> str:
    """What the model says of the key that a place ends in, or a list item's list."""
    while place and isinstance(place[-1], int):
        place = place[:-1]
    owner = _model_at(model, place[:-1]) if place else None
    field = _fields(owner).get(str(place[-1])) if owner else None
    return (field.description or "") if field else ""


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_at(model: type[BaseModel], place: Place) -> type[BaseModel] | None:
    """The model of the mapping at a place; None where it is not described by a model."""
    annotation: Any = model
    for step in place:
        if (chosen := _tagged(annotation, step)) is not None:
            annotation = chosen
            continue
        annotation = _stripped(annotation)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            field = _fields(annotation).get(str(step))
            if field is None:
                return None
            annotation = field.annotation
        else:
            arguments = [each for each in typing.get_args(annotation) if each is not Ellipsis]
            if not arguments:
                return None
            annotation = arguments[-1]
    annotation = _stripped(annotation)
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _tagged(annotation: Any, step: str | int) -> type[BaseModel] | None:
    """Of several models that are told apart by a key, the one with this value; pydantic has it in its places."""
    if isinstance(annotation, typing.TypeAliasType):
        annotation = annotation.__value__
    if typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    if typing.get_origin(annotation) not in (typing.Union, types.UnionType):
        return None
    models = [each for each in typing.get_args(annotation) if isinstance(each, type) and issubclass(each, BaseModel)]
    return next((each for each in models if len(models) > 1 and step in _tags(each)), None)


def _tags(model: type[BaseModel]) -> set[Any]:
    """The values of keys that can have one value only."""
    values = (typing.get_args(field.annotation) for field in model.model_fields.values() if _is_literal(field))
    return {each[0] for each in values if len(each) == 1}


def _is_literal(field: Any) -> bool:
    return typing.get_origin(field.annotation) is typing.Literal


def _stripped(annotation: Any) -> Any:
    """An annotation without its metadata and its `| None`."""
    while True:
        origin = typing.get_origin(annotation)
        if origin is typing.Annotated:
            annotation = typing.get_args(annotation)[0]
        elif origin in (typing.Union, types.UnionType):
            annotation = next(each for each in typing.get_args(annotation) if each is not type(None))
        else:
            return annotation
