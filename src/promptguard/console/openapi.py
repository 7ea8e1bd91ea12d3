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
        operation["requestBody"] = {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    return operation


def _taken(handler: Handler) -> tuple[list[str], list[str]]:
    """What a page takes from its address, and from its form: by the constants in its file that it comes to."""
    functions = _functions(handler.__module__)
    waiting, seen = [handler.__name__], set[str]()
    asked, form = set[str](), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        for node in ast.walk(functions[name]):
            if isinstance(node, ast.Name):
                waiting.append(node.id)
        for method, constant in _calls(functions[name]):
            (asked if method == "query" else form).add(constant)
    return sorted(asked), sorted(form - {TOKEN})


def _calls(function: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(function):
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


@cache
def _functions(module: str) -> dict[str, ast.AST]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
