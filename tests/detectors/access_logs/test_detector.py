import pytest

from promptguard.detectors.access_logs.detector import AccessLogDetector, find_access_logs, is_access_log_line
from promptguard.model import DataClass, Segment

COMMON = '203.0.113.9 - ana [10/Oct/2025:13:55:36 +0200] "GET /a HTTP/1.1" 200 2326'
COMBINED = '2001:db8::1 - - [10/Oct/2025:13:55:36 +0200] "POST /b HTTP/2" 404 12 "-" "curl/8"'


@pytest.mark.parametrize(
    "line",
    [
        COMMON,
        COMBINED,
        'shop.test:443 198.51.100.2 - - [10/Oct/2025:13:55:36 +0200] "-" 408 0',
        'client.shop.test - - [10/Oct/2025:13:55:36 +0200] "GET / HTTP/1.0" 200 -',
        "Oct 11 22:14:15 host1 sshd[4123]: Accepted password for ana from 198.51.100.7 port 5022 ssh2",
        "Oct  1 22:14:15 host1 sshd[4123]: Failed password for invalid user bob from gate.shop.test port 22",
        "<34>1 2025-10-11T22:14:15.003Z host1 sshd 4123 ID47 - Failed password for invalid user bob from 198.51.100.8",
        "<86>Oct 11 22:14:15 vpn openvpn[9]: session opened user=ana 2001:db8::7",
        '{"time":"2025-10-11T22:14:15Z","remote_ip":"198.51.100.8","user":"ana","status":200}',
        r"{\"ts\":1760220855,\"client_ip\":\"198.51.100.8\",\"path\":\"/x\"}",
        '{"timestamp":1760220855123,"clientHost":"pc7.shop.test","session_id":"9f3a"}',
        "ts=2025-10-11T22:14:15Z level=info client_ip=198.51.100.8 user=ana path=/x status=200",
        "2025-10-11 22:14:15 INFO login user=ana ip=10.0.0.8",
        "2025-10-11T22:14:15Z 198.51.100.8 GET /api/orders/17 200 12ms",
        "> " + COMMON,
    ],
)
def test_access_log_lines(line: str) -> None:
    assert is_access_log_line(line)
    matches = list(find_access_logs(f"What is this?\n{line}\nThanks"))
    assert matches
    for match in matches:
        assert 14 <= match.start < match.end <= 14 + len(line)
        assert (match.entity_type, match.data_class) == ("ACCESS_LOG", DataClass.ACCESS_LOGS)
        assert match.score == 0.5


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Server 198.51.100.8 is down since 10:30, please look at the user accounts",
        'print("2025-10-11 22:14:15", ip)',
        "Oct 11 22:14:15 host1 kernel: [123.4] usb 1-1 new device",
        "<34>1 2025-10-11T22:14:15.003Z host1 app 41 ID47 - started in 17 ms",
        '{"ip":"198.51.100.8","user":"ana"}',
        '{"time":"2025-10-11T22:14:15Z","level":"info","message":"ready"}',
        '{"time":"2025-10-11T22:14:15Z","remote_ip":"198.51.100.8","user":null}',
        "2025-10-11 22:14:15 INFO version 1.2.3.4.5 started",
        "At 22:14:15 the user=ana wrote a poem about 10/Oct/2025",
        "host: 198.51.100.8",
    ],
)
def test_other_lines(line: str) -> None:
    assert not is_access_log_line(line)
    assert list(find_access_logs(line)) == []


ANA, SIX = ["203.0.113.9", "ana"], ["2001:db8::1"]


@pytest.mark.parametrize(
    ("text", "found", "score"),
    [
        (f"{COMMON}\n{COMBINED}", [*ANA, *SIX], 0.9),
        (f"{COMMON}\r\n{COMBINED}\r\n", [*ANA, *SIX], 0.9),
        (f"{COMMON}\n\n{COMBINED}\nhello", [*ANA, *SIX], 0.9),
        (f"{COMMON}\n    at trace\n{COMBINED}", [*ANA, *SIX], 0.9),
        (f"{COMMON}\nand then\n{COMBINED}", [*ANA, *SIX], 0.5),
        (f"```\n{COMMON}\n{COMMON}\n```", [*ANA, *ANA], 0.9),
        (f"What is wrong here? {COMMON}", ANA, 0.5),
    ],
)
def test_lines_that_follow_each_other_are_surer(text: str, found: list[str], score: float) -> None:
    matches = list(find_access_logs(text))
    assert [text[match.start : match.end] for match in matches] == found
    assert {match.score for match in matches} == {score}


async def test_detector_keeps_segments_apart() -> None:
    detector = AccessLogDetector()
    found = await detector.find([Segment((0,), COMMON), Segment((1,), "no"), Segment((2,), f"{COMMON}\n" * 500)])
    assert [len(matches) for matches in found] == [2, 0, 1000]
    assert [{match.score for match in matches} for matches in found] == [{0.5}, set(), {0.9}]


@pytest.mark.parametrize(
    "part", ["1.1.1.1 - - [", "1:11", "client.", "a" * 60 + ".", '"GET ', "1:", "ts=1234567890 ::"]
)
def test_hostile_text_ends(part: str) -> None:
    text = part * (400_000 // len(part)) + " :10:30:10 1.1.1.1"
    assert all(0 <= match.start < match.end <= len(text) for match in find_access_logs(text))
