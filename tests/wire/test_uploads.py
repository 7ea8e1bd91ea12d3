"""What requests tell about the lengths of files."""

from __future__ import annotations

from typing import Any

import pytest

from promptguard.wire.uploads import announced_lengths, announced_names, begins_upload, may_announce, resize


@pytest.mark.parametrize(
    ("headers", "query", "body", "expected"),
    [
        ({}, "", {"file_name": "a.csv", "file_size": 812, "use_case": "multimodal"}, {812}),
        ({}, "", {"filename": "a.csv", "bytes": 812, "purpose": "user_data"}, {812}),
        ({}, "", {"files": {"1": {"fileSize": "812"}, "2": {"size": 9}}}, {812, 9}),
        ({}, "", [("filename", "a.csv"), ("length", "812")], {812}),
        ({}, "filename=a.csv&length=812", None, {812}),
        ({"x-goog-upload-header-content-length": "812"}, "", {"file": {"display_name": "a"}}, {812}),
        ({"upload-length": "812"}, "", "", {812}),
        ({}, "", {"size": "large", "file_size": True, "bytes": -1}, set()),
    ],
)
def test_announced_lengths(headers: dict[str, str], query: str, body: Any, expected: set[int]) -> None:
    assert announced_lengths(headers, query, body) == expected


@pytest.mark.parametrize(
    ("path", "may"), [("/backend-api/files", True), ("/v1/Uploads", True), ("/v1/chat/completions", False)]
)
def test_may_announce(path: str, may: bool) -> None:
    assert may_announce(path) is may


def test_only_what_was_right_is_corrected() -> None:
    members = {"size": 10, "file_size": "10", "bytes": 11, "name": "10"}
    resize(members, 10, 14)
    assert members == {"size": 14, "file_size": "14", "bytes": 11, "name": "10"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"files": [{"name": "a.csv", "size": 812}, {"title": "b.csv", "bytes": "9"}]}, {812: "a.csv", 9: "b.csv"}),
        ([("filename", "a.csv"), ("length", "812")], {812: "a.csv"}),
        ([("name", "a.csv"), ("size", "812"), ("name", "b.csv"), ("size", "9")], {812: "a.csv", 9: "b.csv"}),
        ([("upload", {"name": "a.csv", "size": 812})], {812: "a.csv"}),
        ({"name": "a.csv", "files": {"size": 812}}, {}),
    ],
)
def test_announced_names(body: Any, expected: dict[int, str]) -> None:
    assert announced_names(body) == expected
    assert announced_lengths({}, "", body) >= expected.keys()


@pytest.mark.parametrize(
    ("headers", "begins"),
    [
        ({}, True),
        ({"x-goog-upload-offset": "0"}, True),
        ({"upload-offset": "0"}, True),
        ({"content-range": "bytes 0-9/20"}, True),
        ({"x-goog-upload-offset": "10"}, False),
        ({"content-range": "bytes 10-19/20"}, False),
        ({"content-range": "bytes */20"}, False),
    ],
)
def test_begins_upload(headers: dict[str, str], begins: bool) -> None:
    assert begins_upload(headers) is begins
