"""Evidence of real requests: what is kept, what of it the server can read, and what happens where it cannot be kept."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from promptguard.audit.interface import RecordingFailed
from promptguard.audit.retention.holds import Hold, new_hold_id, putting_on
from promptguard.configuration.bundle import load_bundle
from promptguard.errors import ConfigError, StorageError
from promptguard.evidence.keys import encrypted_pem, public_pem
from promptguard.evidence.opening import NotOpened, open_evidence
from promptguard.evidence.sealing import key_name
from promptguard.keys import MASTER_FILE, Keys, derive
from promptguard.model import Identity, Request, Verdict
from promptguard.runtime.assembly import Assembly, assemble
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.evidence import DAY, forget_evidence
from promptguard.runtime.record import open_record

SHIPPED = Path(__file__).parents[2] / "config"
KEY = X25519PrivateKey.generate()
PASSWORD = "Tr0ub4dor" + "&3xyz"
MAIL = "jane.roe" + "@acme-corp.org"


class Company:
    """A configuration, a data folder, and a proxy without its network."""

    def __init__(self, folder: Path, settings: str) -> None:
        self.config, self.data = folder / "config", folder / "data"
        shutil.copytree(SHIPPED, self.config)
        (self.config / "evidence.pem").write_bytes(public_pem(KEY.public_key()))
        (self.config / "promptguard.yaml").write_text(f"names: {{enabled: false}}\nevidence: {settings}\n")
        self.keys = Keys.load_or_create(DataFolder(self.data).keys)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Assembly]:
        assembly = assemble(load_bundle(self.config), self.keys, self.data)
        await assembly.start()
        try:
            yield assembly
        finally:
            await assembly.stop()

    def files(self) -> Iterator[bytes]:
        """The content of all files of the server's."""
        for folder in (self.config, self.data):
            yield from (path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def send(assembly: Assembly, text: str) -> Verdict:
    destination = assembly.guard.rules.registry.find_host("api.openai.com")
    assert destination is not None
    body = b'{"messages":[{"role":"user","content":"%s"}]}' % text.encode()
    headers = {"content-type": "application/json"}
    request = Request("POST", "api.openai.com", "/v1/chat/completions", headers=headers, body=body)
    return await assembly.guard.inspect(request, Identity("ada", "p_ada"), destination)


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path, "{public_keys: evidence.pem}")


async def test_what_was_found_is_kept_sealed_and_named_in_the_record(company: Company) -> None:
    async with company.open() as assembly:
        verdict = await send(assembly, f"for {MAIL}: my password is {PASSWORD}, thanks")
        sealed = assembly._backend.evidence().find(verdict.event.id)
    with open_record(company.config, company.data) as reader:
        recorded = reader.show(verdict.event.id)
    assert sealed is not None
    assert recorded is not None
    assert hashlib.sha256(sealed).hexdigest() == verdict.event.evidence
    assert verdict.event.evidence in recorded
    opened = open_evidence(sealed, KEY)
    assert opened.decision == verdict.event.id
    found = {each.found: (each.before, each.after) for each in opened.excerpts}
    assert found[PASSWORD] == (f"for {MAIL}: my password is ", ", thanks")
    assert MAIL in found


