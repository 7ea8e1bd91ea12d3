"""The Responses API as Codex uses it."""

from tests.wire.formats.samples.interface import CARD, MAIL, SEAL, UUID, Sample, SampleAnswer

BODY = {
    "model": "gpt-5.3-codex",
    "instructions": f"You are a coding agent. Ask {MAIL}.",
    "input": [
        {"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "Sandbox is on."}]},
        {
            "type": "message",
            "role": "user",
            "content": [
                {"type": "input_text", "text": f"Charge {CARD}"},
                {"type": "input_image", "image_url": "https://nordwind.example/a.png", "detail": "auto"},
                {"type": "input_file", "file_id": "file-abc123", "filename": "march list.pdf"},
            ],
        },
        {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "The card first."}],
         "encrypted_content": SEAL},
        {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "charge", "status": "completed",
         "arguments": f'{{"card":"{CARD}"}}'},
        {"type": "function_call_output", "call_id": "call_1", "output": f"charged for {MAIL}"},
        {"type": "custom_tool_call", "call_id": "call_2", "name": "apply_patch", "input": f"*** {MAIL}"},
        {"type": "custom_tool_call_output", "call_id": "call_2", "output": [{"type": "input_text", "text": "Done."}]},
        {"type": "local_shell_call", "call_id": "call_3", "status": "completed",
         "action": {"type": "exec", "command": ["grep", MAIL, "list.txt"], "working_directory": "/srv/app"}},
        {"type": "local_shell_call_output", "call_id": "call_3", "output": f"1: {MAIL}"},
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": f"And {MAIL}?"}]},
    ],
    "tools": [
        {"type": "function", "name": "charge", "description": f"Tell {MAIL}.", "strict": False,
         "parameters": {"type": "object", "properties": {"card": {"type": "string", "description": "The card."}},
                        "required": ["card"], "additionalProperties": False}},
        {"type": "custom", "name": "apply_patch", "description": "Edits files.",
         "format": {"type": "grammar", "syntax": "lark", "definition": "start: begin_patch hunk+ NEWLINE"}},
        {"type": "namespace", "name": "mcp__notes", "description": "Notes.",
         "tools": [{"type": "function", "name": "add", "description": "Adds a note.",
                    "parameters": {"type": "object", "properties": {"text": {"type": "string"}}}}]},
        {"type": "web_search", "search_context_size": "low"},
    ],
    "tool_choice": "auto",
    "parallel_tool_calls": True,
    "reasoning": {"effort": "medium", "summary": "auto"},
    "text": {"verbosity": "low", "format": {"type": "json_schema", "name": "out",
                                            "schema": {"type": "object", "title": "What to say"}}},
    "include": ["reasoning.encrypted_content"],
    "prompt_cache_key": UUID,
    "client_metadata": {"x-codex-installation-id": UUID},
    "store": False,
    "stream": True,
}  # fmt: skip

