from __future__ import annotations

import gzip
import random
import string
from io import BytesIO
from pathlib import Path

import pytest
from tests.rollout.bypass.inputs import watched
from tests.rollout.bypass.logs.test_pihole_database import made

from promptguard.errors import PromptGuardError
from promptguard.rollout.bypass.log_files import MAX_LINE, LogRead, files_of, read_file, read_stream
from promptguard.rollout.bypass.networks import Networks
from promptguard.rollout.bypass.tally import Tally
from promptguard.rollout.bypass.ways import Way

ASKED = [f"Nov 29 10:00:00 dnsmasq[7]: query[A] chatgpt.com from 10.0.0.{number}" for number in range(1, 6)]
ANSWER = "Nov 29 10:00:00 dnsmasq[7]: reply chatgpt.com is 192.0.2.7"
PASSED = "Nov 29 10:00:00 filterlog[9]: 7,,,1,igc1,match,pass,in,4,0x0,,64,1,0,DF,17,udp,9,10.0.0.1,192.0.2.7,5,443,9"
ZEEK = '{"ts":1795950000.25,"id.orig_h":"10.0.0.5","id.resp_h":"192.0.2.7","id.resp_p":443,"server_name":"chatgpt.com",'
EVE = (
    '{"timestamp":"2026-11-29T10:00:00+00:00","event_type":"tls","src_ip":"10.0.0.5","dest_ip":"192.0.2.7",'
    '"dest_port":443,"tls":{"sni":"chatgpt.com"}}'
)
LOG = "\n".join([*ASKED, ANSWER, PASSED, ""]).encode()


def tally() -> Tally:
    return Tally(watched(), Networks())


def read(path: Path) -> tuple[LogRead, list[tuple[Way, int | None]]]:
    counted = tally()
    log = read_file(path, counted)
    return log, [(each.way, each.times) for each in counted.found()]


@pytest.mark.parametrize("content", [LOG, gzip.compress(LOG), LOG.replace(b"\n", b"\r\n"), b"\n\n" + LOG])
def test_formats_are_told_by_line_and_packed_logs_unpacked(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.log"
    path.write_bytes(content)
    log, found = read(path)
    assert found == [(Way.QUIC, 1), (Way.DNS, 5)]
    assert (log.lines, log.damaged, log.other, log.problem) == (7, 0, 0, "")
    assert log.formats == ["dnsmasq or Pi-hole log", "pfSense or OPNsense filter log"]
    counted = tally()
    assert read_stream(BytesIO(content), "standard input", counted).formats == log.formats
    assert [(each.way, each.times) for each in counted.found()] == found


@pytest.mark.parametrize(
    ("lines", "damaged", "other"),
    [
        ([*ASKED, "Nov 29 10:00:00 gate sshd[1]: hello"], 0, 1),
        ([*ASKED, PASSED.replace("10.0.0.1", "laptop"), PASSED[:70]], 2, 0),
        (["x" * (MAX_LINE * 2), *ASKED], 1, 0),
        ([EVE, EVE[:-9], ZEEK + '"established":true}', ZEEK], 2, 0),
        (["\x00\x1b[31m", "{}", "[]", "{", "# a comment"], 1, 4),
    ],
)
def test_damaged_lines_are_counted_and_all_others_read(
    tmp_path: Path, lines: list[str], damaged: int, other: int
) -> None:
    path = tmp_path / "any.log"
    path.write_text("\n".join(lines), encoding="utf-8")
    log, _ = read(path)
    assert (log.lines, log.damaged, log.other) == (len(lines), damaged, other)


def test_a_torn_archive_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "torn.gz"
    noise = "\n".join("".join(random.Random(7).choices(string.ascii_letters, k=60)) for _ in range(5_000))
    packed = gzip.compress(LOG + noise.encode())
    path.write_bytes(packed[: len(packed) - 20])
    log, found = read(path)
    assert "compression is damaged" in log.problem
    assert found == [(Way.QUIC, 1), (Way.DNS, 5)]


def test_a_database_is_read_from_its_file_alone(tmp_path: Path) -> None:
    rows = [(1795950000, 1, 2, "chatgpt.com", f"10.0.0.{number}") for number in range(5)]
    path = made(tmp_path / "pihole-FTL.db", *rows, (1795950000, 1, 2, "chatgpt.com", "laptop"))
    log, found = read(path)
    assert (log.formats, log.lines, log.damaged, found) == (["Pi-hole database"], 6, 1, [(Way.DNS, 5)])
    other, found = read(made(tmp_path / "other.db", table="other"))
    assert (other.problem, found) == ("it is a database, and none of Pi-hole", [])
    assert "name its file" in read_stream(BytesIO(path.read_bytes()), "standard input", tally()).problem


def test_folders_are_read_whole_and_mistakes_told(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    for name in ("b.log", "a.log", "below/c.log"):
        (tmp_path / name).touch()
    assert [path.name for path in files_of([tmp_path, tmp_path / "a.log"])] == ["a.log", "b.log", "c.log", "a.log"]
    (tmp_path / "empty").mkdir()
    for wrong, told in (("empty", "no file in this folder"), ("none", "no such file")):
        with pytest.raises(PromptGuardError, match=told):
            list(files_of([tmp_path / wrong]))


@pytest.mark.parametrize("seed", range(4))
def test_no_junk_ends_the_reading(seed: int) -> None:
    """Lines of every format with pieces cut out, doubled, swapped and made into something else."""
    chance = random.Random(seed)
    good = [
        *ASKED, ANSWER, PASSED, EVE, ZEEK + '"established":true}', "#separator \\x09", "#path\tssl",
        "#set_separator\t,", "#fields\tts\tid.orig_h\tid.resp_h\tid.resp_p\tserver_name",
        "#types\ttime\taddr\taddr\tport\tstring", "1795950000.25\t10.0.0.5\t192.0.2.7\t443\tchatgpt.com",
    ]  # fmt: skip
    pieces = [
        "\t",
        ",",
        " is ",
        "{",
        "}",
        '"',
        "[",
        "null",
        "-1",
        "1e999",
        "\\x",
        "é",
        "\x00",
        "::",
        "#fields\t",
        "from ",
    ]
    lines = []
    for _ in range(1_500):
        line = chance.choice(good)
        for _ in range(chance.randrange(4)):
            start, end = sorted(chance.choices(range(len(line) + 1), k=2))
            line = line[:start] + chance.choice([*pieces, line[start:end] * 2, ""]) + line[end:]
        lines.append(line)
    content = "\n".join(lines).encode("utf-8", "surrogatepass") + bytes(chance.choices(range(256), k=2_000))
    log = read_stream(BytesIO(content), "standard input", tally())
    assert log.lines > 1_000 and log.problem == ""
