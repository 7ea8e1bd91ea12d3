"""The service behind the addon: start, changes of the configuration while running, and what is told of them."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from promptguard.audit.events import timestamp
from promptguard.configuration.publishing import shared_files
from promptguard.detectors.false_alarms import FalseAlarm, FalseAlarmState
from promptguard.errors import ConfigError, PromptGuardError
from promptguard.evidence.keys import public_pem
from promptguard.keys import Keys
from promptguard.model import Identity, Request
from promptguard.runtime import service as service_module
from promptguard.runtime.data_folder import DataFolder
from promptguard.runtime.publications import Publications
from promptguard.runtime.publishing import Signer, publish
from promptguard.runtime.service import Service
from promptguard.runtime.state import State, read_state
from promptguard.storage.sqlite.backend import SQLiteBackend

CONFIG = Path(__file__).parents[2] / "config"
BODY = b'{"messages":[{"role":"user","content":"Write to jane@orchard-lane.com"}]}'


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compiled patterns, so that only the first service compiles them."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder)
    (folder / "promptguard.yaml").write_text("names: {enabled: false}\n")
    return folder


@pytest.fixture
async def service(config: Path, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Service]:
    monkeypatch.setattr(service_module, "_REFRESH_SECONDS", 0.05)
    # It would freeze this test process's objects.
    monkeypatch.setattr(service_module.process_memory, "settle", lambda: None)
    data = tmp_path / "data"
    data.mkdir()
    (data / "cache").symlink_to(cache)
    running = Service(config, data)
    await running.start()
    yield running
    await running.stop()


def state(service: Service) -> State:
    found = read_state(service.folder.state)
    assert found is not None
    return found


async def until(service: Service, condition: Any) -> None:
    """Wait for the state file to say something."""
    async with asyncio.timeout(60):
        while not condition(state(service)):
            await asyncio.sleep(0.02)


async def action(service: Service) -> str:
    guard = await service.ready()
    destination = service.registry.find_host("api.openai.com")
    assert destination is not None
    request = Request("POST", "api.openai.com", "/v1/chat/completions", body=BODY)
    return str((await guard.inspect(request, Identity("ada", "p_ada"), destination)).decision.action)


async def test_a_good_change_is_taken_up_and_a_bad_one_is_not(service: Service, config: Path) -> None:
    assert state(service).whole and not state(service).problem
    assert await action(service) == "redact"
    policy = config / "policy.yaml"
    shipped = policy.read_text()
    blocking = shipped.replace("action: redact", "action: block").replace('version: "1"', 'version: "2"')
    assert blocking != shipped

    policy.write_text(blocking)
    await until(service, lambda now: now.policy_hash == service.bundle.policy.hash and now.policy_version != "1")
    assert await action(service) == "block"

    policy.write_text(blocking.replace("action: block", "action: blok", 1))
    await until(service, lambda now: now.problem)
    assert "policy.yaml" in state(service).problem and "blok" in state(service).problem
    assert await action(service) == "block"

    policy.write_text(shipped)
    await until(service, lambda now: not now.problem and now.policy_version == "1")
    assert await action(service) == "redact"


async def test_a_setting_that_needs_a_restart_is_told(service: Service, config: Path) -> None:
    settings = config / "promptguard.yaml"
    before = settings.read_text()
    settings.write_text(before + "body_limit_mb: 21\nnotices: {contact: The help desk}\n")
    await until(service, lambda now: now.problem)
    assert state(service).problem == "Changed, and in force only after a restart: body_limit_mb."
    settings.write_text(before)
    await until(service, lambda now: not now.problem)


async def test_a_mistake_in_a_recognizer_keeps_the_last_good_version_as_a_whole(service: Service, config: Path) -> None:
    (config / "recognizers" / "own.yaml").write_text("recognizers:\n  - name: Broken\n    dataclass: credentials\n")
    policy = config / "policy.yaml"
    policy.write_text(policy.read_text().replace('version: "1"', 'version: "2"'))
    await until(service, lambda now: now.problem)
    assert "own.yaml" in state(service).problem
    assert service.bundle.policy.version == state(service).policy_version == "1"


async def test_a_damaged_index_of_customers_is_told_and_hinders_nothing_else(service: Service, config: Path) -> None:
    (service.folder.path / "tenants.index").write_bytes(b"nonsense")
    await until(service, lambda now: "tenants.index" in now.problem)
    assert await action(service) == "redact"
    (service.folder.path / "tenants.index").unlink()


async def test_before_the_start_nobody_gets_a_guard(config: Path, tmp_path: Path) -> None:
    (config / "promptguard.yaml").write_text("deadlines: {start_s: 0.05}\n")
    waiting = Service(config, tmp_path / "data")
    loaded = asyncio.create_task(waiting.loaded())
    with pytest.raises(PromptGuardError, match=r"start\.pending"):
        await waiting.ready()
    assert not loaded.done()  # a start that lasts longer than requests wait
    waiting.failed(ConfigError("x.yaml", 1, "wrong", "right"))
    with pytest.raises(PromptGuardError, match=r"start\.failed"):
        await waiting.ready()
    assert not await loaded
    assert waiting.exit_status == 2


async def test_overdue_reviews_are_logged_at_the_start(
    config: Path, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    file = config / "destinations" / "local_models.yaml"
    file.write_text(re.sub(r"review_due: [\d-]+", "review_due: 2000-01-01", file.read_text()))
    monkeypatch.setattr(service_module.process_memory, "settle", lambda: None)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "cache").symlink_to(cache)
    running = Service(config, tmp_path / "data")
    await running.start()
    await running.stop()
    told = [record.getMessage() for record in caplog.records if "overdue" in record.getMessage()]
    assert len(told) == 1 and "ollama, lm-studio, gpt4all" in told[0]


async def test_what_reviewers_accept_counts_without_a_restart(service: Service) -> None:
    destination = service.registry.find_host("api.openai.com")
    assert destination is not None and service.guard is not None

    async def inspected() -> Any:
        request = Request("POST", "api.openai.com", "/v1/chat/completions", body=BODY)
        return await service.guard.inspect(request, Identity("ada", "p_ada"), destination)

    keys = Keys.load(service.folder.keys)
    with closing(SQLiteBackend.open(service.folder.at(service.settings.audit.path))) as backend:
        first = await inspected()
        (found,) = first.findings
        now, end = (timestamp(datetime.now(UTC) + timedelta(days=days)) for days in (0, 30))
        alarm = FalseAlarm(
            "al-1", found.fingerprint, found.entity_type, found.data_class, first.event.id, "ours", "a", "Ann", now, end
        )
        backend.false_alarms(keys).ask([alarm])
        assert (await inspected()).findings
        backend.false_alarms(keys).answer(
            "al-1", FalseAlarmState.ACCEPTED, by="b", name="Bob", now=timestamp(datetime.now(UTC))
        )
        async with asyncio.timeout(60):
            while (after := await inspected()).findings:
                await asyncio.sleep(0.05)
        assert after.event.ruleset_version != first.event.ruleset_version
        versions = backend.policy_versions(keys.configuration)
        events = (first.event, after.event)
        (decided,) = {versions.of_decision(e.policy_hash, e.ruleset_version, e.time) for e in events}
        assert decided is not None
        files = versions.files(decided.hash) or {}
        assert files["policy.yaml"] == (service.bundle.folder / "policy.yaml").read_text("utf-8")
        assert not any(name.startswith(("notices", "identities", "promptguard")) for name in files)
        assert [run.hash for run in versions.running("")] == [decided.hash]
        policy = service.bundle.folder / "policy.yaml"
        policy.write_text(
            policy.read_text("utf-8").replace('version: "1"', 'version: "2"\nfalse_alarms: {max_days: 3}')
        )
        async with asyncio.timeout(60):
            while len(versions.all()) < 2:
                await asyncio.sleep(0.05)
        assert [each.policy_name for each in versions.all()] == ["2", "1"]


async def test_what_another_process_of_the_machine_has_taken_up_is_in_force_here_too(
    config: Path, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several on one port, the quickest puts it into the folder: the others find nothing to take up any more."""
    monkeypatch.setattr(service_module.process_memory, "settle", lambda: None)
    key = Ed25519PrivateKey.generate()
    (config / "signer.pem").write_bytes(public_pem(key.public_key()))
    (config / "promptguard.yaml").write_text("names: {enabled: false}\nconfiguration: {signed_by: signer.pem}\n")
    data = tmp_path / "data"
    data.mkdir()
    (data / "cache").symlink_to(cache)
    service = Service(config, data)
    await service.start()
    try:
        assert service._published is not None and service._assembly is not None and service._upkeep is not None
        service._upkeep.cancel()  # it would do the same by itself, some time
        store = service._assembly.publications()
        files = shared_files(config)
        files["policy.yaml"] = files["policy.yaml"].replace(b'version: "1"', b'version: "2"')
        usual = service._published.take_up

        def late() -> bool:
            newest = store.newest()
            assert newest is not None
            Publications(config, DataFolder(data), [config / "signer.pem"]).take_up(newest, store, bool)
            return usual()

        monkeypatch.setattr(service._published, "take_up", late)
        publish(store, files, Signer("ann", key), "because")
        await service._take_up_publication()
        assert service.bundle.policy.version == "2"
    finally:
        await service.stop()
