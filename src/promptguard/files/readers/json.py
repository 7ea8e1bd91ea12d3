"""JSON as the text that it is; of notebooks also the pictures in their outputs (nbformat 4)."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from promptguard.files.extraction import Extraction
from promptguard.files.interface import Source
from promptguard.files.readers import text


def read(source: Source, out: Extraction) -> None:
    """Read a JSON file, or what looks like one."""
    content = text.decode(source.data, source.charset)
    out.add(content)
    if source.name.lower().endswith(".ipynb") or '"nbformat"' in content:
        try:
            notebook = json.loads(content)
        except (ValueError, RecursionError):
            return
        for picture in _pictures(notebook):
            out.picture(picture, "picture")


def _pictures(notebook: Any) -> list[bytes]:
    """The pictures in a notebook's outputs and attachments."""
    found = []
    for cell in _list(notebook, "cells"):
        bundles = [output.get("data") for output in _list(cell, "outputs") if isinstance(output, dict)]
        attachments = cell.get("attachments") if isinstance(cell, dict) else None
        if isinstance(attachments, dict):
            bundles += attachments.values()
        for bundle in bundles:
            for media_type, content in bundle.items() if isinstance(bundle, dict) else ():
                joined = "".join(map(str, content)) if isinstance(content, list) else content
                if media_type.startswith("image/") and isinstance(joined, str) and "<" not in joined:
                    try:
                        found.append(base64.b64decode(joined))
                    except (binascii.Error, ValueError):
                        continue
    return found


def _list(value: Any, name: str) -> list[Any]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []
