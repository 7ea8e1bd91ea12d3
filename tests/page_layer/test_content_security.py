from __future__ import annotations

import pytest

from promptguard.page_layer.content_security import extended, may_ask

OURS = "'sha256-b3Vycw=='"


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        # Extended: what governs inline scripts, and that only.
        ("script-src 'self'", f"script-src 'self' {OURS}"),
        ("default-src 'self'; img-src *", f"default-src 'self'; img-src *; script-src-elem 'self' {OURS}"),
        ("default-src 'self'; script-src 'nonce-a'", f"default-src 'self'; script-src 'nonce-a' {OURS}"),
        ("script-src 'self'; script-src-elem https:", f"script-src 'self'; script-src-elem https: {OURS}"),
        ("script-src 'none'", f"script-src {OURS}"),
        ("default-src 'NONE';img-src *", f"default-src 'NONE';img-src *; script-src-elem {OURS}"),
        ("script-src", f"script-src {OURS}"),
        ("script-src 'strict-dynamic' 'unsafe-inline'", f"script-src 'strict-dynamic' 'unsafe-inline' {OURS}"),
        ("script-src 'unsafe-inline' 'nonce-a'", f"script-src 'unsafe-inline' 'nonce-a' {OURS}"),
        ("script-src 'unsafe-inline' 'sha256-YQ=='", f"script-src 'unsafe-inline' 'sha256-YQ==' {OURS}"),
        ("SCRIPT-SRC 'self'; script-src 'none'", f"SCRIPT-SRC 'self' {OURS}; script-src 'none'"),
        ("script-src a.example, script-src 'self'", f"script-src a.example {OURS}, script-src 'self' {OURS}"),
        ("script-src 'self'; require-trusted-types-for 'script'",
         f"script-src 'self' {OURS}; require-trusted-types-for 'script'"),
        # Left as they are: nothing in them would stop the script, and a hash would stop the page's own.
        ("script-src 'self' 'unsafe-inline'", None),
        ("default-src * 'Unsafe-Inline'", None),
        ("frame-ancestors 'self'; img-src 'none'", None),
        (f"script-src {OURS}", None),
        ("sandbox allow-scripts allow-same-origin", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_policy_lets_the_script_through_and_nothing_else(policy: str, expected: str | None) -> None:
    assert extended([policy], OURS) == [policy if expected is None else expected]


@pytest.mark.parametrize("policy", ["sandbox", "script-src *; sandbox allow-scripts", "img-src *, sandbox allow-forms"])
def test_what_shuts_the_page_in_is_left_alone(policy: str) -> None:
    assert extended(["script-src 'self'", policy], OURS) is None


def test_without_policies_there_is_nothing_to_extend() -> None:
    assert extended([], OURS) == []


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ([], True),
        (["script-src 'none'"], True),
        (["connect-src 'self' https://a.example"], True),
        (["default-src 'none'; connect-src https:"], True),
        (["default-src 'self'"], True),
        (["connect-src https://a.example"], False),
        (["default-src 'none'"], False),
        (["connect-src *, connect-src wss:"], False),
        (["connect-src *", "connect-src 'none'"], False),
    ],
)
def test_whether_the_page_may_ask_its_own_origin(policies: list[str], expected: bool) -> None:
    assert may_ask(policies) is expected
