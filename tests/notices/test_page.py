import re
from html import unescape

import pytest

from promptguard.model import Notice, Request
from promptguard.notices.copying_words import CopyingWords
from promptguard.notices.page import is_from_page, refuse_page, wants_page
from promptguard.notices.redacted_copy import with_redacted


@pytest.mark.parametrize(
    ("headers", "page"),
    [
        ({"sec-fetch-mode": "navigate"}, True),
        ({"sec-fetch-mode": "cors", "accept": "text/html"}, False),
        ({"accept": "text/html,application/xhtml+xml"}, True),
        ({"accept": "*/*"}, False),
        ({}, False),
    ],
)
def test_only_page_loads_get_a_page(headers: dict[str, str], page: bool) -> None:
    assert wants_page(Request("GET", "chatgpt.com", "/", headers=headers)) is page


@pytest.mark.parametrize(
    ("headers", "from_page"),
    [
        ({"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}, True),
        ({"sec-fetch-mode": "websocket"}, True),
        ({"user-agent": "codex_cli_rs/0.171.0", "accept": "text/event-stream"}, False),
        ({}, False),
    ],
)
def test_browsers_say_that_a_page_asks(headers: dict[str, str], from_page: bool) -> None:
    assert is_from_page(Request("POST", "chatgpt.com", "/", headers=headers)) is from_page


def test_the_page_escapes_and_shows_everything() -> None:
    answer = refuse_page(
        Notice("pg-1", "Stopped <here>", 'First & "foremost".\n\nSecond <b>\nline: pg-1.', language="de")
    )
    page = answer.body.decode()
    assert answer.status == 400
    assert "<h1>Stopped &lt;here&gt;</h1>" in page
    assert '<html lang="de" dir="auto">' in page
    assert "<p>First &amp; &quot;foremost&quot;.</p>" in page
    assert "<p>Second &lt;b&gt;<br>line: pg-1.</p>" in page
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_address_in_it_is_a_link_that_tells_nobody_where_it_stood() -> None:
    address = "https://guard.example:8443/p/bcd?a&b#fgh"
    page = refuse_page(Notice("pg-1", "Stopped", f"First: {address}\n\nAsk.", link=address)).body.decode()
    shown = "https://guard.example:8443/p/bcd?a&amp;b#fgh"
    assert f'<p>First: <a href="{shown}" rel="noreferrer">{shown}</a></p>\n<p>Ask.</p>' in page


def test_the_text_to_send_instead_keeps_its_lines_and_stays_a_text() -> None:
    text = "Fix:\n\n```\n</pre><script>alert(1)</script>\n```\n\n  [PASSWORD]"
    notice = with_redacted(Notice("pg-1", "Stopped", "First.\n\nLast: pg-1."), text, CopyingWords())
    page = refuse_page(notice).body.decode()
    assert [line for line in page.splitlines() if line.startswith("<p>")] == [
        "<p>First.</p>",
        "<p>Last: pg-1.</p>",
        "<p>Your text with placeholders. You can send it instead:</p>",
    ]
    shown = re.findall(r'<pre dir="auto">(.*?)</pre>', page, re.DOTALL)
    assert [unescape(each) for each in shown] == [text]
    assert "<script>" not in page
