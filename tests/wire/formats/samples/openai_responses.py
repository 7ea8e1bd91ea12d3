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
        {"type": "message", "role": "assistant", "id": "msg_1", "status": "completed", "content": [
            {"type": "output_text", "text": f"See {MAIL}.", "annotations": [
                {"type": "url_citation", "url": "https://nordwind.example/", "title": "A page", "start_index": 0},
                {"type": "container_file_citation", "file_id": "cfile_1", "container_id": "cntr_1",
                 "filename": "list.csv"}]}]},
        {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {
            "type": "search", "query": f"refunds {MAIL}",
            "sources": [{"type": "url", "url": "https://nordwind.example/"}]}},
        {"type": "file_search_call", "id": "fs_1", "status": "completed", "queries": [f"of {MAIL}"],
         "results": [{"file_id": "file-2", "filename": "list.csv", "text": f"1: {MAIL}"}]},
        {"type": "code_interpreter_call", "id": "ci_1", "status": "completed", "container_id": "cntr_1",
         "code": f"print('{MAIL}')", "outputs": [{"type": "logs", "logs": f"{MAIL}"}]},
        {"type": "computer_call", "id": "cu_1", "call_id": "call_4", "status": "completed",
         "action": {"type": "click", "button": "left"},
         "pending_safety_checks": [{"id": "cu_sc_1", "code": "malicious_instructions", "message": "Look again."}]},
        {"type": "mcp_list_tools", "id": "mcpl_1", "server_label": "notes", "tools": [
            {"name": "add", "description": f"Adds for {MAIL}.",
             "input_schema": {"type": "object", "properties": {"text": {"type": "string"}}}}]},
        {"type": "mcp_approval_request", "id": "mcpr_1", "server_label": "notes", "name": "add",
         "arguments": f'{{"note":"of {MAIL}"}}'},
        {"type": "mcp_approval_response", "approval_request_id": "mcpr_1", "approve": True, "reason": "It may."},
        {"type": "apply_patch_call", "call_id": "call_5", "status": "completed",
         "operation": {"type": "update_file", "path": "a/list.txt", "diff": f"+{MAIL}"}},
        {"type": "shell_call_output", "call_id": "call_6", "output": [
            {"stdout": f"1: {MAIL}", "stderr": "", "outcome": {"type": "exit", "exit_code": 0}}]},
        {"type": "item_reference", "id": "msg_2"},
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
        {"type": "web_search", "search_context_size": "low",
         "filters": {"allowed_domains": ["nordwind.example"]},
         "user_location": {"type": "approximate", "country": "DE", "timezone": "Europe/Berlin"}},
        {"type": "mcp", "server_label": "notes", "connector_id": "connector_dropbox",
         "server_url": "https://nordwind.example/mcp", "allowed_tools": {"tool_names": ["add"]},
         "require_approval": {"always": {"tool_names": ["add"]}}},
        {"type": "file_search", "vector_store_ids": ["vs_1"], "ranking_options": {"ranker": "auto"}},
        {"type": "code_interpreter", "container": {"type": "auto", "file_ids": ["file-3"]}},
        {"type": "image_generation", "size": "auto", "quality": "high", "background": "opaque", "moderation": "low"},
        {"type": "computer_use_preview", "environment": "browser"},
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
protocol tool_result     history input[8].type
protocol tool_result     history input[8].call_id
text     tool_result     history input[8].output
protocol assistant       history input[9].type
protocol assistant       history input[9].role
protocol assistant       history input[9].id
protocol assistant       history input[9].status
protocol assistant       history input[9].content[0].type
text     assistant       history input[9].content[0].text
protocol assistant       history input[9].content[0].annotations[0].type
text     assistant       history input[9].content[0].annotations[0].url
text     assistant       history input[9].content[0].annotations[0].title
protocol key             history input[9].content[0].annotations[0].{start_index}
protocol assistant       history input[9].content[0].annotations[1].type
protocol assistant       history input[9].content[0].annotations[1].file_id
protocol key             history input[9].content[0].annotations[1].{container_id}
protocol assistant       history input[9].content[0].annotations[1].container_id
text     assistant       history input[9].content[0].annotations[1].filename
protocol tool_call       history input[10].type
protocol tool_call       history input[10].id
protocol tool_call       history input[10].status
protocol key             history input[10].{action}
protocol tool_call       history input[10].action.type
text     tool_call       history input[10].action.query
protocol tool_call       history input[10].action.sources[0].type
text     tool_call       history input[10].action.sources[0].url
protocol tool_call       history input[11].type
protocol tool_call       history input[11].id
protocol tool_call       history input[11].status
protocol key             history input[11].{queries}
text     tool_call       history input[11].queries[0]
protocol tool_call       history input[11].results[0].file_id
text     tool_call       history input[11].results[0].filename
text     tool_call       history input[11].results[0].text
protocol tool_call       history input[12].type
protocol tool_call       history input[12].id
protocol tool_call       history input[12].status
protocol key             history input[12].{container_id}
protocol tool_call       history input[12].container_id
text     tool_call       history input[12].code
protocol tool_call       history input[12].outputs[0].type
protocol key             history input[12].outputs[0].{logs}
text     tool_call       history input[12].outputs[0].logs
protocol tool_call       history input[13].type
protocol tool_call       history input[13].id
protocol tool_call       history input[13].call_id
protocol tool_call       history input[13].status
protocol key             history input[13].{action}
protocol tool_call       history input[13].action.type
protocol key             history input[13].action.{button}
protocol tool_call       history input[13].action.button
protocol key             history input[13].{pending_safety_checks}
protocol tool_call       history input[13].pending_safety_checks[0].id
protocol tool_call       history input[13].pending_safety_checks[0].code
text     tool_call       history input[13].pending_safety_checks[0].message
protocol tool_definition history input[14].type
protocol tool_definition history input[14].id
protocol key             history input[14].{server_label}
protocol tool_definition history input[14].server_label
protocol tool_definition history input[14].tools[0].name
text     tool_definition history input[14].tools[0].description
protocol tool_definition history input[14].tools[0].input_schema.type
protocol tool_definition history input[14].tools[0].input_schema.properties.text.type
protocol tool_call       history input[15].type
protocol tool_call       history input[15].id
protocol key             history input[15].{server_label}
protocol tool_call       history input[15].server_label
protocol tool_call       history input[15].name
protocol key             history input[15].arguments.{note}
text     tool_call       history input[15].arguments.note
protocol user            history input[16].type
protocol key             history input[16].{approval_request_id}
protocol user            history input[16].approval_request_id
protocol key             history input[16].{approve}
protocol key             history input[16].{reason}
text     user            history input[16].reason
protocol tool_call       history input[17].type
protocol tool_call       history input[17].call_id
protocol tool_call       history input[17].status
protocol key             history input[17].{operation}
protocol tool_call       history input[17].operation.type
text     tool_call       history input[17].operation.path
protocol key             history input[17].operation.{diff}
text     tool_call       history input[17].operation.diff
protocol tool_result     new     input[18].type
protocol tool_result     new     input[18].call_id
protocol key             new     input[18].output[0].{stdout}
text     tool_result     new     input[18].output[0].stdout
protocol key             new     input[18].output[0].{stderr}
protocol key             new     input[18].output[0].{outcome}
protocol tool_result     new     input[18].output[0].outcome.type
protocol key             new     input[18].output[0].outcome.{exit_code}
protocol user            new     input[19].type
protocol user            new     input[19].id
protocol user            new     input[20].type
protocol user            new     input[20].role
protocol user            new     input[20].content[0].type
text     user            new     input[20].content[0].text
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
protocol key             history tools[3].{filters}
protocol key             history tools[3].filters.{allowed_domains}
protocol tool_definition history tools[3].filters.allowed_domains[0]
protocol key             history tools[3].{user_location}
protocol tool_definition history tools[3].user_location.type
protocol key             history tools[3].user_location.{country}
protocol tool_definition history tools[3].user_location.country
protocol tool_definition history tools[3].user_location.timezone
protocol tool_definition history tools[4].type
protocol key             history tools[4].{server_label}
protocol tool_definition history tools[4].server_label
protocol key             history tools[4].{connector_id}
protocol tool_definition history tools[4].connector_id
protocol key             history tools[4].{server_url}
text     tool_definition history tools[4].server_url
protocol key             history tools[4].allowed_tools.{tool_names}
protocol tool_definition history tools[4].allowed_tools.tool_names[0]
protocol key             history tools[4].{require_approval}
protocol key             history tools[4].require_approval.{always}
protocol key             history tools[4].require_approval.always.{tool_names}
protocol tool_definition history tools[4].require_approval.always.tool_names[0]
protocol tool_definition history tools[5].type
protocol key             history tools[5].{vector_store_ids}
protocol tool_definition history tools[5].vector_store_ids[0]
protocol key             history tools[5].{ranking_options}
protocol key             history tools[5].ranking_options.{ranker}
protocol tool_definition history tools[5].ranking_options.ranker
protocol tool_definition history tools[6].type
protocol tool_definition history tools[6].container.type
protocol tool_definition history tools[6].container.file_ids[0]
protocol tool_definition history tools[7].type
protocol tool_definition history tools[7].size
protocol tool_definition history tools[7].quality
protocol tool_definition history tools[7].background
protocol key             history tools[7].{moderation}
protocol tool_definition history tools[7].moderation
protocol tool_definition history tools[8].type
protocol key             history tools[8].{environment}
protocol tool_definition history tools[8].environment
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
