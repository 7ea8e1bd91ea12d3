"""Tests mirror the source file by file: `src/promptguard/a/b.py` has `tests/a/test_b.py`, or it says here why not."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "promptguard"
TESTS = ROOT / "tests"

DECLARED: Final = """
    controls/outcome
    audit/durability audit/interface audit/sealing/interface audit/sinks/interface
    authentication/accounts authentication/interface
    detectors/deobfuscation/interface
    detectors/deobfuscation/markers detectors/names/judged_words detectors/names/model_kinds
    detectors/names/network/digest evidence/interface files/interface files/limits storage/interface
    policy/versions rollout/bypass/logs/interface storage/key_tables storage/open_database storage/tables
    storage/vault/lookups system_service/interface installation/migrations/interface
    inspection/interface wire/documents/interface wire/formats/interface wire/framings/interface
"""
"""What others implement or are bounded by: abstract classes, values, tables, constants."""

HELD_WITH: Final = {
    "detectors/recognizers/types/test_named_secret.py": "detectors/secrets/named_values",
    "wire/framings/test_framings.py": """
        wire/framings/aws_eventstream wire/framings/connect wire/framings/data_gateway wire/framings/envelope
        wire/framings/grpc
        wire/framings/json_array wire/framings/json_document wire/framings/json_lines wire/framings/json_protobuf
        wire/framings/length_prefixed wire/framings/lines wire/framings/ndjson wire/framings/protobuf_document
        wire/framings/signalr wire/framings/socket_io wire/framings/sse wire/framings/text
        wire/framings/websocket_message
    """,
    "wire/formats/test_samples.py": """
        wire/formats/ai_studio wire/formats/arena wire/formats/copilot_web wire/formats/m365_copilot wire/formats/poe
        wire/formats/storage_form
    """,
    "wire/documents/test_documents.py": "wire/documents/file wire/documents/names",
    "test_guard.py": """
        inspection/carrying_out inspection/context inspection/copying inspection/deciding inspection/rules
        inspection/scanning inspection/uploads
        policy/history redaction/scope_memory
    """,
    "test_model.py": """
        model/answer model/decision model/destination model/finding model/memory model/request model/verdict
        model/vocabulary
    """,
    "storage/test_schema.py": """
        storage/migrations/env storage/migrations/versions/r0001_record_and_vault
        storage/migrations/versions/r0002_chains_and_marks storage/migrations/versions/r0003_sightings
        storage/migrations/versions/r0004_checkpoints storage/migrations/versions/r0005_evidence
        storage/migrations/versions/r0006_policy_versions storage/migrations/versions/r0007_sealed_events
        storage/migrations/versions/r0008_publications
        storage/migrations/versions/r0009_orders
        storage/migrations/versions/r0010_justifications storage/migrations/versions/r0011_acknowledgements
        storage/migrations/versions/r0012_reminders
    """,
    "review/test_schema.py": """
        review/migrations/env review/migrations/versions/r0001_reviewing review/migrations/versions/r0002_days
        review/migrations/versions/r0003_outside_sessions review/migrations/versions/r0004_holds_and_expiry
        review/migrations/versions/r0005_earlier_incidents review/migrations/versions/r0006_added_texts
    """,
    "policy/test_standing.py": "policy/stops policy/suspensions",
    "storage/test_orders.py": "policy/orders",
    "notices/test_shipped_languages.py": """
        notices/acknowledging_words notices/copying_words notices/device_words notices/employee_notice_words
        notices/justifying_words
    """,
    "commands/test_acknowledgements.py": "runtime/acknowledgements",
    "commands/support/test_policy_versions.py": "runtime/policy_history",
    "storage/vault/test_vault.py": "storage/postgresql/lookups storage/sqlite/lookups storage/vault/rows",
    "review/test_sessions.py": "review/hashing",
    "review/incidents/test_book.py": "review/incidents/change",
    "review/incidents/test_earlier.py": "review/incidents/earlier_request",
    "review/test_suspensions.py": "review/own_names",
    "review/incidents/senders/test_web.py": "review/incidents/senders/interface",
    "review/test_tables.py": """
        review/earlier_tables review/filter_tables review/hold_tables review/incident_tables review/release_tables
        review/sign_in_tables review/staff_tables
    """,
    "runtime/backup/test_restore.py": """
        runtime/backup/archive runtime/backup/create runtime/backup/databases runtime/backup/key_parcel
    """,
    "storage/test_deletions.py": "audit/retention/deletions",
    "review/test_expiring.py": "audit/retention/held",
    "review/test_ledger.py": "review/ledger_expiry review/ledger_verification",
    "storage/test_expiry.py": "audit/retention/expiry audit/retention/holds audit/retention/whole audit/statements",
    "storage/test_data_keys.py": """
        audit/retention/classes audit/sealing/envelope audit/sealing/key_ring audit/sealing/opened_store
        storage/sqlite/key_file
    """,
    "console/pages/test_company.py": """
        console/sign_on openid/claims openid/failures openid/id_token openid/logout_token openid/metadata
        openid/provider review/outside_accounts review/outside_sessions
    """,
    "storage/test_record_reading.py": "storage/sqlite/audit_store",
    "storage/postgresql/test_audit_writer.py": "storage/postgresql/chain_session",
    "storage/test_changes.py": "storage/postgresql/changes storage/postgresql/positions storage/sqlite/changes",
    "storage/postgresql/test_spooling_writer.py": """
        storage/postgresql/reachability storage/spool/keys storage/spool/owned
        storage/spool/records storage/vault/spooled_rows
    """,
    "configuration/test_settings.py": """
        configuration/audit_settings configuration/files_settings configuration/index_settings
        configuration/names_settings configuration/notice_settings configuration/spool_settings
        configuration/time_settings
        configuration/upstream_settings
    """,
    "audit/sinks/test_feed.py": "audit/sinks/cursor_file",
    "commands/test_scan.py": "commands/support/json_lines commands/support/scanned_files runtime/tools",
    "commands/test_fingerprint.py": "commands/support/indexes",
    "demo/test_show.py": "commands/demo",
    "demo/test_application.py": "demo/pages",
    "detectors/fingerprints/test_registering.py": "detectors/fingerprints/scheme",
    "detectors/names/test_worker.py": "detectors/names/process",
    "detectors/names/test_rampart.py": "detectors/names/rampart_tokens",
    "detectors/names/inference_server/test_client.py": "detectors/names/inference_server/errors",
    "detectors/patterns/test_detector.py": "detectors/patterns/candidates",
    "detectors/tenants/test_normal_forms.py": "detectors/tenants/word_lists",
    "e2e/test_mitmdump.py": "proxy/addon",
    "e2e/test_start.py": "commands/run runtime/notices",
    "evidence/test_sealing.py": "evidence/opening",
    "runtime/test_assembly.py": "runtime/detectors runtime/file_reading",
    "runtime/test_evidence.py": "inspection/evidence",
    "files/test_process.py": "files/worker",
    "files/test_rewriting.py": """
        files/replacements files/writers/office_open_xml files/writers/text files/writers/workbook
        files/writers/xml_source
    """,
    "proxy/addons/test_targets.py": "proxy/tunnels",
    "proxy/test_run.py": "proxy/announcement",
    "runtime/test_publications.py": "runtime/publication_following runtime/publishing",
    "commands/test_evidence.py": "commands/support/key_files",
    "proxy/test_supervisor.py": "proxy/__main__",
    "console/pages/test_holds.py": "console/held runtime/holds",
    "console/pages/test_false_alarms.py": "review/false_alarms",
    "console/pages/test_staff.py": "console/staff",
    "review/test_releases.py": "review/two_persons",
    "console/test_server.py": "console/__main__ console/administration console/context",
}
"""What has no behaviour apart from what it serves, by the test that holds both."""

EXCUSED: Final = {*DECLARED.split(), *(name for names in HELD_WITH.values() for name in names.split())}
FILES: Final = sorted(
    path.relative_to(SOURCE).with_suffix("").as_posix() for path in SOURCE.rglob("*.py") if path.name != "__init__.py"
)


def mirror(name: str) -> Path:
    """Where the test of a file stands, by the file's path without its ending."""
    folder, _, module = name.rpartition("/")
    return TESTS / folder / f"test_{module}.py"


@pytest.mark.parametrize("name", [name for name in FILES if name not in EXCUSED])
def test_every_file_has_a_test_of_its_own(name: str) -> None:
    assert mirror(name).is_file()


@pytest.mark.parametrize("name", sorted(EXCUSED))
def test_no_file_is_excused_in_vain(name: str) -> None:
    assert name in FILES
    assert not mirror(name).exists()


@pytest.mark.parametrize("test", HELD_WITH)
def test_what_holds_others_exists(test: str) -> None:
    assert (TESTS / test).is_file()