TABLE = """
protocol other           new     model
text     system          history instructions
protocol system          history input[0].type
protocol system          history input[0].role
protocol system          history input[0].content[0].type
text     system          history input[0].content[0].text
protocol user            history input[1].type
protocol user            history input[1].role
protocol user            history input[1].content[0].type
text     user            history input[1].content[0].text
protocol file            history input[1].content[1].type
text     file            history input[1].content[1].image_url
protocol file            history input[1].content[1].detail
protocol file            history input[1].content[2].type
protocol file            history input[1].content[2].file_id
text     file            history input[1].content[2].filename
protocol assistant       history input[2].type
protocol assistant       history input[2].id
protocol assistant       history input[2].summary[0].type
text     assistant       history input[2].summary[0].text
issued   assistant       history input[2].encrypted_content
protocol tool_call       history input[3].type
protocol tool_call       history input[3].id
protocol tool_call       history input[3].call_id
protocol tool_call       history input[3].name
protocol tool_call       history input[3].status
protocol key             history input[3].arguments.{card}
text     tool_call       history input[3].arguments.card
protocol tool_result     history input[4].type
protocol tool_result     history input[4].call_id
text     tool_result     history input[4].output
protocol tool_call       history input[5].type
protocol tool_call       history input[5].call_id
protocol tool_call       history input[5].name
text     tool_call       history input[5].input
protocol tool_result     history input[6].type
protocol tool_result     history input[6].call_id
protocol tool_result     history input[6].output[0].type
text     tool_result     history input[6].output[0].text
protocol tool_call       history input[7].type
protocol tool_call       history input[7].call_id
protocol tool_call       history input[7].status
protocol key             history input[7].{action}
protocol tool_call       history input[7].action.type
protocol key             history input[7].action.{command}
text     tool_call       history input[7].action.command[0]
text     tool_call       history input[7].action.command[1]
text     tool_call       history input[7].action.command[2]
protocol key             history input[7].action.{working_directory}
text     tool_call       history input[7].action.working_directory
protocol tool_result     new     input[8].type
protocol tool_result     new     input[8].call_id
text     tool_result     new     input[8].output
protocol user            new     input[9].type
protocol user            new     input[9].role
protocol user            new     input[9].content[0].type
text     user            new     input[9].content[0].text
protocol tool_definition history tools[0].type
protocol tool_definition history tools[0].name
text     tool_definition history tools[0].description
protocol tool_definition history tools[0].parameters.type
protocol key             history tools[0].parameters.properties.{card}
protocol tool_definition history tools[0].parameters.properties.card.type
text     tool_definition history tools[0].parameters.properties.card.description
protocol tool_definition history tools[0].parameters.required[0]
protocol tool_definition history tools[1].type
protocol tool_definition history tools[1].name
text     tool_definition history tools[1].description
protocol tool_definition history tools[1].format.type
protocol key             history tools[1].format.{syntax}
protocol tool_definition history tools[1].format.syntax
protocol key             history tools[1].format.{definition}
protocol tool_definition history tools[1].format.definition
protocol tool_definition history tools[2].type
protocol tool_definition history tools[2].name
text     tool_definition history tools[2].description
protocol tool_definition history tools[2].tools[0].type
protocol tool_definition history tools[2].tools[0].name
text     tool_definition history tools[2].tools[0].description
protocol tool_definition history tools[2].tools[0].parameters.type
protocol tool_definition history tools[2].tools[0].parameters.properties.text.type
protocol tool_definition history tools[3].type
protocol key             history tools[3].{search_context_size}
protocol tool_definition history tools[3].search_context_size
protocol user            new     tool_choice
protocol user            new     reasoning.effort
protocol user            new     reasoning.summary
protocol tool_definition history text.verbosity
protocol tool_definition history text.format.type
protocol tool_definition history text.format.name
protocol tool_definition history text.format.schema.type
text     tool_definition history text.format.schema.title
protocol user            new     include[0]
protocol other           new     prompt_cache_key
protocol key             new     client_metadata.{x-codex-installation-id}
protocol user            new     client_metadata.x-codex-installation-id
"""

ERROR = {"message": "Stopped.", "type": "invalid_request_error", "param": None, "code": "promptguard_blocked"}
FAILED = {
    "type": "response.failed",
    "sequence_number": 0,
    "response": {
        "id": "resp_pg-1",
        "object": "response",
        "status": "failed",
        "error": {"code": "invalid_prompt", "message": "Stopped."},
    },
}

SAMPLE = Sample(
    "openai_responses",
    BODY,
    TABLE,
    notice={
        "body": {"error": ERROR},
        "stream": FAILED,
        "message": [{"type": "error", "event_id": "pg-1", "status": 400, "error": ERROR}],
    },
    path="/v1/responses",
    headers={"originator": "codex_exec"},
    answer=SampleAnswer(
        "sse",
        "text/event-stream",
        [{"type": "response.output_item.added", "output_index": 0, "item": {"type": "message", "id": "m1"}}],
        '{"type":"response.output_text.delta","item_id":"m1","output_index":0,"content_index":0,"delta":"TEXT"}',
        ("delta",),
        [
            {"type": "response.output_text.done", "item_id": "m1", "output_index": 0, "content_index": 0},
            {"type": "response.completed", "response": {"id": "resp_1", "status": "completed"}},
        ],
    ),
)
