"""Which header fields a person's request is given, and which requests are for somebody else's account."""

from __future__ import annotations

import pytest

from promptguard.destinations.workspaces import Provider, Workspace, Workspaces
from promptguard.model import Request

OURS = "550e8400-e29b-41d4-a716-446655440000"
OTHER = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"
OPENAI = "ChatGPT-Allowed-Workspace-Id"

WORKSPACES = Workspaces(
    [
        Workspace(Provider.OPENAI, (OTHER,), frozenset({"research"})),
        Workspace(Provider.OPENAI, (OURS, OTHER)),
        Workspace(Provider.ANTHROPIC, (OURS,), frozenset({"engineering"})),
        Workspace(Provider.GOOGLE, ("example.com", "example.org")),
        Workspace(Provider.MICROSOFT, ("example.com",), directory=OURS, block_personal=True),
    ]
)
MICROSOFT = {"Restrict-Access-To-Tenants": "example.com", "Restrict-Access-Context": OURS}


@pytest.mark.parametrize(
    ("host", "groups", "fields"),
    [
        ("chatgpt.com", (), {OPENAI: f"{OURS},{OTHER}"}),
        ("ChatGPT.com.", (), {OPENAI: f"{OURS},{OTHER}"}),
        ("ws.chatgpt.com", (), {OPENAI: f"{OURS},{OTHER}"}),
        ("chatgpt.com", ("research", "engineering"), {OPENAI: OTHER}),
        ("notchatgpt.com", (), {}),
        ("claude.ai", (), {}),
        ("claude.ai", ("engineering",), {"anthropic-allowed-org-ids": OURS}),
        ("api.anthropic.com", ("engineering",), {"anthropic-allowed-org-ids": OURS}),
        ("accounts.google.com", (), {"X-GoogApps-Allowed-Domains": "example.com,example.org"}),
        ("gemini.google.com", (), {"X-GoogApps-Allowed-Domains": "example.com,example.org"}),
        ("login.microsoftonline.com", (), MICROSOFT),
        ("login.windows.net", (), MICROSOFT),
        ("login.live.com", (), {"sec-Restrict-Tenant-Access-Policy": "restrict-msa"}),
        ("other.example", ("engineering",), {}),
    ],
)
def test_what_a_request_is_given(host: str, groups: tuple[str, ...], fields: dict[str, str]) -> None:
    assert WORKSPACES.fields(host, groups) == fields


def test_only_sign_ins_are_decrypted_for_it_alone() -> None:
    assert WORKSPACES.sign_in_hosts == (
        "accounts.google.com",
        "login.microsoftonline.com",
        "login.microsoft.com",
        "login.windows.net",
        "login.live.com",
    )
    assert WORKSPACES.is_sign_in("LOGIN.live.com.")
    assert not WORKSPACES.is_sign_in("chatgpt.com")
    assert not Workspaces().is_sign_in("login.live.com")


@pytest.mark.parametrize(
    ("host", "path", "headers", "groups", "other"),
    [
        ("chatgpt.com", "/backend-api/f/conversation", {}, (), False),
        ("chatgpt.com", "/backend-api/f/conversation", {"chatgpt-account-id": OURS}, (), False),
        ("chatgpt.com", "/backend-api/f/conversation", {"chatgpt-account-id": OURS.upper()}, (), False),
        ("chatgpt.com", "/backend-api/f/conversation", {"chatgpt-account-id": OURS}, ("research",), True),
        ("chatgpt.com", "/backend-api/f/conversation", {"chatgpt-account-id": OTHER[::-1]}, (), False),
        ("chatgpt.com", "/backend-api/f/conversation", {"chatgpt-account-id": OURS.replace("0", "1")}, (), True),
        ("chatgpt.com", "/backend-api/f/conversation", {"chatgpt-account-id": f"{OURS}, {OURS}"}, (), False),
        (
            "chatgpt.com",
            "/backend-api/f/conversation",
            {"chatgpt-account-id": f"{OURS}, {OURS.replace('0', '1')}"},
            (),
            True,
        ),
        ("chatgpt.com", "/backend-anon/conversation", {}, (), True),
        ("claude.ai", f"/api/organizations/{OURS}/chat_conversations", {}, ("engineering",), False),
        ("claude.ai", f"/api/organizations/{OTHER}/chat_conversations", {}, ("engineering",), True),
        ("claude.ai", f"/api/organizations/{OTHER}", {}, ("engineering",), True),
        ("claude.ai", f"/api/organizations/{OTHER}/chat_conversations", {}, (), False),
        ("claude.ai", "/api/account", {}, ("engineering",), False),
        ("other.example", f"/api/organizations/{OTHER}/x", {"chatgpt-account-id": OTHER}, ("engineering",), False),
    ],
)
def test_whose_account_it_is(
    host: str, path: str, headers: dict[str, str], groups: tuple[str, ...], *, other: bool
) -> None:
    request = Request("POST", host, path, headers=headers)
    assert WORKSPACES.is_other_account(request, groups) is other
    assert not Workspaces().is_other_account(request, groups)
