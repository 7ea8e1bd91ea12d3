from __future__ import annotations

import pytest

from promptguard.configuration.parent_proxy import ParentProxy
from promptguard.configuration.parent_routes import ParentRoute
from promptguard.proxy.parents import Parents, specification

USUAL = ParentProxy("http", "usual.example", 3128, "ada:secret")
ROUTES = (
    ParentRoute(hosts=("api.openai.com",), proxy="https://ben:other@egress.example:8443"),
    ParentRoute(hosts=("*.internal.example",), proxy="direct"),
    ParentRoute(hosts=("*.openai.com",), proxy="direct"),
)


@pytest.mark.parametrize(
    ("host", "proxy"),
    [
        ("api.openai.com", "egress.example"),
        ("API.OpenAI.com.", "egress.example"),
        ("chat.openai.com", None),
        ("wiki.internal.example", None),
        ("example.com", "usual.example"),
        ("2001:db8::1", "usual.example"),
    ],
)
def test_which_proxy_leads_to_a_host(host: str, proxy: str | None) -> None:
    found = Parents(USUAL, ROUTES).of(host)
    assert (found and found.host) == proxy


def test_each_proxy_has_its_own_credentials() -> None:
    parents = Parents(USUAL, ROUTES)
    assert parents.first == USUAL
    assert parents.credentials_at(("usual.example", 3128)) == "ada:secret"
    assert parents.credentials_at(("egress.example", 8443)) == "ben:other"
    assert parents.credentials_at(("egress.example", 80)) == parents.credentials_at(None) == ""
    assert specification(parents.of("api.openai.com")) == ("https", ("egress.example", 8443))


def test_without_proxies_all_is_direct() -> None:
    parents = Parents(None, ROUTES[1:])
    assert parents.first is None and parents.of("example.com") is None and specification(None) is None
