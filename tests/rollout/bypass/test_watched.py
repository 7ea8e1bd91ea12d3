from __future__ import annotations

import pytest
from tests.rollout.bypass.inputs import watched

from promptguard.rollout.bypass.watched import ENCRYPTED_DNS, WatchedHost


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("chatgpt.com", ("chatgpt", "chatgpt.com")),
        ("ChatGPT.com.", ("chatgpt", "chatgpt.com")),
        ("chatgpt.com:443", ("chatgpt", "chatgpt.com")),
        ("a-customers-name.openai.azure.com", ("azure-openai", "*.openai.azure.com")),
        ("dns.google", (ENCRYPTED_DNS, "dns.google")),
        ("mozilla.cloudflare-dns.com", (ENCRYPTED_DNS, "*.cloudflare-dns.com")),
        ("auth.openai.com", None),
        ("collab.zed.dev", None),
        ("www.example.com", None),
        ("", None),
        ("a." * 200 + "openai.azure.com", None),
        ("\x1b[31m.openai\x00", None),
    ],
)
def test_whose_a_host_is(host: str, found: WatchedHost | None) -> None:
    assert watched().find(host) == found
