from __future__ import annotations

import codecs

import pytest

from promptguard.files import rtf_words


@pytest.mark.parametrize(
    "name",
    [
        "Normal", "heading 1", "heading 2 Char", "Table Grid", "List Bullet 2", "toc 3", "body text", "Calibri",
        "Times New Roman", "@MS Mincho", "Arial CE", "Courier New Greek", "Default Paragraph Font", "No List",
        "Riched20 10.0.19041", "Msftedit 5.41.21.2510", "Microsoft Word 15", "List12_3", "Cambria (Headings)",
    ],
)  # fmt: skip
def test_names_that_programs_give(name: str) -> None:
    assert rtf_words.BUILT_IN.fullmatch(name)


@pytest.mark.parametrize(
    "name",
    [
        "for jo.miller@" + "fabrikam-sample.com",
        "Kennwort: pelican",
        "card 4111 1111 1111 1111",
        "Müller's letter, third draft",
        "+49 171 2345678",
        "DE89 3704 0044 0532 0130 00",
        "078-05-1120",
        "https://intranet.fabrikam.example/x",
    ],
)
def test_names_that_people_give(name: str) -> None:
    assert not rtf_words.BUILT_IN.fullmatch(name)


@pytest.mark.parametrize("page", sorted(set(rtf_words.CODE_PAGES.values())))
def test_every_code_page_is_known_to_python_and_keeps_ascii(page: str) -> None:
    assert codecs.lookup(page)
    assert b"pelican 7".decode(page) == "pelican 7"


def test_no_destination_is_two_things() -> None:
    groups = [rtf_words.SKIPPED, rtf_words.TABLES, rtf_words.FILES, rtf_words.HIDDEN, rtf_words.PIECES]
    groups += [rtf_words.BREAKS, rtf_words.TABS, frozenset(rtf_words.CHARACTERS)]
    assert sum(map(len, groups)) == len(frozenset().union(*groups))


COLOURS = '<a:clrMap xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" bg1="lt1" tx1="dk1"/>'


@pytest.mark.parametrize(
    ("content", "alone"),
    [
        (COLOURS, True),
        ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + COLOURS, True),
        (COLOURS + "the wifi word", False),
        (COLOURS.replace("lt1", "jo@x.example"), False),
        (COLOURS.replace("/>", '><a:ext uri="pelican"/></a:clrMap>'), False),
    ],
)
def test_a_map_of_colours_and_nothing_beside_it(content: str, alone: bool) -> None:
    assert bool(rtf_words.COLOURS.fullmatch(content.encode())) is alone
