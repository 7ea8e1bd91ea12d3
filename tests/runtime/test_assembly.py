from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.detectors.fingerprints.registering import Fingerprinter
from promptguard.detectors.fingerprints.scheme import DOCUMENTS, SOURCES
from promptguard.detectors.fingerprints.store import Details, FingerprintStore, IndexEntry
from promptguard.errors import PromptGuardError
from promptguard.keys import Keys
from promptguard.model import Identity, Request
from promptguard.runtime.assembly import assemble

CONFIG = Path(__file__).parents[2] / "config"
OWN = """
recognizers:
  - name: TicketNumber
    supported_entity: TICKET
    data_class: confidential_records
    patterns:
      - {name: Ticket, regex: '\\bTKT-\\d{6}\\b', score: 0.9}
    examples: {match: ['TKT-123456'], no_match: ['TKT-1']}
"""


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    (config / "promptguard.yaml").write_text("names: {enabled: false}\n")
    return load_bundle(config)


async def test_a_companys_own_recognizer_drops_in_while_running(bundle: Bundle, tmp_path: Path) -> None:
    assembly = assemble(bundle, Keys.load_or_create(tmp_path / "keys"), tmp_path / "data")
    await assembly.start()
    destination = bundle.registry.find_host("api.openai.com")
    assert destination is not None

    async def found() -> list[str]:
        body = b'{"messages":[{"role":"user","content":"About TKT-481516 again"}]}'
        request = Request("POST", "api.openai.com", "/v1/chat/completions", body=body)
        verdict = await assembly.guard.inspect(request, Identity("ada", "p_ada"), destination)
        return [finding.entity_type for finding in verdict.findings]

    assert await found() == []
    version = assembly.guard.scanner.version
    (bundle.recognizers_folder / "own.yaml").write_text(OWN)
    await assembly.reload(load_bundle(bundle.folder))
    assert await found() == ["TICKET"]
    assert assembly.guard.scanner.version != version
    await assembly.stop()


async def test_indexes_are_taken_up_while_running(bundle: Bundle, tmp_path: Path) -> None:
    keys = Keys.load_or_create(tmp_path / "keys")
    assembly = assemble(bundle, keys, tmp_path / "data")
    await assembly.start()
    assert await assembly.reload_indexes() == ([], [])
    text = " ".join(
        f"Clause {number} is about sheep, rain and the price of {number * 7} bricks." for number in range(20)
    )
    for scheme, key in ((DOCUMENTS, keys.documents), (SOURCES, keys.sources)):
        details = Details("clauses", scheme.data_class, "2026-01-31T08:00:00Z", len(text))
        index = tmp_path / "data" / f"{scheme.id}.index"
        FingerprintStore(index, key, scheme).put([IndexEntry(details, Fingerprinter(scheme, key)(text))])
    assert await assembly.reload_indexes() == (["documents", "source code"], [])
    found = await assembly.guard.scanner.scan_text(text[:300])
    assert {match.subject for match in found} == {"clauses"}
    (tmp_path / "data" / "documents.index").write_bytes(b"rubbish")
    taken, [problem] = await assembly.reload_indexes()
    assert taken == []
    assert "The last index of documents stays in force" in problem and "documents.index" in problem
    assert await assembly.guard.scanner.scan_text(text[:300]) == found
    await assembly.stop()


def test_no_new_record_is_made_where_one_is_gone(bundle: Bundle, tmp_path: Path) -> None:
    keys = Keys.load_or_create(tmp_path / "keys")
    data = tmp_path / "data"
    keys.folder.joinpath("audit.head").write_text("{}")
    with pytest.raises(PromptGuardError, match="the record is gone"):
        assemble(bundle, keys, data)
    assert not list(data.glob("promptguard.db*"))


def test_a_record_without_its_key_is_not_continued(bundle: Bundle, tmp_path: Path) -> None:
    first = assemble(bundle, Keys.load_or_create(tmp_path / "keys"), tmp_path / "data")
    first._recorder.close()
    first._vault.close()
    with pytest.raises(PromptGuardError):
        assemble(bundle, Keys.load_or_create(tmp_path / "other"), tmp_path / "data")
