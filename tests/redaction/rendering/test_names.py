"""Held against what other programs know: lxml's list of HTML, markdown-it's of blocks, and the public suffix list."""

from __future__ import annotations

import pytest
import tldextract
from lxml.html import defs
from markdown_it.common.html_blocks import block_names

from promptguard.redaction.rendering import names
from promptguard.redaction.rendering.links import joins

SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None).tlds


@pytest.mark.parametrize("known", [defs.tags, defs.block_tags, block_names])
def test_elements_that_others_know(known: set[str]) -> None:
    assert set(known) <= names.ELEMENTS


@pytest.mark.parametrize("some", [names.RAW, names.ENCLOSING, names.SELF_CLOSING])
def test_special_elements_are_elements(some: frozenset[str]) -> None:
    assert some <= names.ELEMENTS
    assert names.SELF_CLOSING <= names.ENCLOSING


@pytest.mark.parametrize("name", ["x-widget", "answer", "thinking", "email", "user", "placeholder", "5"])
def test_words_that_are_no_elements(name: str) -> None:
    assert name not in names.ELEMENTS


@pytest.mark.parametrize("ending", sorted(names.FILE_ENDINGS))
def test_endings_of_files_are_domains_at_the_top(ending: str) -> None:
    assert ending in SUFFIXES


@pytest.mark.parametrize("domain", sorted(names.RESERVED))
def test_what_ends_with_a_reserved_domain_is_an_address(domain: str) -> None:
    assert joins("Anna", f".{domain} ", files=False)


@pytest.mark.parametrize(
    "group",
    [names.ELEMENTS, names.RAW, names.ENCLOSING, names.PREVIEWED, names.DRAWN, names.RESERVED, names.FILE_ENDINGS],
)
def test_names_are_in_small_letters(group: frozenset[str]) -> None:
    assert {name.lower() for name in group} == group


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ("", set()),
        (" python title='a.html'", {"python"}),
        ("html:index.html", {"html", "index"}),
        ("vega-lite", {"vega", "lite"}),
        ("HTML5,run", {"html", "run"}),
        ("{.svg #a}", {"svg", "a"}),
        ("{raw} html", {"raw", "html"}),
        ("js{1,3}", {"js", ""}),
        (r"s&#118;g\+xml", {"svg", "xml"}),
    ],
)
def test_languages_that_an_info_string_may_name(info: str, expected: set[str]) -> None:
    assert names.languages(info) == expected


@pytest.mark.parametrize(
    "info", ["md", "XHTML1", "application/xhtml+xml", "x-svg", "htmlmixed", "less", "my_jsx", "a.vue"]
)
def test_previewed(info: str) -> None:
    assert names.is_previewed(names.languages(info))


@pytest.mark.parametrize("info", ["", "python", "lessc", "amd64", "js html", "json", "reactive", "c++", "sh run.md"])
def test_not_previewed(info: str) -> None:
    assert not names.is_previewed(names.languages(info))
