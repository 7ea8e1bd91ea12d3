from __future__ import annotations

import gzip
import zlib

import pytest

from promptguard.page_layer.document import (
    MAX_BEFORE_HEAD,
    MAX_LOOKS,
    HeadInserter,
    asks_for_document,
    is_page,
    tells_charset,
)
from promptguard.wire.encodings import decoders_for

OURS = b"<script>ours</script>"
NAVIGATION = {"sec-fetch-dest": "document", "sec-fetch-mode": "navigate"}


def inserted(source: bytes, size: int, *, encoding: str = "", after_charset: bool = False) -> bytes:
    inserter = HeadInserter(OURS, decoders_for(encoding) or (), after_charset=after_charset)
    pieces = [source[start : start + size] for start in range(0, len(source), size)]
    return b"".join([out for piece in pieces for out in inserter.feed(piece)] + inserter.finish())


# The place is where | stands; nothing goes into a document that has no |.
DOCUMENTS = [
    b"<!doctype html><html><head>|<title>a</title></head><body>b</body></html>",
    b"\xef\xbb\xbf \n<!-- <head> --><!DOCTYPE html>\n<HTML lang='a>b'>\n<HEAD class=\"x\">|<meta charset=utf-8>",
    b"<html><head/>|<body>",
    b"<!--><!---><head>|",
    b"<?xml version='1.0'?><html><head>|",
    b"|<title>no head</title><p>b",
    b"<!doctype html>|<script>first</script>",
    b"<html>|<header>not a head",
    b"<!-- no page --> Text",
    b'{"served": "<as> HTML"}',
    b"<svg><title>a</title></svg>",
    b"|<body>b",
    b"</html>",
    b"<!doctype html>",
    b"<!-- never ends <head>",
    b"<html lang='never ends><head>",
    b"",
    b"\xff\xfe<\x00h\x00e\x00a\x00d\x00>\x00",
    b"\xfe\xff\x00<\x00h\x00e\x00a\x00d\x00>",
]


@pytest.mark.parametrize("size", [1, 3, 10_000])
@pytest.mark.parametrize("document", DOCUMENTS)
def test_it_goes_behind_the_start_of_the_head(document: bytes, size: int) -> None:
    assert inserted(document.replace(b"|", b""), size) == document.replace(b"|", OURS)


@pytest.mark.parametrize("size", [1, 10_000])
@pytest.mark.parametrize(
    "document",
    [
        b"<head><title><script></title><link rel=a><meta name=b><meta charset=utf-8>|<script>",
        b"<head><meta name=b>|<script></script><meta charset=utf-8>",
        b"<head>|<meta http-equiv='Content-Security-Policy' content='x'><meta charset=utf-8>",
        b"<meta http-equiv=content-type content='text/html; charset=gbk'>|<p>",
        b"<head><!-- charset -->|<style>",
    ],
)
def test_it_does_not_hide_the_charset_nor_come_under_a_policy_of_the_markup(document: bytes, size: int) -> None:
    assert inserted(document.replace(b"|", b""), size, after_charset=True) == document.replace(b"|", OURS)


@pytest.mark.parametrize(("encoding", "encode"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_compressed_document_is_decoded_as_it_comes(encoding: str, encode: object) -> None:
    document = b"<html><head>|" + b"<p>text" * 5_000
    source = encode(document.replace(b"|", b""))  # type: ignore[operator]
    assert inserted(source, 7, encoding=encoding) == document.replace(b"|", OURS)


def test_a_document_that_comes_byte_by_byte_is_not_looked_at_each_time() -> None:
    inserter = HeadInserter(OURS)
    out = [each for byte in b"<html " + b"a" * 2_000 for each in inserter.feed(bytes((byte,)))]
    assert out == []
    assert inserter._looks < MAX_LOOKS + 8


def test_only_what_stands_before_the_place_is_held_back() -> None:
    inserter = HeadInserter(OURS)
    assert inserter.feed(b"<html>") == []
    assert inserter.feed(b"<head><p>") == [b"<html><head>", OURS, b"<p>"]
    assert inserter.feed(b"more") == [b"more"]
    long = HeadInserter(OURS)
    comment = b"<!--" + b"a" * MAX_BEFORE_HEAD
    assert long.feed(comment) == [comment]
    assert long.feed(b"--><head>") == [b"--><head>"]


def test_broken_data_end_the_document() -> None:
    inserter = HeadInserter(OURS, decoders_for("gzip") or ())
    assert inserter.feed(b"\x1f\x8b no gzip") == []
    assert inserter.feed(b"more") == []
    assert inserter.finish() == []


@pytest.mark.parametrize("path", ["/", "/c/0b1e7c5a", "/chat/authors", "/g/accounting-helper", "/?login"])
def test_documents_that_are_asked_for_in_a_tab(path: str) -> None:
    assert asks_for_document("GET", NAVIGATION, path)


@pytest.mark.parametrize(
    ("headers", "path"),
    [
        ({"sec-fetch-dest": "iframe", "sec-fetch-mode": "navigate"}, "/"),
        ({"sec-fetch-dest": "empty", "sec-fetch-mode": "cors"}, "/"),
        ({}, "/"),
        *(
            (NAVIGATION, path)
            for path in ("/login", "/auth/login", "/Sign-In", "/oauth2/authorize", "/account/billing", "/u/logout.html")
        ),
    ],
)
def test_frames_and_sign_in_pages_have_no_layer(headers: dict[str, str], path: str) -> None:
    assert not asks_for_document("GET", headers, path)


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (200, {"content-type": "text/html"}, True),
        (200, {"content-type": "Text/HTML; charset=UTF-8", "content-encoding": "br"}, True),
        (200, {"content-type": 'text/html; charset="shift_jis"', "content-encoding": "gzip, zstd"}, True),
        (200, {"content-type": "text/html", "content-disposition": "inline"}, True),
        (200, {"content-type": "text/html; charset=utf-16le"}, False),
        (200, {"content-type": "text/html; charset=iso-2022-jp"}, False),
        (200, {"content-type": "text/html", "content-encoding": "compress"}, False),
        (200, {"content-type": "text/html", "content-disposition": "Attachment; filename=a.html"}, False),
        (200, {"content-type": "application/xhtml+xml"}, False),
        (200, {"content-type": "text/html-ish"}, False),
        (200, {}, False),
        (206, {"content-type": "text/html"}, False),
        (304, {"content-type": "text/html"}, False),
        (404, {"content-type": "text/html"}, False),
    ],
)
def test_answers_that_are_pages(status: int, headers: dict[str, str], expected: bool) -> None:
    assert is_page(status, headers) is expected


def test_whether_the_header_tells_the_charset() -> None:
    assert tells_charset("text/html; charset=utf-8")
    assert not tells_charset("text/html")
