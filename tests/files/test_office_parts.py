from __future__ import annotations

import pytest

from promptguard.files.office_parts import part_text

NAMES = 'xmlns:w="urn:w" xmlns:a="urn:a" xmlns:p="urn:p" xmlns:c="urn:c" xmlns:w14="urn:w14"'


def text_of(body: str) -> list[str]:
    return part_text(f"<w:document {NAMES}>{body}</w:document>".encode()).splitlines()


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def deleted(text: str) -> str:
    return f"<w:del><w:r><w:delText>{text}</w:delText></w:r></w:del>"


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (f"<w:p>{run('one')}</w:p><w:p>{run('two')}</w:p>", ["one", "two"]),
        (f"<w:p>{run('pel')}{run('ican')}</w:p>", ["pelican"]),
        ("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>", ["a\tb", "c"]),
        ("<w:p><w:r><w:t>055</w:t><w:noBreakHyphen/><w:t>1234</w:t></w:r></w:p>", ["055-1234"]),
        (f"<w:tr><w:tc><w:p>{run('a')}</w:p></w:tc><w:tc><w:p>{run('b')}</w:p></w:tc></w:tr>", ["a \tb"]),
        (f"<w:p>{run('pel')}{deleted('xyz')}{run('ican')}</w:p>", ["pelxyzican", "pelican"]),
        (f"<w:p>{run('one ')}{deleted('two ')}{run('three')}</w:p>", ["one two three"]),
        (f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>{run('a')}</w:p>", ["a"]),
        ("<c:f>Sheet!A1</c:f><c:v>pelican</c:v>", ["Sheet!A1", "pelican"]),
    ],
    ids=["paragraphs", "runs", "tabs and breaks", "hyphens", "cells", "deleted in a word", "deleted words", "tab stops",
         "charts"],
)  # fmt: skip
def test_text_of_paragraphs(body: str, lines: list[str]) -> None:
    assert text_of(body) == lines


@pytest.mark.parametrize(
    ("element", "line"),
    [
        ('<p:cNvPr id="1" name="Picture 3" descr="a heron"/>', "a heron"),
        ('<w:hyperlink w:tooltip="ask jo"/>', "ask jo"),
        ('<w:tag w:val="pelican"/>', "tag: pelican"),
        ('<w:docVar w:name="password" w:val="pelican7"/>', "password: pelican7"),
        ('<p:property name="project" value="heron"/>', "project: heron"),
        ('<c:connection password="x9-pelican"/>', "password: x9-pelican"),
        ('<w:bookmarkStart w:name="letter to jo"/>', "bookmarkStart: letter to jo"),
        ("<w:custom>the wifi word</w:custom>", "custom: the wifi word"),
        ("<!-- ask jo -->", "ask jo"),
    ],
)
def test_what_people_fill_in_beside_the_text(element: str, line: str) -> None:
    assert text_of(element) == [line]


@pytest.mark.parametrize(
    "element",
    [
        '<w:bookmarkStart w:name="_GoBack"/>',
        '<p:cNvPr id="4" name="Rectangle 4"/>',
        '<w:rPr><w:rFonts w:ascii="Some Font Of Ours"/></w:rPr>',
        '<w:p w:rsidR="00577427" w:rsidRDefault="00577427" w14:paraId="77777777" w14:textId="17715551"/>',
        '<w:ins w:author="Jo Miller" w:date="2026-01-01T00:00:00Z"/>',
        '<a:srgbClr val="FF0000"/>',
    ],
)
def test_what_programs_fill_in(element: str) -> None:
    assert text_of(element) == []


def test_what_attributes_hold_is_said_once_and_after_the_text() -> None:
    alias = '<w:alias w:val="the heron"/>'
    assert text_of(f"{alias}<w:p>{run('text')}</w:p>{alias}") == ["text", "alias: the heron"]
