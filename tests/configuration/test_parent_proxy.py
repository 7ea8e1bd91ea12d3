from __future__ import annotations

import re

import pytest

from promptguard.configuration.parent_proxy import parse_parent_proxy


@pytest.mark.parametrize(
    ("text", "url", "credentials"),
    [
        ("http://proxy.example:3128", "http://proxy.example:3128", ""),
        ("https://Proxy.example/", "https://proxy.example:443", ""),
        ("http://127.0.0.1:3128", "http://127.0.0.1:3128", ""),
        ("http://[::1]:3128", "http://[::1]:3128", ""),
        ("http://ada:p%3Aa%40ss@proxy.example:8080", "http://proxy.example:8080", "ada:p:a@ss"),
        ("http://CORP%5Cada@proxy.example", "http://proxy.example:80", "CORP\\ada:"),
    ],
)
def test_addresses_with_and_without_credentials(text: str, url: str, credentials: str) -> None:
    parent = parse_parent_proxy(text)
    assert (parent.url, parent.credentials) == (url, credentials)
    assert not credentials or credentials not in repr(parent)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "proxy.example:3128",
        "socks5://proxy.example",
        "http://",
        "http://p:99999",
        "http://p/x",
        "http://p:1?a=sesame",
    ],
)
def test_what_is_none_is_not_quoted(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape("such as http://proxy.example:3128")) as caught:
        parse_parent_proxy(text)
    assert "sesame" not in str(caught.value)
