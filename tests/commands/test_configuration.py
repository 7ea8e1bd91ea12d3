from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.commands.conftest import on
from tests.commands.inputs import CONFIG

from promptguard.cli import main
from promptguard.keys import Keys
from promptguard.runtime.policy_exchange import now
from promptguard.storage.sqlite.backend import SQLiteBackend

PASSPHRASE = "correct horse battery"

type Configuration = Callable[..., Result]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Configuration:
    """An installation with a record, and somebody who may publish."""
    own, data = tmp_path / "config", tmp_path / "data"
    shutil.copytree(CONFIG, own)
    Keys.load_or_create(data / "keys")
    SQLiteBackend.open(data / "promptguard.db").close()
    monkeypatch.setenv("PROMPTGUARD_SIGNING_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr("promptguard.commands.configuration._WAIT_SECONDS", 0.0)
    (own / "promptguard.yaml").write_text("configuration: {signed_by: ann.pub.pem}\n")
    made = CliRunner().invoke(main, ["configuration", "keygen", "--out", str(tmp_path / "ann.pem")])
    assert made.exit_code == 0, made.output
    (tmp_path / "ann.pub.pem").rename(own / "ann.pub.pem")
    run = on(own, data)

    def configuration(what: str, *arguments: str, key: str = "ann.pem") -> Result:
        signing = ("--key", str(tmp_path / key)) if what in ("publish", "rollback") else ()
        return run(f"configuration {what}", *signing, *arguments)

    return configuration


def test_from_publishing_to_going_back(installed: Configuration, tmp_path: Path) -> None:
    policy = tmp_path / "config" / "policy.yaml"
    first = policy.read_text()
    done = installed("publish", "--reason", "the first")
    assert (done.exit_code, done.output) == (
        0,
        "Version 1 is published.\nNo proxy runs that takes it up: each does so when it starts.\n",
    )
    policy.write_text(first.replace('version: "1"', 'version: "2"'))
    assert installed("publish", "--reason", "the second").exit_code == 0
    assert installed("rollback", "--reason", "it was wrong").exit_code == 0
    versions = json.loads(installed("history", "--format", "json").output)
    assert [(each["number"], each["reason"], each["restores"]) for each in versions] == [
        (3, "it was wrong", 1),
        (2, "the second", 0),
        (1, "the first", 0),
    ]
    assert versions[0]["hash"] == versions[2]["hash"] != versions[1]["hash"]
    told = installed("history").output.splitlines()
    assert told[0].endswith(": it was wrong (version 1 again)") and len(told) == 3


def test_proxies_that_do_not_run_it_are_named(installed: Configuration, tmp_path: Path) -> None:
    with closing(SQLiteBackend.open(tmp_path / "data" / "promptguard.db")) as backend:
        store = backend.publications(Keys.load(tmp_path / "data" / "keys").configuration)
        store.says("1", "one", taken=1, refused=0, now=now())
        store.says("2", "two", taken=0, refused=2, now=now())
    done = installed("publish", "--reason", "so")
    assert done.exit_code == 1
    assert "Version 2 is published.\n0 of 2 processes run it." in done.output, "numbers go on after those taken up"
    assert "one has not taken it up." in done.output and "two refused it" in done.output


@pytest.mark.parametrize(
    ("policy", "key", "why"),
    [("rules: 1\n", "ann.pem", "policy.yaml"), (None, "eve.pem", "none of configuration.signed_by")],
)
def test_what_is_not_published(
    installed: Configuration, tmp_path: Path, policy: str | None, key: str, why: str
) -> None:
    CliRunner().invoke(main, ["configuration", "keygen", "--out", str(tmp_path / "eve.pem")])
    if policy:
        (tmp_path / "config" / "policy.yaml").write_text(policy)
    done = installed("publish", "--reason", "so", key=key)
    assert done.exit_code == 2 and why in done.output
    assert "Nothing was published" in installed("history").output
