import itertools
import re
import time

import pytest

from promptguard.detectors.access_logs.fields import identifying_fields


def marked(text: str) -> tuple[str, list[str]]:
    """A line without its marks, and what stands in them."""
    return re.sub("[⟦⟧]", "", text), re.findall("⟦(.*?)⟧", text)


@pytest.mark.parametrize(
    "text",
    [
        '⟦203.0.113.9⟧ - ⟦ana⟧ [10/Oct/2025:13:55:36 +0200] "GET /a?page=2 HTTP/1.1" 200 2326',
        '⟦2001:db8::1⟧ - - [10/Oct/2025:13:55:36 +0200] "POST /b HTTP/2" 404 12 "-" "curl/8"',
        'shop.test:443 ⟦198.51.100.2⟧ - - [10/Oct/2025:13:55:36 +0200] "-" 408 0',
        '⟦client.shop.test⟧ - - [10/Oct/2025:13:55:36 +0200] "GET / HTTP/1.0" 200 -',
        "Oct 11 22:14:15 host1 sshd[4123]: Accepted password for ⟦ana⟧ from ⟦198.51.100.7⟧ port 5022 ssh2",
        "Oct  1 22:14:15 host1 sshd[4123]: Failed password for invalid user ⟦bob⟧ from ⟦gate.shop.test⟧ port 22",
        "<86>Oct 11 22:14:15 vpn openvpn[9]: session opened user=⟦ana⟧ ⟦2001:db8::7⟧",
        "Oct 11 22:14:15 h app: user '⟦ana⟧' from ⟦10.1.1.1⟧",
        '{"time":"2025-10-11T22:14:15Z","remote_ip":"⟦198.51.100.8⟧","user":"⟦Ana Roe⟧","status":200}',
        r"{\"ts\":1760220855,\"client_ip\":\"⟦198.51.100.8⟧\",\"user\":\"⟦ana⟧\",\"path\":\"/x\"}",
        '{"timestamp":1760220855123,"clientHost":"⟦pc7.shop.test⟧","session_id":"⟦9f3a⟧"}',
        "ts=2025-10-11T22:14:15Z level=info client_ip=⟦198.51.100.8⟧ user=⟦ana⟧ path=/x status=200",
        '⟦10.0.0.8⟧ - - [10/Oct/2025:13:55:36 +0200] "GET /user/⟦ana⟧/reset/⟦9f3a77c1b2d944e0a1b2c3d4⟧ HTTP/1.1" 500 0',
        '⟦10.0.0.8⟧ - - [10/Oct/2025:13:55:36 +0200] "GET /a;jsessionid=⟦A1B2⟧?token=⟦abc⟧&page=2&q=x HTTP/1.1" 200 1',
        '"GET / HTTP/1.1" 200 1 "https://shop.test/?email=⟦ana%40shop.test⟧&tab=1"',
        '⟦10.0.0.8⟧ - - [1/Oct/2025:13:55:36 +0200] "GET /blog/how-to-bake-bread-in-2024 HTTP/2" 200 1 "-" "X/1.2.3.4"',
        "Oct 11 22:14:15 h sshd[1]: session opened for user ⟦ben⟧(uid=0) by ⟦ana⟧(uid=⟦1000⟧) from ⟦10.1.1.1⟧",
        "Oct 14 03:12:44 h kernel: Out of memory: Killed process 2145 (java) total-vm:81kB, UID:998 pgtables:12kB",
        "What made the user so slow? GET /users/search?page=2 at 22:14:15",
    ],
)
def test_what_identifies_somebody(text: str) -> None:
    line, expected = marked(text)
    assert [line[start:end] for start, end in identifying_fields(line)] == expected


@pytest.mark.parametrize(
    "part",
    ["1.1.1.1 - - [", "1:11", "client.", " [10/Oct/2025:", "?a=", "/" + "a1" * 12, "user ", "user="],
)
def test_hostile_lines_take_linear_time(part: str) -> None:
    started = time.perf_counter()
    fields = identifying_fields(part * (400_000 // len(part)))
    assert time.perf_counter() - started < 5
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(fields))
