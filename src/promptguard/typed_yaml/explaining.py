"""What pydantic finds wrong with a file, in sentences: what is there, and what would be right."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from promptguard.typed_yaml.fields import Section
from promptguard.typed_yaml.mistakes import suggestion

type Place = tuple[str | int, ...]
"""Keys and indexes from the root of a file to a value."""

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


_UPGRADE = "`promptguard upgrade apply` does that."


def problem_and_remedy(detail: ErrorDetails, place: Place, model: type[BaseModel]) -> tuple[str, str]:
    """What is wrong, as a sentence without its full stop, and what would be right.

    Args:
        detail: what pydantic says of one mistake.
        place: where in the file it is.
        model: what the whole file should be.
    """
    kind = detail["type"]
    context = detail.get("ctx", {})
    key = next((step for step in reversed(place) if isinstance(step, str)), "this value")
    value = detail["input"]
    if kind == "extra_forbidden":
        return _unknown_key(key, place, model)
    if kind == "missing":
        remedy = _description(model, place) or f"Add `{key}:` with its value."
        section = _model_at(model, place[:-1])
        by_itself = section is not None and issubclass(section, Section) and section.filled_up
        return f"the key ‘{key}’ is missing here", f"{remedy} {_UPGRADE}" if by_itself else remedy
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
        or_null = " or null" if value is not None and _may_be_null(model, place) else ""
        should_be = f"{_SHOULD_BE[kind]}{or_null}{_in_quotes(kind, key, value)}"
        return f"‘{key}’ is {_sort_of(value)}", f"It should be {should_be}. {_description(model, place)}".rstrip()
    if kind == "string_pattern_mismatch":
        problem = f"‘{key}’ is not right" if value == key else f"‘{_short(value)}’ is no value for ‘{key}’"
        return problem, _description(model, place) or _form(context["pattern"])
    if kind in _BOUNDS:
        bound, relation = _BOUNDS[kind]
        return f"‘{key}’ is {_short(value)}", f"It should be {relation} {context[bound]:g}."
    if kind in ("too_short", "string_too_short"):
        return f"‘{key}’ is empty or too short", _description(model, place) or "Give it a value."
    return f"‘{key}’ is not right: {detail['msg'].removeprefix('Value error, ')}", _description(model, place)


def _unknown_key(key: str, place: Place, model: type[BaseModel]) -> tuple[str, str]:
    """A key that there is not where it stands: perhaps there is one elsewhere, or one like it here."""
    section = _model_at(model, place[:-1])
    if section is not None and issubclass(section, Section) and key in section.moved:
        return f"there is no key ‘{key}’ any more", f"Write it as `{section.moved[key]}`. {_UPGRADE}"
    problem = f"there is no key ‘{key}’ here"
    if section is not None and (below := _paths(section, key)):
        return problem, f"Write it as {' or '.join(map(_nested, below[:_MAX_PLACES]))}."
    if section is not model and (anywhere := _paths(model, key)):
        places = " or ".join(map(_nested, anywhere[:_MAX_PLACES]))
        return problem, f"Write it at the left margin, as {places}. {suggestion(key, _keys(section), noun='keys')}"
    return problem, suggestion(key, _keys(section), noun="keys")


_MAX_PLACES = 2
"""In so many sections that have the same key a wrong one is looked for."""


def _paths(model: type[BaseModel], key: str) -> list[list[str]]:
    """Where in the sections of a model a key is: by its own name, or by all the names with dots between."""
    return [path for path in _all_paths(model) if key in (path[-1], ".".join(path))]


def _all_paths(model: type[BaseModel]) -> Iterator[list[str]]:
    for name, field in _fields(model).items():
        yield [name]
        inner = _stripped(field.annotation)
        if isinstance(inner, type) and issubclass(inner, Section):
            yield from ([name, *path] for path in _all_paths(inner))


def _nested(path: list[str]) -> str:
    """`{actions: {allow: …}}` without the outer braces, as it could stand in the file on one line."""
    *sections, key = path
    opening = "".join(f"{each}: {{" for each in sections)
    return f"`{opening}{key}: …{'}' * len(sections)}`"


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


def _keys(model: type[BaseModel] | None) -> list[str]:
    return list(_fields(model)) if model else []


def _description(model: type[BaseModel], place: Place) -> str:
    """What the model says of the key that a place ends in, or a list item's list."""
    while place and isinstance(place[-1], int):
        place = place[:-1]
    field = _field_at(model, place)
    return (field.description or "") if field else ""


def _may_be_null(model: type[BaseModel], place: Place) -> bool:
    """Whether the key that a place ends in may be left empty."""
    field = _field_at(model, place)
    annotation = field.annotation if field else None
    if isinstance(annotation, typing.TypeAliasType):
        annotation = annotation.__value__
    return type(None) in typing.get_args(annotation)


def _field_at(model: type[BaseModel], place: Place) -> FieldInfo | None:
    owner = _model_at(model, place[:-1]) if place else None
    return _fields(owner).get(str(place[-1])) if owner else None


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
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
