from __future__ import annotations

import re

import orjson
import pytest

from promptguard.destinations.sightings import Sign
from promptguard.rollout.bypass.log_files import LogRead
from promptguard.rollout.bypass.own_view import SIGNS, Seen
from promptguard.rollout.bypass.report import Report, as_json, as_text, remarks
from promptguard.rollout.bypass.tally import Found
from promptguard.rollout.bypass.ways import EXPLANATIONS, Way

DAYS = ("2026-11-28", "2026-11-29")
TLS = Found(Way.TLS, "chatgpt", "chatgpt.com", "10.0.0.0/24", 1_200, *DAYS, by_address=False, uses_proxy=True)
FEW = Found(Way.QUIC, "claude", "claude.ai", None, None, "", "", by_address=True, uses_proxy=False)
HIDDEN = TLS._replace(way=Way.ENCRYPTED_DNS, service="encrypted DNS", host="dns.google", uses_proxy=False)
READ = LogRead("conn.log", ["Zeek log (columns)"], 9)


def test_a_table_a_way_and_what_to_do() -> None:
    lines = list(as_text(Report([TLS, FEW], [READ])))
    assert lines[0] == EXPLANATIONS[Way.QUIC].title + ":"
    row = re.split(" {2,}", lines[2].strip())
    assert row == ["claude", "claude.ai", "networks of fewer than 5 machines*", "few", "unknown", "unknown"]
    assert lines[3] == f"  → {EXPLANATIONS[Way.QUIC].remedy}"
    assert lines[7].split() == ["chatgpt", "chatgpt.com", "10.0.0.0/24+", "1,200", *DAYS]
    assert [line[0] for line in lines[-2:]] == ["*", "+"]
    assert list(as_text(Report([], []))) == []


def test_what_the_proxy_has_seen_stands_beside_it() -> None:
    own = [Seen(Sign.UNTRUSTED, "pi", "pi.ai", 1_500, *DAYS), Seen(Sign.UNDECRYPTED, "zed", "collab.zed.dev", 2, *DAYS)]
    report = Report([], [], own=own)
    lines = list(as_text(report))
    assert (lines[0], lines[2].split()) == (SIGNS[Sign.UNTRUSTED].title + ":", ["pi", "pi.ai", "1,500", *DAYS])
    assert lines[3] == f"  → {SIGNS[Sign.UNTRUSTED].remedy}"
    told = orjson.loads(orjson.dumps(as_json(report)))
    assert told["ok"] is True and list(told["remedies"]) == ["untrusted", "undecrypted"]
    assert told["seen_by_proxy"][1] == {
        "sign": "undecrypted", "service": "zed", "host": "collab.zed.dev", "times": 2,
        "first_day": DAYS[0], "last_day": DAYS[1],
    }  # fmt: skip


def test_members_for_programs() -> None:
    told = orjson.loads(orjson.dumps(as_json(Report([TLS, FEW], [READ], left_out=3))))
    assert (told["ok"], told["left_out"], list(told["remedies"])) == (False, 3, ["quic", "tls"])
    assert told["found"][0] == {
        "way": "tls", "service": "chatgpt", "host": "chatgpt.com", "network": "10.0.0.0/24", "times": 1200,
        "first_day": DAYS[0], "last_day": DAYS[1], "by_address": False, "uses_proxy": True, "is_bypass": True,
    }  # fmt: skip
    assert (told["found"][1]["network"], told["found"][1]["times"]) == (None, None)
    assert told["logs"][0]["name"] == "conn.log"


@pytest.mark.parametrize(("found", "fine"), [([], True), ([HIDDEN], True), ([HIDDEN, TLS], False)])
def test_what_only_hides_names_is_no_bypass(found: list[Found], fine: bool) -> None:
    assert Report(found, []).is_fine is fine


@pytest.mark.parametrize(
    ("log", "told"),
    [
        (READ, []),
        (LogRead("a", lines=3, other=3), ["none of its 3 lines"]),
        (LogRead("a"), ["it is empty"]),
        (LogRead("a", ["Zeek"], 9, damaged=2, other=1), ["of 9 lines, 2 are damaged and 1"]),
        (LogRead("a", ["Zeek"], 9, damaged=2, problem="torn"), ["of 9 lines", "not all of it could be read: torn"]),
        (LogRead("a", problem="torn"), ["not all of it could be read: torn"]),
    ],
)
def test_how_the_reading_went_is_told(log: LogRead, told: list[str]) -> None:
    lines = list(remarks(Report([], [log], knows_proxies=True)))
    assert len(lines) == len(told)
    assert all(each in line for each, line in zip(told, lines, strict=True))


def test_what_is_not_known_is_told() -> None:
    room, proxy = remarks(Report([], [READ], left_out=7))
    assert "7 connections" in room and "--proxy-address" in proxy
    assert all(name in next(remarks(Report([], [LogRead("a", lines=1)]))) for name in ("Suricata", "Pi-hole database"))
