from __future__ import annotations

import pytest
from tests.rollout.bypass.inputs import read

from promptguard.rollout.bypass.logs.zeek_tsv import ZeekColumns
from promptguard.rollout.bypass.observations import Answer, Connection, Query
from promptguard.rollout.bypass.ways import Way

DAY = "2026-11-29"
DNS = [
    "#separator \\x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-", "#path\tdns",
    "#open\t2026-11-29-10-00-00", "#fields\tts\tid.orig_h\tid.resp_h\tquery\tqtype_name\trejected\tanswers",
    "#types\ttime\taddr\taddr\tstring\tstring\tbool\tvector[string]",
]  # fmt: skip
SSL = [
    "#path\tssl",
    "#fields\tts\tid.orig_h\tid.resp_h\tid.resp_p\tserver_name",
    "#types\ttime\taddr\taddr\tport\tstring",
]
ROW = "1795950000.25\t10.0.0.5\t192.0.2.53\tchatgpt.com\tA\tF"
QUERY = Query(DAY, "10.0.0.5", "chatgpt.com")
SEEN = Connection(DAY, "10.0.0.5", "192.0.2.7", Way.TLS, "chatgpt.com")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([*DNS, f"{ROW}\tedge.example,192.0.2.7"], [QUERY, Answer("chatgpt.com", "192.0.2.7")]),
        ([*DNS, f"{ROW}\t-"], [QUERY]),
        ([*DNS, f"{ROW}\t(empty)", "#close\t2026-11-29-11-00-00"], [QUERY]),
        ([*DNS, *SSL, "1795950000.25\t10.0.0.5\t192.0.2.7\t443\tchatgpt.com"], [SEEN]),
        (["#separator ;", "#path;ssl", "#fields;ts;id.orig_h;id.resp_h;id.resp_p;server_name",
          "1795950000;10.0.0.5;192.0.2.7;443;chatgpt.com"], [SEEN]),
    ],
)  # fmt: skip
def test_columns_are_what_the_lines_before_say(lines: list[str], said: list[object]) -> None:
    assert read(ZeekColumns, lines) == said


def test_a_row_with_other_columns_is_damaged() -> None:
    reader = ZeekColumns()
    for line in SSL:
        reader.read(line)
    with pytest.raises(ValueError, match="2 columns in place of 5"):
        reader.read("1795950000.25\t10.0.0.5")
    with pytest.raises(ValueError, match="hex"):
        reader.read("#separator \\xzz")


@pytest.mark.parametrize("line", ["# a comment", "a\tb", "", "#fieldsand\tmore"])
def test_lines_of_others_are_not_taken(line: str) -> None:
    assert ZeekColumns().read(line) is None
