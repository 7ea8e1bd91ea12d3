from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from tests.samples.orders import order_of
from tests.samples.reviewing import Installation, event, installation

from promptguard.audit.events import timestamp
from promptguard.audit.head_file import HeadFiles
from promptguard.audit.sinks.cursor_file import CursorFile
from promptguard.audit.sinks.interface import Cursor
from promptguard.configuration.bundle import load_bundle
from promptguard.destinations.sightings import Sighting, Sign
from promptguard.errors import StorageError
from promptguard.policy.orders import Approval, OrderKind, OrderState
from promptguard.policy.standing import Standing
from promptguard.policy.versions import PolicyRun
from promptguard.rollout.health import Check, CheckStanding, Watched, look
from promptguard.runtime.data_folder import DataFolder

CONFIG = Path(__file__).parents[2] / "config"
NOW = datetime(2026, 3, 8, 12, 0, tzinfo=UTC)
BUNDLE = load_bundle(CONFIG)


def ago(seconds: float) -> str:
    return timestamp(NOW - timedelta(seconds=seconds))


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path) as opened:
        yield opened


@pytest.fixture
def watched(made: Installation) -> Watched:
    return Watched(
        DataFolder(made.folder),
        lambda: BUNDLE,
        made.store,
        made.backend.sightings(),
        SimpleNamespace(running=lambda since: []),  # type: ignore[arg-type]
        HeadFiles(made.folder / "keys", made.keys.audit),
        lambda: 0,
        lambda: NOW,
    )


def configured(**settings: Any) -> Any:
    """The shipped configuration with other settings."""
    return replace(BUNDLE, settings=BUNDLE.settings.model_copy(update=settings))


def of(watched: Watched, subject: str) -> list[Check]:
    return [each for each in look(watched) if each.subject == subject]


def test_every_look_tells_something_and_one_that_fails_hides_no_other(watched: Watched) -> None:
    subjects = {each.subject for each in look(watched)}
    assert subjects >= {"Proxy on this machine", "Database", "Coverage", "Reviews of services", "Disk", "Certificate"}

    def fail(count: int) -> Any:
        raise StorageError("place", "The database cannot be reached.", "See to it.")

    failing = replace(watched, record=SimpleNamespace(last=fail))  # type: ignore[arg-type]
    (database,) = of(failing, "Database")
    assert database.standing is CheckStanding.BAD
    assert {each.subject for each in look(failing)} >= subjects - {"Pages of this console"}


def test_a_proxy_is_told_by_its_state_and_by_whether_it_answers(watched: Watched, made: Installation) -> None:
    def state(**members: Any) -> CheckStanding:
        (made.folder / "ready.json").write_bytes(orjson.dumps({"pid": 1, "whole": True, **members}))
        (found,) = of(watched, "Proxy on this machine")
        return found.standing

    assert [each.standing for each in of(watched, "Proxy on this machine")] == [CheckStanding.BAD]
    with socket.create_server(("127.0.0.1", 0)) as server:
        listen = [f"127.0.0.1:{server.getsockname()[1]}"]
        assert state(listen=listen) is CheckStanding.FINE
        assert state(listen=listen, whole=False) is CheckStanding.LOOK
        assert state(listen=listen, problem="policy.yaml:3: wrong") is CheckStanding.BAD
        now = watched.now()
        lately, before = (timestamp(now - timedelta(hours=hours)) for hours in (0.5, 1.5))
        assert state(listen=listen, busy=3, busy_at=lately) is CheckStanding.LOOK
        assert "3 requests were refused as busy" in of(watched, "Proxy on this machine")[0].sentence
        assert state(listen=listen, busy=3, busy_at=before) is CheckStanding.FINE
    assert state(listen=listen) is CheckStanding.BAD


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        ([("a", "1", 10)], ["fine"]),
        ([("a", "1", 10), ("b", "1", 100)], ["fine", "fine"]),
        ([("a", "1", 10), ("b", "1", 500)], ["fine", "bad"]),
        ([("a", "1", 10), ("a", "0", 500)], ["fine"]),  # it was killed, and started again
        ([("a", "1", 10), ("b", "0", 20)], ["look", "fine"]),  # b has taken up what a has not
    ],
)
def test_proxies_of_all_machines(runs: list[tuple[str, str, float]], told: list[str], watched: Watched) -> None:
    since = {"1": ago(9000), "0": ago(50)}
    known = [PolicyRun(f"{n}-x", machine, hash, since[hash], ago(seen)) for n, (machine, hash, seen) in enumerate(runs)]
    watched = replace(watched, versions=SimpleNamespace(running=lambda _: known))  # type: ignore[arg-type]
    assert [str(each.standing) for each in of(watched, "Proxy")] == told


