from __future__ import annotations

import pytest
from tests.rollout.bypass.inputs import read

from promptguard.rollout.bypass.logs.dnsmasq import MAX_WAITING, Dnsmasq
from promptguard.rollout.bypass.observations import Answer, Query

HEAD = "2026-11-29T10:00:00Z dns dnsmasq[71]: "
ASKED = "query[A] chatgpt.com from 10.0.0.5"
QUERY = Query("2026-11-29", "10.0.0.5", "chatgpt.com")
ALIAS = ["reply chatgpt.com is <CNAME>", "reply edge.cdn.example is 192.0.2.7", "reply edge.cdn.example is 192.0.2.8"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([ASKED], [QUERY]),
        ([ASKED, "forwarded chatgpt.com to 9.9.9.9"], [QUERY]),
        ([ASKED, "reply chatgpt.com is 192.0.2.7"], [Answer("chatgpt.com", "192.0.2.7"), QUERY]),
        ([ASKED, "cached chatgpt.com is 2001:db8::7"], [Answer("chatgpt.com", "2001:db8::7"), QUERY]),
        (["9 10.0.0.5/5311 " + ASKED, "9 10.0.0.5/5311 cached chatgpt.com is NXDOMAIN"], []),
        ([ASKED, "gravity blocked chatgpt.com is 0.0.0.0"], []),
        ([ASKED, "gravity blocked chatgpt.com is 192.0.2.1"], []),
        ([ASKED, "regex denied chatgpt.com is ::"], []),
        ([ASKED, "config chatgpt.com is NODATA-IPv4"], []),
        ([ASKED, "config chatgpt.com is 0.0.0.0"], []),
        ([ASKED, "/etc/hosts.block chatgpt.com is 0.0.0.0"], []),
        ([ASKED, *ALIAS], [Answer("chatgpt.com", "192.0.2.7"), QUERY, Answer("chatgpt.com", "192.0.2.8")]),
        ([*ALIAS[:2], "reply other.example is 192.0.2.9"],
         [Answer("chatgpt.com", "192.0.2.7"), Answer("other.example", "192.0.2.9")]),
        (["query[HTTPS] chatgpt.com from 10.0.0.5"], [QUERY]),
        (["query[PTR] 5.0.0.10.in-addr.arpa from 10.0.0.5"], []),
        (["query[A] chatgpt.com from fe80::1%eth0"], [QUERY._replace(source="fe80::1")]),
        (["started, version 2.90 cachesize 150"], []),
    ],
)  # fmt: skip
def test_what_was_asked_and_not_refused(lines: list[str], said: list[object]) -> None:
    assert read(Dnsmasq, [HEAD + line for line in lines]) == said


def test_lines_of_others_are_not_taken_and_damaged_ones_told() -> None:
    assert Dnsmasq().read("Nov 29 10:00:00 gate sshd[7]: query[A] a.example from 10.0.0.5") is None
    with pytest.raises(ValueError, match="client"):
        Dnsmasq().read(HEAD + "query[A] chatgpt.com fr")


def test_a_line_of_one_long_word_is_read_at_once() -> None:
    assert not list(Dnsmasq().read(HEAD + "a.b-c/" * 10_000) or ())


def test_what_waits_for_answers_is_bounded() -> None:
    lines = [f"{HEAD}query[A] {name}.example from 10.0.0.5" for name in range(MAX_WAITING + 5)]
    lines += [HEAD + ASKED] * 100
    reader = Dnsmasq()
    early = [seen for line in lines for seen in reader.read(line) or ()]
    assert len(early) == 5 + 1 + 100 - 16
    assert len(early) + len(list(reader.end())) == len(lines)
