"""Cohere's chat, version 2."""

from tests.wire.formats.samples.interface import CARD, MAIL, Sample, SampleAnswer

BODY = {
    "model": "command-a-03-2025",
    "messages": [
        {"role": "system", "content": f"You work for {MAIL}."},
        {"role": "user", "content": [{"type": "text", "text": f"Charge {CARD}"}]},
        {"role": "assistant", "tool_plan": f"I ask {MAIL}.",
         "tool_calls": [{"id": "charge_1", "type": "function",
                         "function": {"name": "charge", "arguments": f'{{"card":"{CARD}"}}'}}]},
        {"role": "tool", "tool_call_id": "charge_1",
         "content": [{"type": "document", "document": {"id": "d1", "data": f"charged {CARD}"}}]},
        {"role": "user", "content": f"And {MAIL}?"},
    ],
    "tools": [{"type": "function", "function": {
        "name": "charge", "description": f"Ask {MAIL}.",
        "parameters": {"type": "object", "properties": {"card": {"type": "string", "description": "The card."}},
                       "required": ["card"]}}}],
    "documents": [f"Price list of {MAIL}", {"id": "doc-1", "data": {"title": "March", "text": f"Card {CARD}"}}],
    "citation_options": {"mode": "FAST"},
    "response_format": {"type": "json_object", "json_schema": {"type": "object", "title": "Answer"}},
    "safety_mode": "CONTEXTUAL",
    "stop_sequences": ["\nUser:"],
    "thinking": {"type": "enabled"},
    "tool_choice": "REQUIRED",
    "stream": True,
}  # fmt: skip

TABLE = """
protocol other           new     model
protocol system          history messages[0].role
text     system          history messages[0].content
protocol user            history messages[1].role
protocol user            history messages[1].content[0].type
text     user            history messages[1].content[0].text
protocol assistant       history messages[2].role
text     assistant       history messages[2].tool_plan
protocol tool_call       history messages[2].tool_calls[0].id
protocol tool_call       history messages[2].tool_calls[0].type
protocol tool_call       history messages[2].tool_calls[0].function.name
protocol key             history messages[2].tool_calls[0].function.arguments.{card}
text     tool_call       history messages[2].tool_calls[0].function.arguments.card
protocol tool_result     new     messages[3].role
protocol tool_result     new     messages[3].tool_call_id
protocol file            new     messages[3].content[0].type
protocol file            new     messages[3].content[0].document.id
text     file            new     messages[3].content[0].document.data
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
text     file            new     documents[0]
protocol file            new     documents[1].id
text     file            new     documents[1].data.title
text     file            new     documents[1].data.text
protocol key             new     {citation_options}
protocol user            new     citation_options.mode
protocol tool_definition history response_format.type
protocol tool_definition history response_format.json_schema.type
text     tool_definition history response_format.json_schema.title
protocol key             new     {safety_mode}
protocol user            new     safety_mode
protocol user            new     stop_sequences[0]
protocol user            new     thinking.type
protocol user            new     tool_choice
"""

ERROR = {"id": "pg-1", "message": "Stopped."}

SAMPLE = Sample(
    "cohere",
    BODY,
    TABLE,
    notice={"body": ERROR, "message": [ERROR]},
    path="/v2/chat",
    answer=SampleAnswer(
        "sse",
        "text/event-stream",
        [
            {"type": "message-start", "id": "m1", "delta": {"message": {"role": "assistant"}}},
            {"type": "content-start", "index": 0, "delta": {"message": {"content": {"type": "text", "text": ""}}}},
        ],
        '{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"TEXT"}}}}',
        ("delta", "message", "content", "text"),
        [{"type": "content-end", "index": 0}, {"type": "message-end", "delta": {"finish_reason": "COMPLETE"}}],
    ),
)
