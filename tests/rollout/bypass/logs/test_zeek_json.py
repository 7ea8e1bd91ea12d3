from __future__ import annotations

import pytest
from tests.rollout.bypass.inputs import read

from promptguard.rollout.bypass.logs.zeek_json import ZeekJson
from promptguard.rollout.bypass.observations import Connection
from promptguard.rollout.bypass.ways import Way

LINE = (
    '{"ts":1795950000.25,"uid":"C1","id.orig_h":"10.0.0.5","id.resp_h":"192.0.2.7","id.resp_p":443,"version":"TLSv13",'
    '"server_name":"chatgpt.com","established":true}'
)


def test_what_an_object_says() -> None:
    assert read(ZeekJson, [LINE]) == [Connection("2026-11-29", "10.0.0.5", "192.0.2.7", Way.TLS, "chatgpt.com")]
    assert read(ZeekJson, ['{"_path":"files","ts":1795950000.25}']) == []


@pytest.mark.parametrize("line", ['{"a":1}', '{"event_type":"tls","ts":1}', "[]", "ts"])
def test_lines_of_others_are_not_taken(line: str) -> None:
    assert ZeekJson().read(line) is None


def test_damaged_objects_are_told() -> None:
    with pytest.raises(ValueError, match=r"."):
        ZeekJson().read(LINE[:-5])
