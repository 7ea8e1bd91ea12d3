from __future__ import annotations

import pytest

from promptguard.installation.migrations.interface import Conflict
from promptguard.installation.migrations.m0001_console_address import ConsoleAddress
from promptguard.typed_yaml.editing import YamlText


def migrated(before: str) -> tuple[str, int]:
    text = YamlText(before)
    done = ConsoleAddress().apply("promptguard.yaml", text, lambda path: None)
    return text.text, len(done)


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        (
            "console:\n  staff_address: https://guard.example  # ours\n  enabled: true\n",
            "console:\n  enabled: true\n  url: https://guard.example\n",
            1,
        ),
        (
            "console:\n  # Sign-on.\n  oidc: {console_url: 'https://a', issuer: b}\n",
            "console:\n  # Sign-on.\n  oidc: {issuer: b}\n  url: 'https://a'\n",
            1,
        ),
        ("console: {staff_address: https://a, oidc: {console_url: https://a/}}\n", "console: {url: https://a/}\n", 2),
        ("console: {staff_address: https://a, url: https://a}\n", "console: {url: https://a}\n", 1),
        ("console: {url: https://a}\n", "console: {url: https://a}\n", 0),
        ("listen: 127.0.0.1:8080\n", "listen: 127.0.0.1:8080\n", 0),
        ("", "", 0),
    ],
)
def test_the_address_is_in_one_place(before: str, after: str, changes: int) -> None:
    assert migrated(before) == (after, changes)
    assert migrated(after) == (after, 0), "once more changes nothing"


@pytest.mark.parametrize(
    "text",
    [
        "console: {staff_address: https://a, url: https://b}",
        "console: {staff_address: https://a, oidc: {console_url: https://b}}",
    ],
)
def test_of_two_addresses_a_person_says_which(text: str) -> None:
    with pytest.raises(Conflict, match="https://a"):
        migrated(text)
