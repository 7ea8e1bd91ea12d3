from pathlib import Path

import pytest

from promptguard.destinations.never_decrypt import NeverDecrypt, NeverDecryptEntry, NeverDecryptFile
from promptguard.errors import ConfigError
from promptguard.typed_yaml.reading import load

NEVER = NeverDecrypt(
    [
        NeverDecryptEntry(group="sign-in", reason="It is.", hosts=("login.example.com", "auth.*.example.net")),
        NeverDecryptEntry(group="bank", reason="It is.", hosts=("*.bank.example",)),
        NeverDecryptEntry(
            group="storage", reason="It is.", hosts=("*.storage.example", "our.storage.example"), unless_named=True
        ),
    ]
)


@pytest.mark.parametrize(
    ("host", "group", "forbidden"),
    [
        ("login.example.com", "sign-in", True),
        ("x.login.example.com", None, False),
        ("auth.eu.example.net", "sign-in", True),
        ("a.bank.example", "bank", True),
        ("a.b.bank.example", "bank", True),
        ("bank.example", None, False),
        ("their.storage.example", "storage", False),
        ("our.storage.example", "storage", True),
        ("*.example.com", None, False),
        ("*.bank.example", "bank", True),
        ("*.our.storage.example", "storage", True),
    ],
)
def test_groups(host: str, group: str | None, forbidden: bool) -> None:
    found = NEVER.find(host)
    assert (found.group if found else None) == group
    assert (NEVER.forbids(host) is not None) is forbidden


def test_a_host_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "never_decrypt.yaml"
    path.write_text("never_decrypt:\n  - {group: g, reason: R., hosts: [ok.example, 'https://no.example']}\n")
    with pytest.raises(ConfigError, match="is no host name") as caught:
        load(path, NeverDecryptFile)
    assert caught.value.line == 2
