import pytest

from promptguard.model import Notice, Request
from promptguard.notices.page import refuse_page, wants_page


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
