from __future__ import annotations

import os
import re
import shutil
import socket
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from promptguard.authentication.accounts import DirectoryAway
from promptguard.authentication.directory import Directory
from promptguard.detectors.names.inference_server import checking
from promptguard.keys import Keys
from promptguard.rollout.ca import make_ca
from promptguard.rollout.doctor import CheckRow, examine
from promptguard.runtime.data_folder import DataFolder
from promptguard.storage.sqlite.backend import SQLiteBackend
from promptguard.storage.sqlite.database import open_database

CONFIG = Path(__file__).parents[2] / "config"


def rows_of(data: Path, subject: str, config: Path = CONFIG) -> list[CheckRow]:
    return [row for row in examine(config, data) if row.subject == subject]


def state(data: Path, port: int, **changes: object) -> None:
    members = {
        "listen": [f"127.0.0.1:{port}"],
        "whole": True,
        "policy_version": "1",
        "policy_hash": "a" * 64,
        "problem": "",
        **changes,
    }
    (data / "ready.json").write_bytes(orjson.dumps(members))


def certificate(data: Path, days: int) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=900))
        .not_valid_after(now + timedelta(days=days, hours=1))
        .sign(key, hashes.SHA256())
    )
    (data / "ca").mkdir()
    (data / "ca" / "promptguard-ca-cert.pem").write_bytes(made.public_bytes(Encoding.PEM))


@pytest.fixture
def listening() -> object:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    ("changes", "marks", "sentence"),
    [
        ({}, ["✓"], "in force"),
        ({"whole": False}, ["!"], "still loading"),
        ({"problem": "policy.yaml:3: wrong"}, ["✗", "✓"], "policy.yaml:3: wrong"),
    ],
)
def test_a_running_proxy(
    tmp_path: Path, listening: int, changes: dict[str, object], marks: list[str], sentence: str
) -> None:
    state(tmp_path, listening, **changes)
    rows = rows_of(tmp_path, "proxy")
    assert [row.mark for row in rows] == marks
    assert sentence in rows[0].sentence


def test_a_mistake_is_told_once(tmp_path: Path, listening: int) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    (config / "policy.yaml").write_text("rules: []\n")
    (mistake,) = rows_of(tmp_path, "configuration", config)
    state(tmp_path, listening, problem=f"The last good configuration stays in force. {mistake.sentence}")
    first, second = rows_of(tmp_path, "proxy", config)
    assert not mistake.ok and not first.ok and second.ok
    assert first.sentence == "The last good configuration stays in force. The mistake is told above."


