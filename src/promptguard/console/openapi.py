"""The console's ways in the form of OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1), made from them.

What a page takes from address and form is read from its own source, so that nothing is described twice.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from promptguard.console.cookies import SESSION
from promptguard.console.ways import TOKEN, Handler, Open, Way

_OURS = "promptguard.console."
_TEXT = {"type": "string", "maxLength": 4096}


def description(ways: Sequence[Way]) -> dict[str, Any]:
    """All ways, by path and method."""
    paths: dict[str, dict[str, Any]] = {}
    for way in ways:
        paths.setdefault(re.sub(r"\{(\w+):\w+\}", r"{\1}", way.path), {})[way.method.lower()] = _operation(way)
    return {
        "openapi": "3.1.0",
        "info": {"title": "PromptGuard's console", "version": "1", "description": "Pages for people: forms, no API."},
        "paths": paths,
        "components": {"securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": SESSION}}},
    }


def _operation(way: Way) -> dict[str, Any]:
    asked, form = _taken(way.handler)
    places = [
        {"name": name, "in": "path", "required": True, "schema": {**_TEXT, "minLength": 1}}
        for name in re.findall(r"\{(\w+)", way.path)
    ]
    operation: dict[str, Any] = {
        "operationId": f"{way.method} {way.path}",
        "summary": (inspect.getdoc(way.handler) or "").partition("\n")[0],
        "parameters": [*places, *({"name": name, "in": "query", "schema": _TEXT} for name in asked)],
        "responses": {"default": {"description": "A page, a file, or where to go on."}},
        "security": [] if way.needs is Open.TO_ALL else [{"session": []}],
        "x-permission": way.needs.name.lower(),
    }
    if way.method == "POST":
        names = [*form, *([TOKEN] if way.needs is not Open.TO_ALL else [])]
        schema = {"type": "object", "properties": dict.fromkeys(names, _TEXT), "additionalProperties": False}
        content = {"application/x-www-form-urlencoded": {"schema": schema}}
        if way.file:
            file = {way.file: {"type": "string", "contentMediaType": "application/octet-stream"}}
            content["multipart/form-data"] = {
                "schema": {**schema, "properties": {**dict.fromkeys(names, _TEXT), **file}}
            }
        operation["requestBody"] = {"content": content}
    return operation


def _taken(handler: Handler) -> tuple[list[str], list[str]]:
    """What a page takes from its address, and from its form: by the constants in our files that it comes to."""
    waiting, seen = [(handler.__module__, handler.__name__)], set[tuple[str, str]]()
    asked, form = set[str](), set[str]()
    while waiting:
        module, name = place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        defined = _definitions(module).get(name)
        if defined is None:
            waiting.extend(_imported(module, name))
            continue
        waiting.extend((module, node.id) for node in ast.walk(defined) if isinstance(node, ast.Name))
        for method, constant in _calls(defined):
            (asked if method == "query" else form).add(constant)
    return sorted(asked), sorted(form - {TOKEN})


def _imported(module: str, name: str) -> Iterator[tuple[str, str]]:
    """Where a function of the console stands that another file of it uses."""
    found = getattr(sys.modules[module], name, None)
    if inspect.isfunction(found) and found.__module__.startswith(_OURS) and found.__module__ != module:
        yield found.__module__, found.__name__


def _calls(defined: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(defined):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="field" | "query" as method), args=[ast.Constant(value=str(name)), *_]
            ):
                yield method, name
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(attr="form"), attr="get"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield "field", name
            case ast.Call(func=ast.Name(id="words_of"), args=[_, ast.Constant(value=str(name))]):
                yield "field", name


@cache
def _definitions(module: str) -> dict[str, ast.AST]:
    """Functions by their names, and what else is named: a table of functions, say."""
    found: dict[str, ast.AST] = {}
    for node in ast.parse(inspect.getsource(sys.modules[module])).body:
        match node:
            case ast.FunctionDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = node
            case ast.Assign(targets=[ast.Name(id=name)]):
                found[name] = node
    return found
