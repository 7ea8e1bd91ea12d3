import pytest
from tests.review.incidents.senders.servers import http_server

from promptguard.review.incidents.senders.interface import PageNotSent
from promptguard.review.incidents.senders.web import post


@pytest.mark.parametrize(
    ("status", "headers", "after"),
    [(404, {}, 0), (429, {"retry-after": "60"}, 60), (503, {"retry-after": "soon"}, 0), (302, {"location": "/"}, 0)],
)
def test_what_is_no_success_is_tried_again(status: int, headers: dict[str, str], after: int) -> None:
    with http_server() as posts:
        posts.status, posts.headers = status, headers
        with pytest.raises(PageNotSent, match=f"HTTP {status}") as caught:
            post(posts.url, b"{}", {}, None)
    assert caught.value.retry_after == after
    assert len(posts.taken) == 1


def test_a_server_that_is_away_is_told_without_its_address(monkeypatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with http_server() as posts:
        post(posts.url, b"{}", {}, None)  # past any proxy
    with pytest.raises(PageNotSent) as caught:
        post(f"{posts.url}/secret", b"{}", {}, None)
    assert str(caught.value) == "Connection refused"