def test_a_proxy_that_is_gone(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    state(tmp_path, port)
    (row,) = rows_of(tmp_path, "proxy")
    assert not row.ok and "nothing answers" in row.sentence


@pytest.mark.parametrize(("days", "mark"), [(700, "✓"), (30, "!"), (-1, "✗")])
def test_a_certificate_and_its_end(tmp_path: Path, days: int, mark: str) -> None:
    certificate(tmp_path, days)
    assert rows_of(tmp_path, "certificate")[0].mark == mark


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_a_key_that_others_can_read(tmp_path: Path) -> None:
    Keys.load_or_create(tmp_path / "keys")
    assert rows_of(tmp_path, "keys")[0].ok
    (tmp_path / "keys" / "master.key").chmod(0o644)
    assert any("chmod 600" in row.sentence for row in examine(CONFIG, tmp_path) if not row.ok)


def test_a_mistake_in_the_configuration_hides_nothing_else(tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    (config / "promptguard.yaml").write_text("listn: 127.0.0.1:1\n")
    (row,) = rows_of(tmp_path, "configuration", config)
    assert not row.ok and "promptguard.yaml:1" in row.sentence and "listen" in row.sentence
    assert rows_of(tmp_path, "disk", config)


def test_quick_leaves_the_record_out(tmp_path: Path) -> None:
    Keys.load_or_create(tmp_path / "keys")
    open_database(tmp_path / "promptguard.db").close()
    (row,) = rows_of(tmp_path, "record")
    assert row.ok and row.sentence == f"Nothing is recorded yet. ({tmp_path / 'promptguard.db'})"
    assert "record" not in {row.subject for row in examine(CONFIG, tmp_path, quick=True)}


@pytest.mark.parametrize("quick", [False, True])
def test_a_record_that_is_gone_is_told_and_that_the_proxy_refuses(
    tmp_path: Path, listening: int, *, quick: bool
) -> None:
    state(tmp_path, listening)
    Keys.load_or_create(tmp_path / "keys").folder.joinpath("audit.head").write_text("{}")
    rows = {row.subject: row for row in examine(CONFIG, tmp_path, quick=quick)}
    assert not rows["record"].ok and "is gone" in rows["record"].sentence
    assert not rows["proxy"].ok and "refuses" in rows["proxy"].sentence


def test_without_never_decrypt_it_is_told_what_follows(tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    assert rows_of(tmp_path, "never decrypted", config) == []
    (config / "never_decrypt.yaml").unlink()
    (row,) = rows_of(tmp_path, "never decrypted", config)
    assert (row.ok, row.mark) == (True, "!")


def test_overdue_reviews_are_told_in_one_line(tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    files = {path.stem: path for path in (config / "destinations").iterdir()}

    def due(day: str, *names: str) -> None:
        for name in names:
            files[name].write_text(re.sub(r"review_due: [\d-]+", f"review_due: {day}", files[name].read_text()))

    due("2999-12-31", *files)
    assert rows_of(tmp_path, "reviews", config) == []
    due("2026-01-01", "mcp", "writing")
    (row,) = rows_of(tmp_path, "reviews", config)
    assert (row.ok, row.mark) == (True, "!")
    assert (
        "42 reviews of AI services are overdue: mcp-airtable, mcp-asana, " in row.sentence
        and " and 37 more" in row.sentence
    )
    (config / "promptguard.yaml").write_text("database: {url: postgresql://nobody@127.0.0.1:1/none}\n")
    subjects = {row.subject for row in examine(config, tmp_path, quick=True)}
    assert "configuration" in subjects
    assert subjects.isdisjoint({"reviews", "orders"}), "a server would know whether they were decided on"


def test_a_record_that_the_running_proxy_has_on_a_server(tmp_path: Path) -> None:
    state(tmp_path, 1, pid=os.getppid(), on_server=True)
    (row,) = rows_of(tmp_path, "record")
    assert row.mark == "!"
    assert "Set PROMPTGUARD_DATABASE" in row.sentence


def test_services_that_the_ca_may_not_sign(tmp_path: Path) -> None:
    make_ca(DataFolder(tmp_path), ["openai.com"])
    told = [row for row in rows_of(tmp_path, "certificate") if not row.ok]
    assert len(told) == 1 and "other hosts, and clients refuse them" in told[0].sentence
    shutil.rmtree(tmp_path / "ca")
    make_ca(DataFolder(tmp_path))
    assert all(row.ok for row in rows_of(tmp_path, "certificate"))


def test_monitor_mode_is_told(tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    policy = config / "policy.yaml"
    assert rows_of(tmp_path, "mode", config) == []
    policy.write_text(policy.read_text().replace("mode: enforce", "mode: monitor"))
    (row,) = rows_of(tmp_path, "mode", config)
    assert row.ok and row.mark == "!" and "nothing is stopped" in row.sentence


@pytest.mark.parametrize(
    ("answer", "ok", "said"),
    [
        (("ldaps://dc1.example:636", True), True, "shows users"),
        (("ldaps://dc1.example:636", False), False, "nobody can sign in"),
        (DirectoryAway("ldaps://dc1.example: no connection"), False, "no connection"),
    ],
)
def test_a_directory_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: object, ok: bool, said: str
) -> None:
    def asked(self: Directory) -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(Directory, "server_with_users", asked)
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    settings = "identity: {ldap: {urls: [ldaps://dc1.example], base: DC=example}}\n"
    (config / "promptguard.yaml").write_text(settings)
    (row,) = rows_of(tmp_path, "directory", config)
    assert row.ok is ok and said in row.sentence
    assert not any(row.subject == "directory" for row in examine(config, tmp_path, quick=True))


@pytest.fixture
def with_names_server(tmp_path: Path) -> Path:
    """A configuration whose names server nobody runs."""
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    settings = f"names:\n  model: rampart\n  server:\n    url: http://127.0.0.1:{port}\n"
    (config / "promptguard.yaml").write_text(settings, "utf-8")
    return config


@pytest.mark.parametrize(
    ("fallback", "meanwhile"), [("local", "names workers judge themselves"), ("refuse", "requests are stopped")]
)
def test_a_names_server_that_does_not_answer(
    tmp_path: Path, with_names_server: Path, fallback: str, meanwhile: str
) -> None:
    with (with_names_server / "promptguard.yaml").open("a", encoding="utf-8") as file:
        file.write(f"    fallback: {fallback}\n")
    (row,) = rows_of(tmp_path, "names server", with_names_server)
    assert not row.ok
    assert "unreachable" in row.sentence
    assert meanwhile in row.sentence


def test_a_names_server_that_answers(tmp_path: Path, with_names_server: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "check_server", lambda _: 12.4)
    (row,) = rows_of(tmp_path, "names server", with_names_server)
    assert row.ok
    assert row.sentence.endswith("runs promptguard-names with this version's weights, and answers in 12 ms")


def test_what_people_decided_is_told_where_it_is_in_doubt(tmp_path: Path) -> None:
    assert rows_of(tmp_path, "orders") == []
    keys = Keys.load_or_create(tmp_path / "keys")
    with closing(SQLiteBackend.open(tmp_path / "promptguard.db")) as backend:
        orders = backend.orders(keys)
        orders.note()
        assert [row.ok for row in rows_of(tmp_path, "orders")] == [True]
        orders.restored()
    (row,) = rows_of(tmp_path, "orders")
    assert not row.ok and "`promptguard orders check`" in row.sentence
    assert not any(row.subject == "orders" for row in examine(CONFIG, tmp_path, quick=True))
