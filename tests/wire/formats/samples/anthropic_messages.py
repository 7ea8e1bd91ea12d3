"""The Messages API as Claude Code uses it."""

from tests.wire.formats.samples.interface import CARD, MAIL, SEAL, UUID, Sample, SampleAnswer

BODY = {
    "model": "claude-opus-4-8",
    "system": [
        {"type": "text", "text": f"You are an agent for {MAIL}.",
         "cache_control": {"type": "ephemeral", "ttl": "1h", "scope": "global"}},
    ],
    "messages": [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": f"Charge {CARD}"},
                {"type": "document", "title": "March list", "context": "From the shop.",
                 "source": {"type": "text", "media_type": "text/plain", "data": f"1: {MAIL}"},
                 "citations": {"enabled": True}},
                {"type": "image", "source": {"type": "file", "file_id": "file_011"}},
            ],
        },
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "The card first.", "signature": SEAL},
                {"type": "redacted_thinking", "data": SEAL},
                {"type": "text", "text": f"Asking {MAIL}.",
                 "citations": [{"type": "web_search_result_location", "url": "https://nordwind.example/",
                                "title": "A page", "cited_text": "Refunds.", "encrypted_index": SEAL}]},
                {"type": "tool_use", "id": "toolu_1", "name": "Bash",
                 "input": {"command": f"grep '{CARD}' list.txt", "type": f"for {MAIL}"},
                 "caller": {"type": "direct"}},
                {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "refunds"}},
                {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1",
                 "content": [{"type": "web_search_result", "url": "https://nordwind.example/", "title": "A page",
                              "page_age": "2 days", "encrypted_content": SEAL}]},
                {"type": "mcp_tool_use", "id": "mcptoolu_1", "name": "add", "server_name": "notes",
                 "input": {"text": "A note."}},
                {"type": "mcp_tool_result", "tool_use_id": "mcptoolu_1",
                 "content": [{"type": "text", "text": "Added."}]},
                {"type": "code_execution_tool_result", "tool_use_id": "srvtoolu_2",
                 "content": {"type": "code_execution_result", "stdout": f"to {MAIL}", "stderr": "", "return_code": 0,
                             "content": [{"type": "code_execution_output", "file_id": "file_012"}]}},
                {"type": "web_fetch_tool_result", "tool_use_id": "srvtoolu_3",
                 "content": {"type": "web_fetch_result", "url": "https://nordwind.example/a",
                             "retrieved_at": "2026-11-28T12:00:00Z",
                             "content": {"type": "document", "title": "A page",
                                         "source": {"type": "text", "media_type": "text/plain", "data": f"{MAIL}"}}}},
                {"type": "tool_search_tool_result", "tool_use_id": "srvtoolu_4",
                 "content": {"type": "tool_search_tool_search_result",
                             "tool_references": [{"type": "tool_reference", "tool_name": "Read"}]}},
                {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_5",
                 "content": {"type": "web_search_tool_result_error", "error_code": "max_uses_exceeded"}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "toolu_1",
                 "content": [{"type": "text", "text": f"1: {MAIL}"},
                             {"type": "tool_reference", "tool_name": "Read"}]},
                {"type": "text", "text": f"And {CARD}?", "cache_control": {"type": "ephemeral"}},
            ],
        },
    ],
    "tools": [
        {"name": "Bash", "description": f"Runs a command. Ask {MAIL}.", "strict": True,
         "input_schema": {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
                          "properties": {"command": {"type": "string", "description": "What to run."},
                                         "description": {"type": "string", "description": "Why."}},
                          "required": ["command"], "additionalProperties": False}},
        {"type": "web_search_20250305", "name": "web_search", "allowed_callers": ["direct"],
         "allowed_domains": ["nordwind.example"],
         "user_location": {"type": "approximate", "city": "Kiel", "timezone": "Europe/Berlin"}},
        {"type": "mcp_toolset", "mcp_server_name": "notes"},
    ],
    "tool_choice": {"type": "tool", "name": "Bash"},
    "mcp_servers": [{"type": "url", "name": "notes", "url": "https://nordwind.example/mcp"}],
    "container": {"id": "container_011", "skills": [{"type": "anthropic", "skill_id": "xlsx", "version": "latest"}]},
    "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]},
    "output_config": {"effort": "medium", "format": {"type": "json_schema", "schema": {
        "type": "object", "properties": {"mail": {"type": "string", "description": "Whom to ask."}}}}},
    "thinking": {"type": "adaptive", "display": "summarized"},
    "stop_sequences": ["\n\nHuman:"],
    "service_tier": "auto",
    "speed": "fast",
    "metadata": {"user_id": f"user_7f3a_session_{UUID}"},
    "max_tokens": 32000,
    "stream": True,
}  # fmt: skip

