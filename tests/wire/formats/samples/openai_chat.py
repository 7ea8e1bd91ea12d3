"""Chat completions, with what OpenRouter, Groq and Google's compatible API add."""

from tests.wire.formats.samples.interface import CARD, MAIL, SEAL, Sample, SampleAnswer

BODY = {
    "model": "gpt-5",
    "messages": [
        {"role": "system", "name": "house", "content": f"You work for {MAIL}."},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": f"Refund {CARD}", "cache_control": {"type": "ephemeral", "ttl": "1h"}},
                {"type": "image_url", "image_url": {"url": "https://nordwind.example/a.png", "detail": "high"}},
                {"type": "file", "file": {"file_id": "file-abc123", "filename": "refunds march.txt"}},
            ],
        },
        {
            "role": "assistant",
            "content": f"Asking {MAIL}.",
            "refusal": "",
            "reasoning_content": "A refund is asked for.",
            "reasoning_details": [{"type": "reasoning.encrypted", "id": "r1", "format": "openai-responses-v1",
                                   "data": SEAL}],
            "reasoning_opaque": SEAL,
            "tool_calls": [
                {
                    "id": "call_1",
                    "type": "function",
                    "function": {"name": "refund", "arguments": f'{{"card":"{CARD}","note":"to {MAIL}"}}'},
                    "extra_content": {"google": {"thought_signature": SEAL}},
                }
            ],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": f"Refunded {CARD}"},
        {"role": "user", "content": f"Write that to {MAIL}."},
    ],
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "refund",
                "description": f"Ask {MAIL} first.",
                "strict": True,
                "parameters": {
                    "type": "object",
                    "title": "A refund",
                    "properties": {
                        "card": {"type": "string", "description": "Digits only.", "pattern": "^[0-9 ]+$"},
                        "note": {"type": "string", "enum": ["late", "broken"]},
                    },
                    "required": ["card"],
                },
            },
        },
        {
            "type": "custom",
            "custom": {
                "name": "patch",
                "description": "Writes a patch.",
                "format": {"type": "grammar", "grammar": {"syntax": "lark", "definition": "start: NEWLINE"}},
            },
        },
    ],
    "tool_choice": {"type": "function", "function": {"name": "refund"}},
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "answer", "description": "What is sent.",
                        "schema": {"type": "object", "properties": {"mail": {"type": "string"}}}},
    },
    "stop": ["\n\nUser:"],
    "service_tier": "auto",
    "prompt_cache_key": "session-1",
    "safety_identifier": "user-7f3a",
    "user": "user-7f3a",
    "metadata": {"ticket": "T-77"},
    "stream": True,
}  # fmt: skip

TABLE = """
protocol other           new     model
protocol system          history messages[0].role
protocol system          history messages[0].name
text     system          history messages[0].content
protocol user            history messages[1].role
protocol user            history messages[1].content[0].type
text     user            history messages[1].content[0].text
protocol user            history messages[1].content[0].cache_control.type
protocol user            history messages[1].content[0].cache_control.ttl
protocol file            history messages[1].content[1].type
text     file            history messages[1].content[1].image_url.url
protocol file            history messages[1].content[1].image_url.detail
protocol file            history messages[1].content[2].type
protocol file            history messages[1].content[2].file.file_id
text     file            history messages[1].content[2].file.filename
protocol assistant       history messages[2].role
text     assistant       history messages[2].content
text     assistant       history messages[2].reasoning_content
protocol key             history messages[2].{reasoning_details}
protocol assistant       history messages[2].reasoning_details[0].type
protocol assistant       history messages[2].reasoning_details[0].id
protocol assistant       history messages[2].reasoning_details[0].format
issued   assistant       history messages[2].reasoning_details[0].data
protocol key             history messages[2].{reasoning_opaque}
issued   assistant       history messages[2].reasoning_opaque
protocol tool_call       history messages[2].tool_calls[0].id
protocol tool_call       history messages[2].tool_calls[0].type
protocol tool_call       history messages[2].tool_calls[0].function.name
protocol key             history messages[2].tool_calls[0].function.arguments.{card}
text     tool_call       history messages[2].tool_calls[0].function.arguments.card
protocol key             history messages[2].tool_calls[0].function.arguments.{note}
text     tool_call       history messages[2].tool_calls[0].function.arguments.note
protocol key             history messages[2].tool_calls[0].{extra_content}
protocol key             history messages[2].tool_calls[0].extra_content.{google}
protocol key             history messages[2].tool_calls[0].extra_content.google.{thought_signature}
issued   tool_call       history messages[2].tool_calls[0].extra_content.google.thought_signature
protocol tool_result     new     messages[3].role
protocol tool_result     new     messages[3].tool_call_id
text     tool_result     new     messages[3].content
protocol user            new     messages[4].role
text     user            new     messages[4].content
protocol tool_definition history tools[0].type
protocol tool_definition history tools[0].function.name
text     tool_definition history tools[0].function.description
protocol tool_definition history tools[0].function.parameters.type
text     tool_definition history tools[0].function.parameters.title
protocol key             history tools[0].function.parameters.properties.{card}
protocol tool_definition history tools[0].function.parameters.properties.card.type
text     tool_definition history tools[0].function.parameters.properties.card.description
protocol tool_definition history tools[0].function.parameters.properties.card.pattern
protocol key             history tools[0].function.parameters.properties.{note}
protocol tool_definition history tools[0].function.parameters.properties.note.type
protocol tool_definition history tools[0].function.parameters.properties.note.enum[0]
protocol tool_definition history tools[0].function.parameters.properties.note.enum[1]
protocol tool_definition history tools[0].function.parameters.required[0]
protocol tool_definition history tools[1].type
protocol key             history tools[1].{custom}
protocol tool_definition history tools[1].custom.name
text     tool_definition history tools[1].custom.description
protocol tool_definition history tools[1].custom.format.type
protocol key             history tools[1].custom.format.grammar.{syntax}
protocol tool_definition history tools[1].custom.format.grammar.syntax
protocol key             history tools[1].custom.format.grammar.{definition}
protocol tool_definition history tools[1].custom.format.grammar.definition
protocol user            new     tool_choice.type
protocol user            new     tool_choice.function.name
protocol tool_definition history response_format.type
protocol tool_definition history response_format.json_schema.name
text     tool_definition history response_format.json_schema.description
protocol tool_definition history response_format.json_schema.schema.type
protocol key             history response_format.json_schema.schema.properties.{mail}
protocol tool_definition history response_format.json_schema.schema.properties.mail.type
protocol user            new     stop[0]
protocol other           new     service_tier
protocol other           new     prompt_cache_key
protocol other           new     safety_identifier
text     other           new     user
protocol key             new     metadata.{ticket}
text     other           new     metadata.ticket
"""

ERROR = {
    "error": {"message": "Stopped.", "type": "invalid_request_error", "param": None, "code": "promptguard_blocked"}
}

SAMPLE = Sample(
    "openai_chat",
    BODY,
    TABLE,
    notice={"body": ERROR, "message": [ERROR]},
    path="/v1/chat/completions",
    answer=SampleAnswer(
        "sse",
        "text/event-stream",
        [{"id": "c1", "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]}],
        '{"id":"c1","choices":[{"index":0,"delta":{"content":"TEXT"}}]}',
        ("choices", 0, "delta", "content"),
        [{"id": "c1", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}],
    ),
)
