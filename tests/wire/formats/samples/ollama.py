"""Ollama's chat."""

from tests.wire.formats.samples.interface import CARD, MAIL, Sample, SampleAnswer

BODY = {
    "model": "qwen3:8b",
    "messages": [
        {"role": "system", "content": f"You work for {MAIL}."},
        {"role": "user", "content": f"Charge {CARD}"},
        {"role": "assistant", "content": "", "thinking": "The card first.",
         "tool_calls": [{"id": "c1", "type": "function",
                         "function": {"name": "charge", "arguments": {"card": CARD, "name": f"for {MAIL}"}}}]},
        {"role": "tool", "tool_name": "charge", "tool_call_id": "c1", "content": f"charged {CARD}"},
        {"role": "user", "content": f"And {MAIL}?"},
    ],
    "tools": [{"type": "function", "function": {
        "name": "charge", "description": f"Ask {MAIL}.",
        "parameters": {"type": "object", "properties": {"card": {"type": "string", "description": "The card."}},
                       "required": ["card"]}}}],
    "format": {"type": "object", "properties": {"mail": {"type": "string"}}},
    "options": {"stop": ["\nUser:"], "temperature": 0.5},
    "keep_alive": "5m",
    "think": "high",
    "stream": True,
}  # fmt: skip

TABLE = """
protocol other           new     model
protocol system          history messages[0].role
text     system          history messages[0].content
protocol user            history messages[1].role
text     user            history messages[1].content
protocol assistant       history messages[2].role
text     assistant       history messages[2].thinking
protocol tool_call       history messages[2].tool_calls[0].id
protocol tool_call       history messages[2].tool_calls[0].type
protocol tool_call       history messages[2].tool_calls[0].function.name
protocol key             history messages[2].tool_calls[0].function.arguments.{card}
text     tool_call       history messages[2].tool_calls[0].function.arguments.card
text     tool_call       history messages[2].tool_calls[0].function.arguments.name
protocol tool_result     new     messages[3].role
protocol tool_result     new     messages[3].tool_name
protocol tool_result     new     messages[3].tool_call_id
text     tool_result     new     messages[3].content
protocol user            new     messages[4].role
text     user            new     messages[4].content
protocol tool_definition history tools[0].type
protocol tool_definition history tools[0].function.name
text     tool_definition history tools[0].function.description
protocol tool_definition history tools[0].function.parameters.type
protocol key             history tools[0].function.parameters.properties.{card}
protocol tool_definition history tools[0].function.parameters.properties.card.type
text     tool_definition history tools[0].function.parameters.properties.card.description
protocol tool_definition history tools[0].function.parameters.required[0]
protocol tool_definition history format.type
protocol key             history format.properties.{mail}
protocol tool_definition history format.properties.mail.type
protocol user            new     options.stop[0]
protocol user            new     keep_alive
protocol key             new     {think}
protocol user            new     think
"""

SAMPLE = Sample(
    "ollama",
    BODY,
    TABLE,
    notice={"body": {"error": "Stopped."}, "message": [{"error": "Stopped."}]},
    path="/api/chat",
    answer=SampleAnswer(
        "ndjson",
        "application/x-ndjson",
        [{"model": "qwen3:8b", "message": {"role": "assistant", "content": ""}, "done": False}],
        '{"model":"qwen3:8b","message":{"role":"assistant","content":"TEXT"},"done":false}',
        ("message", "content"),
        [{"model": "qwen3:8b", "message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"}],
    ),
)
