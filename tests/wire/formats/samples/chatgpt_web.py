"""chatgpt.com: `POST /backend-api/f/conversation`."""

from tests.wire.formats.samples.interface import CARD, MAIL, UUID, Sample, SampleAnswer

BODY = {
    "action": "next",
    "messages": [
        {
            "id": UUID,
            "author": {"role": "user"},
            "create_time": 1795824000.123,
            "content": {"content_type": "multimodal_text", "parts": [
                {"content_type": "image_asset_pointer", "asset_pointer": "sediment://file_000000001", "size_bytes": 1},
                f"Charge {CARD} for {MAIL}",
            ]},
            "recipient": "all",
            "metadata": {
                "attachments": [{"id": "file_000000001", "name": f"{MAIL}.png", "mime_type": "image/png", "size": 1}],
                "selected_sources": [],
            },
        }
    ],
    "parent_message_id": UUID,
    "conversation_id": UUID,
    "model": "gpt-5-2",
    "client_prepare_state": "success",
    "timezone_offset_min": -60,
    "timezone": "Europe/Berlin",
    "conversation_mode": {"kind": "primary_assistant"},
    "enable_message_followups": True,
    "system_hints": ["search"],
    "supports_buffering": True,
    "supported_encodings": ["v1"],
    "client_contextual_info": {"is_dark_mode": False, "time_since_loaded": 12, "app_name": "chatgpt.com"},
    "paragen_cot_summary_display_override": "allow",
    "force_parallel_switch": "auto",
    "thinking_effort": "standard",
    "conduit_token": "eyJhbGciOiJFUzI1NiJ9." + "eyJ0IjoxfQ" * 4 + ".c2lnbmVk",
    "partial_query": {"id": UUID, "author": {"role": "user"},
                      "content": {"content_type": "text", "parts": [f"Ask {MAIL}"]}},
}  # fmt: skip

TABLE = """
protocol key             new     {action}
protocol other           new     action
protocol user            new     messages[0].id
protocol user            new     messages[0].author.role
protocol user            new     messages[0].create_time
protocol key             new     messages[0].content.{content_type}
protocol user            new     messages[0].content.content_type
protocol key             new     messages[0].content.parts[0].{content_type}
protocol user            new     messages[0].content.parts[0].content_type
protocol key             new     messages[0].content.parts[0].{asset_pointer}
protocol user            new     messages[0].content.parts[0].asset_pointer
protocol key             new     messages[0].content.parts[0].{size_bytes}
text     user            new     messages[0].content.parts[1]
protocol key             new     messages[0].{recipient}
protocol user            new     messages[0].recipient
protocol file            new     messages[0].metadata.attachments[0].id
text     file            new     messages[0].metadata.attachments[0].name
protocol file            new     messages[0].metadata.attachments[0].mime_type
protocol key             new     messages[0].metadata.{selected_sources}
protocol user            new     parent_message_id
protocol user            new     conversation_id
protocol other           new     model
protocol key             new     {client_prepare_state}
protocol user            new     client_prepare_state
protocol other           new     timezone
protocol user            new     conversation_mode.kind
protocol key             new     {enable_message_followups}
protocol key             new     {system_hints}
protocol other           new     system_hints[0]
protocol key             new     {supports_buffering}
protocol user            new     supported_encodings[0]
protocol key             new     {client_contextual_info}
protocol key             new     client_contextual_info.{is_dark_mode}
protocol key             new     client_contextual_info.{time_since_loaded}
protocol key             new     client_contextual_info.{app_name}
protocol other           new     client_contextual_info.app_name
protocol key             new     {paragen_cot_summary_display_override}
protocol user            new     paragen_cot_summary_display_override
protocol key             new     {force_parallel_switch}
protocol user            new     force_parallel_switch
protocol key             new     {thinking_effort}
protocol user            new     thinking_effort
protocol key             new     {conduit_token}
sealed   user            new     conduit_token
protocol key             new     {partial_query}
protocol user            new     partial_query.id
protocol user            new     partial_query.author.role
protocol key             new     partial_query.content.{content_type}
protocol user            new     partial_query.content.content_type
text     user            new     partial_query.content.parts[0]
"""

ERROR = {
    "type": "error",
    "error": {"message": "Stopped.", "type": "invalid_request_error", "param": None, "code": "promptguard_blocked"},
    "detail": "Stopped.",
}

SAMPLE = Sample(
    "chatgpt_web",
    BODY,
    TABLE,
    notice={"body": ERROR, "message": [ERROR]},
    path="/backend-api/f/conversation",
    answer=SampleAnswer(
        "sse",
        "text/event-stream",
        [{"p": "", "o": "add", "v": {"message": {"author": {"role": "assistant"}, "content": {"parts": [""]}}}}],
        '{"p":"/message/content/parts/0","o":"append","v":"TEXT"}',
        ("v",),
        [{"type": "message_stream_complete", "conversation_id": UUID}],
    ),
)
