from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from promptguard.configuration.parent_routes import ParentRoute


@pytest.mark.parametrize(
    ("host", "covered"),
    [
        ("api.openai.com", True),
        ("x.api.openai.com", False),
        ("internal.example", False),
        ("wiki.internal.example", True),
        ("a.b.internal.example", True),
        ("notinternal.example", False),
    ],
)
def test_which_hosts_it_is_about(host: str, covered: bool) -> None:
    route = ParentRoute(hosts=("api.openai.com", "*.internal.example"), proxy="direct")
    assert route.covers(host) is covered


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"hosts": [], "proxy": "direct"}, "at least 1"),
        ({"hosts": "API.openai.com", "proxy": "direct"}, "is no host"),
        ({"hosts": "api.openai.com", "proxy": "none"}, "write a proxy's address"),
    ],
)
def test_mistakes(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        ParentRoute.model_validate(given, strict=False)
