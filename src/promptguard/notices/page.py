"""A notice as a web page, for requests that a browser makes to show a page (opening an address, sending a form)."""

from __future__ import annotations

from html import escape

from promptguard.model import Answer, Notice, Request
from promptguard.notices.redacted_copy import fenced

_PAGE = """<!doctype html>
<html lang="{language}" dir="auto">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1.05rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 12vh auto; padding: 0 1.5rem; color: #1d2430; background: #f7f8fa }}
main {{ background: #fff; border: 1px solid #d9dde3; border-radius: .6rem; padding: 1.5rem 2rem }}
h1 {{ font-size: 1.35rem }}
a {{ color: inherit; overflow-wrap: anywhere }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #d9dde3; border-radius: .3rem; padding: .6rem .8rem }}
@media (prefers-color-scheme: dark) {{ body {{ color: #e6e9ee; background: #14171c }} main {{ background: #1d2128; border-color: #363c46 }} }}
</style>
</head>
<body><main>
<h1>{title}</h1>
{paragraphs}
</main></body>
</html>
"""  # noqa: E501 - one declaration block a line


def wants_page(request: Request) -> bool:
    """Whether a browser made this request in order to show the answer as a page (Fetch Metadata, W3C)."""
    mode = request.headers.get("sec-fetch-mode")
    if mode:
        return mode == "navigate"
    return request.headers.get("accept", "").startswith("text/html")


def is_from_page(request: Request) -> bool:
    """Whether a page in a browser made this request, and no program (Fetch Metadata, W3C): all browsers say so."""
    return any(name.startswith("sec-fetch-") for name in request.headers)


def refuse_page(notice: Notice, status: int = 400) -> Answer:
    """The notice as a self-contained HTML page that loads nothing."""
    text = notice.text.removesuffix(fenced(notice.redacted)) if notice.redacted else notice.text
    paragraphs = "\n".join(
        f"<p>{escape(paragraph).replace(chr(10), '<br>')}</p>" for paragraph in text.split("\n\n") if paragraph
    )
    if notice.link:
        link = escape(notice.link)
        paragraphs = paragraphs.replace(link, f'<a href="{link}" rel="noreferrer">{link}</a>')
    if notice.redacted:
        paragraphs += f'\n<pre dir="auto">{escape(notice.redacted)}</pre>'
    page = _PAGE.format(title=escape(notice.title), paragraphs=paragraphs, language=escape(notice.language))
    headers = {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
        "x-should-retry": "false",
    }
    return Answer(status, headers, page.encode())
