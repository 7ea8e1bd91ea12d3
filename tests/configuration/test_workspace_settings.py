"""What may stand under `workspaces`, and what is said of what may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from promptguard.configuration.settings import Settings
from promptguard.destinations.workspaces import Provider, Workspace
from promptguard.errors import ConfigError
from promptguard.typed_yaml.reading import load

ID = "550e8400-e29b-41d4-a716-446655440000"


def read(folder: Path, text: str) -> Settings:
    path = folder / "promptguard.yaml"
    path.write_text(f"workspaces:\n  - {text}\n")
    return load(path, Settings)


@pytest.mark.parametrize(
    ("text", "workspace"),
    [
        (f"{{provider: openai, allowed: {ID}}}", Workspace(Provider.OPENAI, (ID,))),
        (
            f"{{provider: anthropic, allowed: [{ID}], groups: sales}}",
            Workspace(Provider.ANTHROPIC, (ID,), frozenset({"sales"})),
        ),
        (
            "{provider: google, allowed: [example.com], decrypt_sign_in: true}",
            Workspace(Provider.GOOGLE, ("example.com",)),
        ),
        (
            f"{{provider: microsoft, allowed: [example.com, {ID}], directory: {ID}, block_personal: true, "
            "decrypt_sign_in: true}",
            Workspace(Provider.MICROSOFT, ("example.com", ID), frozenset(), ID, True),
        ),
    ],
)
def test_what_may_stand_there(tmp_path: Path, text: str, workspace: Workspace) -> None:
    (entry,) = read(tmp_path, text).workspaces
    assert entry.workspace() == workspace


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{provider: openai, allowed: example.com}", "‘example.com’ names no workspace of openai"),
        ("{provider: openai, allowed: []}", "allowed"),
        (f"{{provider: google, allowed: {ID}, decrypt_sign_in: true}}", "names no workspace of google"),
        ("{provider: google, allowed: example.com}", "Write `decrypt_sign_in: true`, if accounts.google.com may be"),
        (f"{{provider: openai, allowed: {ID}, decrypt_sign_in: true}}", "Take out `decrypt_sign_in`"),
        (f"{{provider: openai, allowed: {ID}, directory: {ID}}}", "Take out `directory`"),
        ("{provider: microsoft, allowed: example.com, decrypt_sign_in: true}", "which directory sets the restriction"),
        (f"{{provider: other, allowed: {ID}}}", "provider"),
    ],
)
def test_what_is_said_of_a_mistake(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert told in str(caught.value)
    assert str(tmp_path / "promptguard.yaml") in str(caught.value)
