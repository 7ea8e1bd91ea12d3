"""The information for staff as a page of its own, and as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from promptguard.transparency.document import Document, Section

_PAGE = """<!doctype html>
<html lang="{language}" dir="auto">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1rem/1.55 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1.5rem; color: #1d2430;
  overflow-wrap: break-word }}
h1 {{ font-size: 1.6rem }}
h2 {{ font-size: 1.2rem; margin-top: 2rem }}
table {{ border-collapse: collapse; width: 100% }}
td {{ border: 1px solid #c5cbd3; padding: .35rem .6rem; vertical-align: top; overflow-wrap: anywhere; hyphens: auto;
  min-width: 6rem; box-sizing: border-box }}
@media print {{ body {{ margin: 0; max-width: none }} h2 {{ break-after: avoid }} tr {{ break-inside: avoid }} }}
</style>
</head>
<body><main>
<h1>{title}</h1>
{content}
</main></body>
</html>
"""


def as_html(document: Document) -> str:
    """A page that loads nothing, to be put on an intranet or printed."""
    parts = [f"<p>{escape(each)}</p>" for each in document.introduction]
    for section in document.sections:
        parts += _html(section)
    return _PAGE.format(language=escape(document.language), title=escape(document.title), content="\n".join(parts))


def as_markdown(document: Document) -> str:
    """CommonMark, with tables as GitHub has them."""
    parts = [f"# {_plain(document.title)}", *map(_plain, document.introduction)]
    for section in document.sections:
        parts += _markdown(section)
    return "\n\n".join(parts) + "\n"


def _html(section: Section) -> Iterator[str]:
    yield f"<h2>{escape(section.heading)}</h2>"
    yield from (f"<p>{escape(each)}</p>" for each in section.paragraphs)
    if section.items:
        yield f"<ul>{''.join(f'<li>{escape(each)}</li>' for each in section.items)}</ul>"
    if section.rows:
        rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in section.rows)
        yield f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _markdown(section: Section) -> Iterator[str]:
    yield f"## {_plain(section.heading)}"
    yield from map(_plain, section.paragraphs)
    if section.items:
        yield "\n".join(f"- {_plain(each)}" for each in section.items)
    if section.rows:
        width = len(section.rows[0])
        rows = [f"| {' | '.join(map(_plain, row))} |" for row in section.rows]
        yield "\n".join([f"|{' |' * width}", f"|{' --- |' * width}", *rows])


def _plain(text: str) -> str:
    """Words that mean nothing to Markdown: what a company writes into its files is text."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", text.replace("\n", " "))
