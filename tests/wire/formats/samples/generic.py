"""A conversation of a service that copies OpenAI's shape, and MCP's members."""

from tests.wire.formats.samples.interface import CARD, MAIL, UUID, Sample, SampleAnswer

BODY = {
    "model": "house-1",
    "system": f"You work for {MAIL}.",
    "messages": [
        {"role": "user", "id": UUID, "content": f"Charge {CARD}"},
        {"role": "assistant", "content": [{"type": "text", "text": f"Asking {MAIL}."}],
         "tool_calls": [{"type": "function", "tool_call_id": "c1", "function": {
             "name": "charge", "arguments": f'{{"card":"{CARD}","type":"for {MAIL}"}}'}}]},
        {"role": "tool", "tool_call_id": "c1", "content": f"charged {CARD}"},
        {"role": "user", "content": f"And {MAIL}?"},
    ],
    "tools": [{"type": "function", "function": {
        "name": "charge", "description": f"Ask {MAIL}.",
        "parameters": {"type": "object", "properties": {"card": {"type": "string", "description": "The card."}},
                       "required": ["card"]}}}],
    "jsonrpc": "2.0",
    "method": "tools/call",
    "params": {"name": "charge", "arguments": {"card": CARD, "role": f"for {MAIL}"}},
    "attachment": {"mimeType": "text/plain", "note": f"of {MAIL}"},
}  # fmt: skip

TABLE = """
protocol other           new     model
text     system          history system
protocol user            history messages[0].role
protocol user            history messages[0].id
text     user            history messages[0].content
protocol assistant       history messages[1].role
protocol assistant       history messages[1].content[0].type
text     assistant       history messages[1].content[0].text
protocol tool_call       history messages[1].tool_calls[0].type
protocol tool_call       history messages[1].tool_calls[0].tool_call_id
protocol tool_call       history messages[1].tool_calls[0].function.name
protocol key             history messages[1].tool_calls[0].function.arguments.{card}
text     tool_call       history messages[1].tool_calls[0].function.arguments.card
text     tool_call       history messages[1].tool_calls[0].function.arguments.type
protocol tool_result     new     messages[2].role
protocol tool_result     new     messages[2].tool_call_id
text     tool_result     new     messages[2].content
protocol user            new     messages[3].role
text     user            new     messages[3].content
protocol tool_definition history tools[0].type
protocol tool_definition history tools[0].function.name
text     tool_definition history tools[0].function.description
protocol tool_definition history tools[0].function.parameters.type
protocol key             history tools[0].function.parameters.properties.{card}
protocol tool_definition history tools[0].function.parameters.properties.card.type
text     tool_definition history tools[0].function.parameters.properties.card.description
protocol tool_definition history tools[0].function.parameters.required[0]
protocol key             new     {jsonrpc}
protocol user            new     jsonrpc
protocol user            new     method
protocol user            new     params.name
protocol key             new     params.arguments.{card}
text     user            new     params.arguments.card
text     user            new     params.arguments.role
protocol key             new     {attachment}
protocol user            new     attachment.mimeType
protocol key             new     attachment.{note}
text     user            new     attachment.note
"""

ERROR = {
    "type": "error",
    "error": {"message": "Stopped.", "type": "invalid_request_error", "param": None, "code": "promptguard_blocked"},
    "detail": "Stopped.",
    "message": "Stopped.",
}

SAMPLE = Sample(
    "generic",
    BODY,
    TABLE,
    notice={"body": ERROR, "message": [ERROR]},
    answer=SampleAnswer(
        "sse",
        "text/event-stream",
        [{"type": "begin"}],
        '{"type":"delta","text":"TEXT"}',
        ("text",),
        [{"type": "end"}],
    ),
)
