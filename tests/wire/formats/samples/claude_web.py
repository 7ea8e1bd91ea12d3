"""claude.ai: `completion`."""

from tests.wire.formats.samples.interface import CARD, MAIL, UUID, Sample, SampleAnswer

BODY = {
    "prompt": f"Charge {CARD}",
    "parent_message_uuid": UUID,
    "timezone": "Europe/Berlin",
    "locale": "en-US",
    "model": "claude-opus-4-8",
    "personalized_styles": [{"type": "default", "key": "Default", "name": "Normal", "nameKey": "normal_style_name",
                             "prompt": f"Write as {MAIL}.", "summary": "Plain answers", "isDefault": True}],
    "tools": [{"type": "web_search_v0", "name": "web_search"},
              {"name": "notes:add", "description": f"Adds to the notes of {MAIL}.",
               "input_schema": {"type": "object", "properties": {"text": {"type": "string",
                                                                          "description": "What to add."}}}}],
    "attachments": [{"file_name": "march list.txt", "file_type": "text/plain", "file_size": 20,
                     "extracted_content": f"1: {MAIL}"}],
    "files": [UUID],
    "sync_sources": [],
    "rendering_mode": "messages",
    "turn_message_uuids": {"human_message_uuid": UUID, "assistant_message_uuid": UUID},
    "tool_states": [{"tool": "web_search", "state": "enabled"}],
    "effort": "high",
    "thinking_mode": "extended",
    "create_conversation_params": {"name": f"About {MAIL}", "model": "claude-opus-4-8", "project_uuid": UUID,
                                   "is_temporary": False},
}  # fmt: skip

TABLE = """
text     user            new     prompt
protocol key             new     {parent_message_uuid}
protocol user            new     parent_message_uuid
protocol other           new     timezone
protocol key             new     {locale}
protocol user            new     locale
protocol other           new     model
protocol key             new     {personalized_styles}
protocol system          new     personalized_styles[0].type
protocol key             new     personalized_styles[0].{key}
protocol system          new     personalized_styles[0].key
text     system          new     personalized_styles[0].name
protocol key             new     personalized_styles[0].{nameKey}
protocol system          new     personalized_styles[0].nameKey
text     system          new     personalized_styles[0].prompt
text     system          new     personalized_styles[0].summary
protocol key             new     personalized_styles[0].{isDefault}
protocol tool_definition new     tools[0].type
protocol tool_definition new     tools[0].name
protocol tool_definition new     tools[1].name
text     tool_definition new     tools[1].description
protocol tool_definition new     tools[1].input_schema.type
protocol tool_definition new     tools[1].input_schema.properties.text.type
text     tool_definition new     tools[1].input_schema.properties.text.description
text     file            new     attachments[0].file_name
protocol key             new     attachments[0].{file_type}
protocol file            new     attachments[0].file_type
text     file            new     attachments[0].extracted_content
protocol file            new     files[0]
protocol key             new     {sync_sources}
protocol key             new     {rendering_mode}
protocol user            new     rendering_mode
protocol key             new     {turn_message_uuids}
protocol key             new     turn_message_uuids.{human_message_uuid}
protocol user            new     turn_message_uuids.human_message_uuid
protocol key             new     turn_message_uuids.{assistant_message_uuid}
protocol user            new     turn_message_uuids.assistant_message_uuid
protocol key             new     {tool_states}
protocol key             new     tool_states[0].{tool}
protocol user            new     tool_states[0].tool
protocol user            new     tool_states[0].state
protocol user            new     effort
protocol key             new     {thinking_mode}
protocol user            new     thinking_mode
protocol key             new     {create_conversation_params}
text     user            new     create_conversation_params.name
protocol user            new     create_conversation_params.model
protocol key             new     create_conversation_params.{project_uuid}
protocol user            new     create_conversation_params.project_uuid
protocol key             new     create_conversation_params.{is_temporary}
"""

ERROR = {
    "type": "error",
    "error": {"message": "Stopped.", "type": "invalid_request_error", "param": None, "code": "promptguard_blocked"},
    "detail": "Stopped.",
}

SAMPLE = Sample(
    "claude_web",
    BODY,
    TABLE,
    notice={"body": ERROR, "message": [ERROR]},
    path=f"/api/organizations/{UUID}/chat_conversations/{UUID}/completion",
    answer=SampleAnswer(
        "sse",
        "text/event-stream",
        [
            {"type": "message_start", "message": {"id": "msg_1", "uuid": UUID, "content": []}},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        ],
        '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"TEXT"}}',
        ("delta", "text"),
        [{"type": "content_block_stop", "index": 0}, {"type": "message_limit"}, {"type": "message_stop"}],
    ),
)