TABLE = """
protocol other           new     model
protocol system          history system[0].type
text     system          history system[0].text
protocol system          history system[0].cache_control.type
protocol system          history system[0].cache_control.ttl
protocol key             history system[0].cache_control.{scope}
protocol system          history system[0].cache_control.scope
protocol user            history messages[0].role
protocol user            history messages[0].content[0].type
text     user            history messages[0].content[0].text
protocol file            history messages[0].content[1].type
text     file            history messages[0].content[1].title
text     file            history messages[0].content[1].context
protocol file            history messages[0].content[1].source.type
protocol file            history messages[0].content[1].source.media_type
text     file            history messages[0].content[1].source.data
protocol file            history messages[0].content[2].type
protocol file            history messages[0].content[2].source.type
protocol file            history messages[0].content[2].source.file_id
protocol assistant       history messages[1].role
protocol assistant       history messages[1].content[0].type
issued   assistant       history messages[1].content[0].thinking
issued   assistant       history messages[1].content[0].signature
protocol assistant       history messages[1].content[1].type
issued   assistant       history messages[1].content[1].data
protocol assistant       history messages[1].content[2].type
text     assistant       history messages[1].content[2].text
protocol assistant       history messages[1].content[2].citations[0].type
text     assistant       history messages[1].content[2].citations[0].url
text     assistant       history messages[1].content[2].citations[0].title
protocol key             history messages[1].content[2].citations[0].{cited_text}
text     assistant       history messages[1].content[2].citations[0].cited_text
protocol key             history messages[1].content[2].citations[0].{encrypted_index}
issued   assistant       history messages[1].content[2].citations[0].encrypted_index
protocol tool_call       history messages[1].content[3].type
protocol tool_call       history messages[1].content[3].id
protocol tool_call       history messages[1].content[3].name
protocol key             history messages[1].content[3].input.{command}
text     tool_call       history messages[1].content[3].input.command
text     tool_call       history messages[1].content[3].input.type
protocol key             history messages[1].content[3].{caller}
protocol tool_call       history messages[1].content[3].caller.type
protocol tool_call       history messages[1].content[4].type
protocol tool_call       history messages[1].content[4].id
protocol tool_call       history messages[1].content[4].name
text     tool_call       history messages[1].content[4].input.query
protocol tool_result     history messages[1].content[5].type
protocol tool_result     history messages[1].content[5].tool_use_id
protocol tool_result     history messages[1].content[5].content[0].type
text     tool_result     history messages[1].content[5].content[0].url
text     tool_result     history messages[1].content[5].content[0].title
protocol key             history messages[1].content[5].content[0].{page_age}
text     tool_result     history messages[1].content[5].content[0].page_age
issued   tool_result     history messages[1].content[5].content[0].encrypted_content
protocol tool_call       history messages[1].content[6].type
protocol tool_call       history messages[1].content[6].id
protocol tool_call       history messages[1].content[6].name
protocol key             history messages[1].content[6].{server_name}
protocol tool_call       history messages[1].content[6].server_name
text     tool_call       history messages[1].content[6].input.text
protocol tool_result     history messages[1].content[7].type
protocol tool_result     history messages[1].content[7].tool_use_id
protocol tool_result     history messages[1].content[7].content[0].type
text     tool_result     history messages[1].content[7].content[0].text
protocol tool_result     history messages[1].content[8].type
protocol tool_result     history messages[1].content[8].tool_use_id
protocol tool_result     history messages[1].content[8].content.type
protocol key             history messages[1].content[8].content.{stdout}
text     tool_result     history messages[1].content[8].content.stdout
protocol key             history messages[1].content[8].content.{stderr}
protocol key             history messages[1].content[8].content.{return_code}
protocol tool_result     history messages[1].content[8].content.content[0].type
protocol tool_result     history messages[1].content[8].content.content[0].file_id
protocol tool_result     history messages[1].content[9].type
protocol tool_result     history messages[1].content[9].tool_use_id
protocol tool_result     history messages[1].content[9].content.type
text     tool_result     history messages[1].content[9].content.url
protocol key             history messages[1].content[9].content.{retrieved_at}
protocol tool_result     history messages[1].content[9].content.retrieved_at
protocol tool_result     history messages[1].content[9].content.content.type
text     tool_result     history messages[1].content[9].content.content.title
protocol tool_result     history messages[1].content[9].content.content.source.type
protocol tool_result     history messages[1].content[9].content.content.source.media_type
text     tool_result     history messages[1].content[9].content.content.source.data
protocol tool_result     history messages[1].content[10].type
protocol tool_result     history messages[1].content[10].tool_use_id
protocol tool_result     history messages[1].content[10].content.type
protocol key             history messages[1].content[10].content.{tool_references}
protocol tool_result     history messages[1].content[10].content.tool_references[0].type
protocol tool_result     history messages[1].content[10].content.tool_references[0].tool_name
protocol tool_result     history messages[1].content[11].type
protocol tool_result     history messages[1].content[11].tool_use_id
protocol tool_result     history messages[1].content[11].content.type
protocol key             history messages[1].content[11].content.{error_code}
protocol tool_result     history messages[1].content[11].content.error_code
protocol user            new     messages[2].role
protocol tool_result     new     messages[2].content[0].type
protocol tool_result     new     messages[2].content[0].tool_use_id
protocol tool_result     new     messages[2].content[0].content[0].type
text     tool_result     new     messages[2].content[0].content[0].text
protocol tool_result     new     messages[2].content[0].content[1].type
protocol tool_result     new     messages[2].content[0].content[1].tool_name
protocol user            new     messages[2].content[1].type
text     user            new     messages[2].content[1].text
protocol user            new     messages[2].content[1].cache_control.type
protocol tool_definition history tools[0].name
text     tool_definition history tools[0].description
protocol tool_definition history tools[0].input_schema.$schema
protocol tool_definition history tools[0].input_schema.type
protocol key             history tools[0].input_schema.properties.{command}
protocol tool_definition history tools[0].input_schema.properties.command.type
text     tool_definition history tools[0].input_schema.properties.command.description
protocol tool_definition history tools[0].input_schema.properties.description.type
text     tool_definition history tools[0].input_schema.properties.description.description
protocol tool_definition history tools[0].input_schema.required[0]
protocol tool_definition history tools[1].type
protocol tool_definition history tools[1].name
protocol key             history tools[1].{allowed_callers}
protocol tool_definition history tools[1].allowed_callers[0]
protocol key             history tools[1].{allowed_domains}
protocol tool_definition history tools[1].allowed_domains[0]
protocol key             history tools[1].{user_location}
protocol tool_definition history tools[1].user_location.type
protocol key             history tools[1].user_location.{city}
text     tool_definition history tools[1].user_location.city
protocol tool_definition history tools[1].user_location.timezone
protocol tool_definition history tools[2].type
protocol key             history tools[2].{mcp_server_name}
protocol tool_definition history tools[2].mcp_server_name
protocol user            new     tool_choice.type
protocol user            new     tool_choice.name
protocol key             new     {mcp_servers}
protocol tool_definition history mcp_servers[0].type
protocol tool_definition history mcp_servers[0].name
text     tool_definition history mcp_servers[0].url
protocol user            new     container.id
protocol key             new     container.{skills}
protocol user            new     container.skills[0].type
protocol key             new     container.skills[0].{skill_id}
protocol user            new     container.skills[0].skill_id
protocol user            new     container.skills[0].version
protocol key             new     context_management.{edits}
protocol user            new     context_management.edits[0].type
protocol key             new     context_management.edits[0].{keep}
protocol user            new     context_management.edits[0].keep
protocol key             new     {output_config}
protocol tool_definition history output_config.effort
protocol tool_definition history output_config.format.type
protocol tool_definition history output_config.format.schema.type
protocol key             history output_config.format.schema.properties.{mail}
protocol tool_definition history output_config.format.schema.properties.mail.type
text     tool_definition history output_config.format.schema.properties.mail.description
protocol user            new     thinking.type
protocol key             new     thinking.{display}
protocol user            new     thinking.display
protocol user            new     stop_sequences[0]
protocol other           new     service_tier
protocol key             new     {speed}
protocol user            new     speed
protocol key             new     metadata.{user_id}
text     other           new     metadata.user_id
"""

ERROR = {"type": "error", "error": {"type": "invalid_request_error", "message": "Stopped."}, "request_id": "pg-1"}

SAMPLE = Sample(
    "anthropic_messages",
    BODY,
    TABLE,
    notice={"body": ERROR, "message": [ERROR]},
    path="/v1/messages",
    answer=SampleAnswer(
        "sse",
        "text/event-stream",
        [
            {"type": "message_start", "message": {"id": "msg_1", "role": "assistant", "content": []}},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        ],
        '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"TEXT"}}',
        ("delta", "text"),
        [{"type": "content_block_stop", "index": 0}, {"type": "message_stop"}],
    ),
)