async def test_nothing_that_the_server_has_opens_it(company: Company) -> None:
    async with company.open() as assembly:
        verdict = await send(assembly, f"my password is {PASSWORD}, thanks")
        sealed = assembly._backend.evidence().find(verdict.event.id)
    assert sealed is not None
    assert all(PASSWORD.encode() not in content for content in company.files())
    master = (company.keys.folder / MASTER_FILE).read_bytes()
    derived = [getattr(company.keys, name) for name in Keys.__slots__ if not name.startswith("_") and name != "folder"]
    purposes = ["evidence", "hpke", "promptguard/evidence/v1", *Keys.__slots__]
    secrets = [*derived, *(derive(master, purpose) for purpose in purposes)]
    small = [content for content in company.files() if len(content) < 4096]
    texts = re.findall(rb"[A-Za-z0-9+/=]{43,}", b"\n".join([*small, sealed]))
    for content in [*small, *(base64.b64decode(each[: len(each) // 4 * 4]) for each in texts)]:
        secrets += [content[at : at + 32] for at in range(len(content) - 31)]
    keys = [X25519PrivateKey.from_private_bytes(secret) for secret in set(secrets) if len(secret) == 32]
    assert len(keys) > 500
    ours = key_name(KEY.public_key())
    assert [key for key in keys if key_name(key.public_key()) == ours] == []
    renamed = [sealed.replace(ours.encode(), key_name(key.public_key()).encode()) for key in keys]
    for key, file in zip(keys, renamed, strict=True):
        with pytest.raises(NotOpened):
            open_evidence(file, key)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ("{}", f"my password is {PASSWORD}"),
        ("{public_keys: evidence.pem}", "what is a prime number?"),
        ("{public_keys: evidence.pem, classes: tenant_data}", f"my password is {PASSWORD}"),
        ("{public_keys: evidence.pem, actions: notify}", f"my password is {PASSWORD}"),
    ],
)
async def test_none_is_kept_where_none_is_wanted(tmp_path: Path, settings: str, text: str) -> None:
    company = Company(tmp_path, settings)
    async with company.open() as assembly:
        verdict = await send(assembly, text)
        assert verdict.event.evidence == ""
        assert assembly._backend.evidence().find(verdict.event.id) is None


async def test_around_it_what_is_no_evidence_is_masked(tmp_path: Path) -> None:
    company = Company(tmp_path, "{public_keys: evidence.pem, classes: credentials, window_bytes: 40}")
    async with company.open() as assembly:
        verdict = await send(assembly, f"for {MAIL}: my password is {PASSWORD}, thanks")
        sealed = assembly._backend.evidence().find(verdict.event.id)
    assert sealed is not None
    (only,) = open_evidence(sealed, KEY).excerpts
    assert only.before == " [EMAIL_ADDRESS]: my password is "


async def test_of_very_many_findings_the_rest_is_counted(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("promptguard.inspection.evidence.MAX_EXCERPTS", 1)
    async with company.open() as assembly:
        verdict = await send(assembly, f"for {MAIL}: my password is {PASSWORD}, thanks")
        sealed = assembly._backend.evidence().find(verdict.event.id)
    assert sealed is not None
    opened = open_evidence(sealed, KEY)
    assert [each.found for each in opened.excerpts] == [PASSWORD]  # the strictest
    assert opened.left_out == len(verdict.findings) - 1


async def test_no_decision_goes_on_without_its_evidence(company: Company) -> None:
    class Full:
        def add(self, decision_id: str, sealed: bytes, expires: int) -> None:
            raise StorageError("a.db", "The disk is full.", "Make room.")

    async with company.open() as assembly:
        assert assembly.guard.evidence is not None
        assembly.guard.evidence._store = Full()
        with pytest.raises(RecordingFailed, match="evidence of a decision could not be kept"):
            await send(assembly, f"my password is {PASSWORD}")
        assert assembly._backend.audit_store().last(1) == []
        assert (await send(assembly, "what is a prime number?")).answer is None


@pytest.mark.parametrize(
    ("hold", "kept"),
    [
        (None, False),
        ({"decisions": True}, True),
        ({"destination": "openai-api"}, True),
        ({"destination": "another"}, False),
    ],
)
async def test_evidence_expires_unless_its_decision_is_held(company: Company, hold, *, kept: bool) -> None:
    async with company.open() as assembly:
        verdict = await send(assembly, f"my password is {PASSWORD}")
        if hold:
            what = {"decisions": (verdict.event.id,)} if "decisions" in hold else hold
            await assembly._recorder.state(putting_on(Hold(new_hold_id(), "Ann", "a lawsuit", **what)))
        backend, now = assembly._backend, int(time.time())
        forget_evidence(backend, company.keys, now + 14 * DAY - 60)
        assert backend.evidence().find(verdict.event.id)
        forget_evidence(backend, company.keys, now + 14 * DAY + 60)
        assert (backend.evidence().find(verdict.event.id) is not None) is kept


@pytest.mark.parametrize("place", ["config/recognizers/old.txt", "data/keys/evidence.pem", "data/notes"])
def test_a_private_key_where_the_proxy_is_is_a_mistake_that_is_explained(company: Company, place: str) -> None:
    (company.config.parent / place).write_bytes(encrypted_pem(KEY, "correct horse battery"))
    with pytest.raises(ConfigError, match="may be, the private key that opens evidence") as raised:
        assemble(load_bundle(company.config), company.keys, company.data)
    assert "where no proxy is" in str(raised.value)