@pytest.mark.parametrize(("waits", "standing"), [(10, "fine"), (120, "look"), (2000, "bad")])
def test_what_waits_for_a_sink_or_for_the_pages(
    waits: float, standing: str, watched: Watched, made: Installation
) -> None:
    made.record(event(ago(3000)), event(ago(waits)))
    audit = BUNDLE.settings.audit.model_copy(update={"sinks": {"siem": None}})
    watched = replace(watched, bundle=lambda: configured(audit=audit), taken_up=lambda: 1)
    CursorFile(made.folder / "sinks" / "siem.cursor").hold()
    CursorFile(made.folder / "sinks" / "siem.cursor").write(Cursor(1, "0"))
    for subject in ("Sink", "Pages of this console"):
        assert [str(each.standing) for each in of(watched, subject)] == [standing]
    assert [each.standing for each in of(replace(watched, taken_up=lambda: 2), "Pages of this console")] == ["fine"]


class _Metrics(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(
            b'# HELP x\npromptguard_names_workers 2.0\npromptguard_names_queue 5.0\npromptguard_x{a="b"} 1\n'
        )
        self.wfile.write(b"promptguard_sinks_failing 1.0\npromptguard_unrecorded_total 3.0\n")
        self.wfile.write(b"promptguard_names_server_open 2.0\n")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def test_queues_are_what_a_proxy_counts(watched: Watched) -> None:
    assert [each.standing for each in of(watched, "Queues and workers")] == [CheckStanding.UNKNOWN]
    with HTTPServer(("127.0.0.1", 0), _Metrics) as server:
        Thread(target=server.handle_request, daemon=True).start()
        monitoring = BUNDLE.settings.monitoring.model_copy(update={"listen": f"127.0.0.1:{server.server_port}"})
        watched = replace(watched, bundle=lambda: configured(monitoring=monitoring))
        workers, away, failing = of(watched, "Queues and workers")
    assert "2 names workers run; 5 pieces" in workers.sentence
    assert (away.standing, failing.standing) == (CheckStanding.LOOK, CheckStanding.LOOK)
    assert "does not answer 2 of the workers" in away.sentence
    assert [each.standing for each in of(watched, "Queues and workers")] == [CheckStanding.BAD]


def test_a_service_that_is_not_understood_any_more_is_an_alarm(watched: Watched, made: Installation) -> None:
    assert [each.standing for each in of(watched, "Coverage")] == [CheckStanding.FINE]
    today = datetime.now(UTC).date().isoformat()
    made.backend.sightings().add(
        [Sighting(Sign.UNCLAIMED, "h", "openai-api", today, 4), Sighting(Sign.NAME, "new.example", "", today, 9)]
    )
    (alarm,) = of(watched, "Coverage")
    assert (alarm.standing, "4 have a shape that no format describes" in alarm.sentence) == (CheckStanding.LOOK, True)


def test_an_index_is_told_with_its_age(watched: Watched, made: Installation) -> None:
    assert of(watched, "Index") == []
    (made.folder / "tenants.index").write_bytes(b"x")
    assert [(each.name, each.standing) for each in of(watched, "Index")] == [("customers", CheckStanding.FINE)]


@pytest.mark.parametrize(
    ("kind", "scope", "expires", "subject", "sentence"),
    [
        (
            OrderKind.TOOL_STATUS,
            {"destination": "claude", "status": "approved", "review_due": "2020-01-31"},
            "",
            "Reviews of services",
            "1 review of AI services is overdue: claude.",
        ),
        (
            OrderKind.STOP,
            {"all": True},
            "",
            "Stops",
            "1 stop is in force: all tools since 2026-03-01 09:30 UTC (or-1).",
        ),
        (
            OrderKind.EXCEPTION,
            {"destinations": ["claude"]},
            "2026-03-20T00:00:00.000Z",
            "Exceptions",
            "1 exception ends within 14 days.",
        ),
    ],
)
def test_what_people_ordered_is_pointed_to(
    kind: OrderKind, scope: dict[str, Any], expires: str, subject: str, sentence: str, watched: Watched
) -> None:
    (before,) = of(watched, subject)
    assert before.standing is CheckStanding.FINE
    order = replace(
        order_of(kind, scope, expires=expires), state=OrderState.IN_FORCE, approvals=(Approval("a2", "Bob", ""),)
    )
    (told,) = of(replace(watched, standing=lambda: Standing.of([order], timestamp(NOW))), subject)
    assert (told.standing, told.sentence) == (CheckStanding.LOOK, sentence)


def test_what_people_decided_is_told_where_it_is_in_doubt(watched: Watched) -> None:
    assert [each.standing for each in of(watched, "Orders")] == [CheckStanding.FINE]
    (told,) = of(replace(watched, doubts=lambda: ["In doubt."]), "Orders")
    assert (told.standing, told.sentence) == (CheckStanding.BAD, "In doubt.")
