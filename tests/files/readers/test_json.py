from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from samples import images


def test_json_is_text(texts: Any) -> None:
    assert texts(b'{"a": "b"}', "x.json") == [("", '{"a": "b"}')]


def test_pictures_of_notebooks(texts: Any, size_teller: Any) -> None:
    picture = base64.b64encode(images.encoded(images.written("x"))).decode()
    notebook = {
        "nbformat": 4,
        "cells": [
            {
                "outputs": [
                    {"data": {"image/png": [picture[:76], picture[76:]], "text/plain": "x"}},
                    "odd",
                    {"data": None},
                ]
            },
            {"attachments": {"a.png": {"image/png": picture, "image/svg+xml": "<svg/>"}}},
            "odd",
        ],
    }
    found = texts(json.dumps(notebook).encode(), "x.ipynb", recogniser=size_teller)
    assert [label for label, _ in found] == ["", "picture"]


@pytest.mark.parametrize("data", [b'{"nbformat": ', b"[" * 100_000, b'{"nbformat": 4, "cells": 7}'])
def test_broken_notebooks_are_text(texts: Any, data: bytes) -> None:
    assert texts(data, "x.ipynb") == [("", data.decode())]
