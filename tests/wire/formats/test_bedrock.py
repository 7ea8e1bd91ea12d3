from __future__ import annotations

from typing import Any

from promptguard.wire.formats.bedrock import Bedrock

FORMAT = Bedrock()


def test_voices(voices: Any) -> None:
    body = {
        "system": [{"text": "Be kind."}],
        "toolConfig": {"tools": [{"toolSpec": {"name": "w", "description": "Tells the weather."}}]},
        "messages": [
            {"role": "user", "content": [{"text": "Weather?"}]},
            {
                "role": "assistant",
                "content": [{"toolUse": {"toolUseId": "t-1", "name": "w2", "input": {"city": "Kiel"}}}],
            },
            {"role": "user", "content": [{"toolResult": {"toolUseId": "t-2", "content": [{"text": "11 degrees"}]}}]},
        ],
    }
    found = voices(FORMAT, body)
    assert found["Be kind."] == ("system", "history")
    assert found["Tells the weather."] == ("tool_definition", "history")
    assert found["Weather?"] == ("user", "history")
    assert found["Kiel"] == ("tool_call", "history")
    assert found["11 degrees"] == ("tool_result", "new")
